// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Nearly all lines of a log have nothing to do with CMA. Those that the kernel's own prefix shows to
 * be its, and that have none of the words below, are known to be so after one pass over them:
 *
 *	"{" ... "}"	a record of a journal (klog_quiet_journal.c)
 *	["<" LEVEL ">"] "[" blanks SECONDS "." FRACTION "] " ["[" blanks ("T" | "C") ID "] "] NAME ...
 *
 * Whatever the other files here look for in a line of this form has one of the words: whoever adds a
 * wording adds a word, or has one of them in it. test/fuzz/fuzz_klog reads each log with this and without.
 */
#include "source/klog/klog_quiet.h"

#include "base/array_size.h"
#include "source/klog/klog_envelope.h"

/* <N> of the kernel itself: a larger one has a facility. */
#define LEVEL_MAX 7

static const char *const all[] = {
	/* allocations that fail, who made them, and what they met: klog.c, _message, _attempt, _caller */
	"alloc",
	"cma",
	"PFNs busy",
	"req-size: ",
	"available pages",
	" pages, ret: -",
	" Comm: ",
	"+0x",
	"page dumped because",
	"migrating pfn ",
	"refcount:",
	/* messages that are missing: _gap */
	" messages dropped",
	" messages lost due ",
	"Missed ",
	"expire ",
	/* memory: klog_message.c, _page_size, _meminfo */
	"Memory: ",
	"reserved mem: ",
	" hash table entries: ",
	"percpu: Embedded ",
	"Mem-Info",
	" free:",
	/* which boot, and of which machine: _boot, _identity */
	"Linux version ",
	"Machine model: ",
	/* what mail, consoles and browsers made of a text: _text, _plain */
	"\x1b",
	"\r",
	"&",
	"<",
	"\xc2",
	"\xe2",
	"\xef",
};

void lt_klog_quiet_init(struct lt_needles *words)
{
	lt_needles_init(words, all, ARRAY_SIZE(all));
}

/* CONFIG_PRINTK_CALLER. */
static bool parse_caller(struct lt_text *at)
{
	uint64_t id;

	if (!lt_text_literal(at, "["))
		return true;
	lt_text_blanks(at);
	return (lt_text_literal(at, "T") || lt_text_literal(at, "C")) && lt_text_u64(at, &id) &&
	       lt_text_literal(at, "]");
}

static bool parse_head(struct lt_text *at, struct lt_num *ts_ns)
{
	uint64_t level = 0;
	size_t nr_digits;

	if (lt_text_literal(at, "<") && (!lt_text_u64(at, &level) || !lt_text_literal(at, ">")))
		return false;
	if (level > LEVEL_MAX || !lt_text_literal(at, "["))
		return false;
	lt_text_blanks(at);
	if (!lt_klog_stamp_parse(at, ts_ns, &nr_digits) || !lt_text_literal(at, "] "))
		return false;
	lt_text_blanks(at);
	if (!parse_caller(at))
		return false;
	lt_text_blanks(at);
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The next message, or a colour that lost its ESC, may begin with it; "[1]" and "[drm]" are neither. */
static bool is_odd_bracket(struct lt_text at)
{
	uint64_t number;

	at.pos++;
	if (lt_text_u64(&at, &number))
		return !lt_text_literal(&at, "]");
	return lt_text_at_end(&at) || !((*at.pos | 0x20) >= 'a' && (*at.pos | 0x20) <= 'z');
}

static bool has_odd_bracket(struct lt_text at)
{
	while ((at.pos = memchr(at.pos, '[', (size_t)(at.end - at.pos)))) {
		if (is_odd_bracket(at))
			return true;
		at.pos++;
	}
	return false;
}

/* Unisoc's column of the CPU begins like a name. */
static bool is_name(struct lt_text at)
{
	return !(lt_text_literal(&at, "c") && at.pos < at.end && is_digit(*at.pos));
}

bool lt_klog_is_quiet(const struct lt_needles *words, struct lt_span line, struct lt_klog_line *out)
{
	struct lt_text raw;

	while (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	/* A mailer may have broken it there. */
	if (!line.len || line.p[line.len - 1] == '=')
		return false;
	lt_text_init(&raw, line.p, line.len);
	out->text = raw;
	if (line.p[0] == '{' ? !lt_klog_quiet_journal(raw, out)
			     : !parse_head(&out->text, &out->ts_ns))
		return false;
	if (line.p[0] != '{')
		raw.pos = out->text.pos;
	return !has_odd_bracket(raw) &&
	       !lt_needles_are_in(words, raw.pos, (size_t)(raw.end - raw.pos)) &&
	       (out->is_others || (is_name(out->text) && lt_klog_line_is_bare(out)));
}
