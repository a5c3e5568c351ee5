// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What stands before the message in a line of a kernel log: layers, each put
 * there by somebody who kept the line or passed it on, the last one outside.
 * They come in any order, so the table is asked again and again until none of
 * its rows takes more. A new form is a row here and a function.
 *
 * Samsung's form is in the mail that introduced the bitmap line (2016); the
 * others are written by hand in test/logs and test/unit/test_klog_envelope.c.
 */
#include "source/klog/klog_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "source/klog/klog_envelope.h"

/* Levels, stamps, tasks, quotes and the like; nobody writes more. */
#define NR_LAYERS_MAX 48

/* The first that takes a layer wins. */
static const struct {
	const char *name;
	bool (*take)(struct lt_klog_line *line, struct lt_klog_scratch *scratch);
} envelopes[] = {
	{ "blanks, quotes, byte order mark", lt_klog_parse_marks },
	{ "printk level, syslog priority", lt_klog_parse_level },
	{ "stamp, caller, date, anything in brackets", lt_klog_parse_group },
	{ "stamp whose beginning was lost", lt_klog_parse_cut_stamp },
	{ "/dev/kmsg, extended netconsole", lt_klog_parse_record },
	{ "JSON: an object, or a member of one", lt_klog_parse_json },
	{ "field of a journal", lt_klog_parse_field },
	{ "logcat", lt_klog_parse_logcat },
	{ "dmesg -x", lt_klog_parse_facility },
	{ "dmesg --time-format iso", lt_klog_parse_dmesg_time },
	{ "repeats, rsyslog", lt_klog_parse_repeats },
	{ "syslog, RFC 5424", lt_klog_parse_rfc5424 },
	{ "syslog, journalctl short", lt_klog_parse_syslog },
	{ "prompts, clocks, names of files", lt_klog_parse_decoration },
	{ "anything, where what follows is surely a copy", lt_klog_parse_copy },
};

bool lt_klog_context_is_other(const struct lt_klog_context *a, const struct lt_klog_context *b)
{
	bool a_known = a->is_task || a->is_interrupt, b_known = b->is_task || b->is_interrupt;

	return a_known && b_known && (a->is_task != b->is_task || a->id != b->id);
}

bool lt_klog_is_soon(struct lt_num before, struct lt_num after, uint64_t ns)
{
	return !before.known || !after.known ||
	       (after.val >= before.val && after.val - before.val <= ns);
}

int lt_klog_scratch_reset(struct lt_klog_scratch *scratch, size_t len)
{
	/* A string in JSON is never longer than its text, nor is one in that. */
	size_t size = 2 * len;
	char *buf;

	scratch->len = 0;
	scratch->has_no_json = false;
	if (scratch->size >= size)
		return 0;
	buf = realloc(scratch->buf, size);
	if (!buf)
		return -ENOMEM;
	scratch->buf = buf;
	scratch->size = size;
	return 0;
}

bool lt_klog_scratch_add(struct lt_klog_scratch *scratch, const char *p, size_t len,
			 struct lt_text *out)
{
	unsigned int line = out->line;

	if (len > scratch->size - scratch->len)
		return false;
	if (len)
		memcpy(scratch->buf + scratch->len, p, len);
	lt_text_init(out, scratch->buf + scratch->len, len);
	out->line = line;
	scratch->len += len;
	return true;
}

void lt_klog_scratch_fini(struct lt_klog_scratch *scratch)
{
	free(scratch->buf);
	*scratch = (struct lt_klog_scratch){ 0 };
}

bool lt_klog_envelope_parse(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	for (size_t i = 0; i < ARRAY_SIZE(envelopes); i++)
		if (envelopes[i].take(line, scratch))
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool begins_with(const char *p, const char *end, const char *literal)
{
	size_t len = strlen(literal);

	return (size_t)(end - p) >= len && !memcmp(p, literal, len);
}

/* Whether a colon is in the word at @p, and not its last character. */
static bool has_colon_inside(const char *p, const char *end)
{
	for (; p + 1 < end && p[1] != ' ' && p[1] != '\t'; p++)
		if (*p == ':')
			return true;
	return false;
}

/* One of a syslog daemon's words: its tag of the kernel, a user's facility, or a time of day. */
static bool is_of_syslog(const char *p, const char *end)
{
	switch (*p) {
	case 'k':
		return begins_with(p, end, "kernel") || begins_with(p, end, "klogd");
	case 'v':
		return begins_with(p, end, "vmunix");
	case 'u':
		return begins_with(p, end, "user.");
	default:
		return *p >= '0' && *p <= '9' && has_colon_inside(p, end);
	}
}

static bool has_word_of_syslog(struct lt_text text)
{
	for (const char *p = text.pos; p < text.end; p++) {
		if (is_of_syslog(p, text.end))
			return true;
		while (p < text.end && *p != ' ' && *p != '\t')
			p++;
	}
	return false;
}

/* "app[123]:" before a message: the words are that program's, and nothing is known of its host. */
static bool has_quotation(struct lt_text text)
{
	struct lt_text at = text;

	/* Most lines have no bracket, which is found faster. */
	return memchr(text.pos, ']', (size_t)(text.end - text.pos)) && lt_text_find(&at, "]:") &&
	       lt_klog_find_anchor(text);
}

/* A letter alone is a level of logcat. */
static bool begins_in_name(struct lt_text at)
{
	return at.end - at.pos >= 2 && is_letter(at.pos[0]) &&
	       (is_letter(at.pos[1]) || at.pos[1] == '_' || at.pos[1] == '-' ||
		(at.pos[1] >= '0' && at.pos[1] <= '9'));
}

bool lt_klog_line_is_bare(const struct lt_klog_line *line)
{
	struct lt_text at = line->text;

	return line->ts_ns.known && !line->has_time && begins_in_name(at) && *at.pos != 'k' &&
	       !lt_text_literal(&at, "message repeated ") && !lt_text_literal(&at, "root ") &&
	       !has_word_of_syslog(at) && !has_quotation(at);
}

static bool parse_layer(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	/* What nearly all lines begin with goes by the rows that would take it. */
	if (line->text.pos < line->text.end && *line->text.pos == ' ')
		return lt_klog_parse_marks(line, scratch);
	if (line->text.pos < line->text.end && *line->text.pos == '[' &&
	    lt_klog_parse_group(line, scratch))
		return true;
	return !lt_klog_is_message_at(line->text.pos, line->text.end) &&
	       !lt_klog_line_is_bare(line) && lt_klog_envelope_parse(line, scratch);
}

/* Two messages of which a search speaks, in one line without a stamp between them. */
static bool is_next_message(const char *p, const char *end)
{
	static const char *const begins[] = { "cma: cma_alloc: ", "cma: __cma_alloc",
					      "cma: number of available pages:",
					      "alloc_contig_range: [" };
	struct lt_text at;

	lt_text_init(&at, p, (size_t)(end - p));
	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (lt_text_literal(&at, begins[i]))
			return true;
	return false;
}

/*
 * Whether the next message begins at @p. A stamp behind a blank may be a quotation, unless what
 * comes before is one of the kernel's messages too.
 */
static bool is_joined(const struct lt_klog_line *line, const char *p, bool is_ours)
{
	bool has_blank = p[-1] == ' ' || p[-1] == '\t';

	if (*p == '\n') /* from a string in JSON */
		return true;
	if (*p == '[')
		return (is_ours || (line->ts_ns.known && !has_blank)) &&
		       lt_klog_is_stamp_at(p, line->text.end);
	return is_ours && has_blank && (*p == 'c' || *p == 'a') &&
	       is_next_message(p, line->text.end);
}

/*
 * Where a newline was lost, or another CPU's line came between, the next message
 * begins in this line.
 */
static void end_message(struct lt_klog_line *line)
{
	bool is_ours = lt_klog_is_message_at(line->text.pos, line->text.end);
	const char *end = line->text.end;

	for (const char *p = line->text.pos + 1; p < line->text.end; p++) {
		if ((!is_ours && *p != '\n' && *p != '[') || !is_joined(line, p, is_ours))
			continue;
		line->is_cut = *p != '\n' && p[-1] != ' ' && p[-1] != '\t';
		line->text.end = p;
		if (p + 1 == end && *p == '\n')
			return;
		line->after = line->text;
		line->after.pos = p + (*p == '\n');
		line->after.end = end;
		return;
	}
}

bool lt_klog_line_split(struct lt_text raw, struct lt_klog_scratch *scratch,
			struct lt_klog_line *out)
{
	*out = (struct lt_klog_line){ .text = raw };
	out->after = raw;
	out->after.pos = raw.end;
	for (int i = 0; i < NR_LAYERS_MAX && parse_layer(out, scratch); i++)
		;
	/* A program that quotes the kernel, behind a time of day. */
	if (out->has_time && !out->is_tagged && !out->key.len &&
	    !lt_klog_is_message_at(out->text.pos, out->text.end) && lt_klog_find_anchor(out->text))
		out->is_others = true;
	out->is_others = out->is_others || (out->is_users && !out->is_tagged);
	if (out->text.pos < out->text.end && !out->key.len)
		end_message(out);
	return !out->is_others;
}

bool lt_klog_line_tag(struct lt_klog_line *line, const char *tag)
{
	struct lt_text at = line->text;

	if (line->tag.len) {
		if (!lt_span_is(line->tag, tag))
			return false;
		line->tag.len = 0;
		return true;
	}
	if (!lt_text_literal(&at, tag) || !lt_text_literal(&at, ":") ||
	    (!lt_text_literal(&at, " ") && !lt_text_at_end(&at)))
		return false;
	line->text = at;
	return true;
}
