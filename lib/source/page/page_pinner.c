// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * page_pinner of Android's kernels (mm/page_pinner.c there; not in mainline), in
 * /sys/kernel/debug/page_pinner/ when booted with page_pinner:
 *
 *	text   = { record }
 *	record = event LF "PFN " HEX " Block " N " " ... LF { " " frame LF } LF
 *
 *	event, first version (android12-5.10), newest record first:
 *	  longterm_pinner      "Page pinned for " US " us"
 *	  alloc_contig_failed  "Page pinned ts [" S "." US "]"
 *	event, second version (android13-5.10 and -5.15 on), one file "buffer":
 *	  "Failure detected at [" S "." US "]"
 *	  "At least, pinned for " US " us"
 *	  "Freed at [" S "." US "]"
 *
 * The very first form, "Page pinned ts N us count N" with a decimal PFN, had a
 * line per page that is pinned now; it never was in a release and is skipped.
 *
 * What it proves: a "longterm" record has the stack of who took hold of the
 * page, all others that of the moment they tell of: who dropped a reference, who
 * freed the page, not who holds it. alloc_contig_failed does not tell apart the
 * failure and the references dropped after it. None names a process.
 *
 * No kernel at hand has it: test/malformed/page_pinner is written by hand from
 * the source.
 */
#include "source/page/page_pinner.h"

#include <errno.h>

#include "base/array_size.h"

/* "[    2.000001]" */
static bool parse_time(struct lt_text *line, struct lt_num *out)
{
	uint64_t s, us;

	if (!lt_text_literal(line, "["))
		return false;
	lt_text_blanks(line);
	if (!lt_text_u64(line, &s) || !lt_text_literal(line, ".") || !lt_text_u64(line, &us) ||
	    !lt_text_literal(line, "]") || s > UINT64_MAX / 1000000 - 1 || us > 999999)
		return false;
	*out = lt_num(s * 1000000 + us);
	return true;
}

static bool parse_duration(struct lt_text *line, struct lt_num *out)
{
	uint64_t us;

	if (!lt_text_u64(line, &us) || !lt_text_literal(line, " us"))
		return false;
	*out = lt_num(us);
	return true;
}

static bool parse_event(struct lt_text line, struct lt_page_pinner_record *out)
{
	static const struct {
		const char *lead;
		enum lt_page_pinner_event event;
		bool is_duration;
	} events[] = {
		{ "Page pinned for ", LT_PAGE_PINNER_LONG, true },
		{ "At least, pinned for ", LT_PAGE_PINNER_RELEASED, true },
		{ "Page pinned ts ", LT_PAGE_PINNER_FAILED, false },
		{ "Failure detected at ", LT_PAGE_PINNER_FAILED, false },
		{ "Freed at ", LT_PAGE_PINNER_FREED, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		struct lt_page_pinner_record record = { .event = events[i].event };

		if (!lt_text_literal(&line, events[i].lead))
			continue;
		if (!(events[i].is_duration ? parse_duration(&line, &record.held_us)
					    : parse_time(&line, &record.ts_us)) ||
		    !lt_text_at_end(&line))
			return false;
		*out = record;
		return true;
	}
	return false;
}

static bool parse_pfn(struct lt_text line, uint64_t *out)
{
	return lt_text_literal(&line, "PFN 0x") && lt_text_hex(&line, out) &&
	       lt_text_literal(&line, " Block ");
}

static bool is_frame(const struct lt_text *line)
{
	return line->end - line->pos > 1 && line->pos[0] == ' ';
}

/* The frames from here on; @text is moved behind them. */
static struct lt_span parse_stack(struct lt_text *text)
{
	struct lt_span stack = { .p = text->pos };

	for (struct lt_text rest = *text, line; lt_text_line(&rest, &line) && is_frame(&line);)
		*text = rest;
	stack.len = (size_t)(text->pos - stack.p);
	return stack;
}

int lt_page_pinner_parse(const char *buf, size_t len,
			 int (*each)(const struct lt_page_pinner_record *record, void *arg),
			 void *arg, struct lt_diag *diag)
{
	struct lt_text text, line;
	struct lt_diag remark = { 0 };
	size_t nr_records = 0;
	int ret = 0;

	lt_text_init(&text, buf, len);
	while (!ret && lt_text_line(&text, &line)) {
		struct lt_page_pinner_record record;
		struct lt_text rest = text, second;

		if (lt_text_at_end(&line))
			continue;
		if (!parse_event(line, &record) || !lt_text_line(&rest, &second) ||
		    lt_text_is_cut(&rest) || !parse_pfn(second, &record.pfn)) {
			remark.nr_skipped++;
			continue;
		}
		text = rest;
		record.stack = parse_stack(&text);
		nr_records++;
		ret = each(&record, arg);
	}
	if (!ret && !nr_records && remark.nr_skipped)
		return lt_text_fail(&text, diag, "no record of page_pinner in it");
	lt_diag_merge(diag, &remark);
	return ret;
}
