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
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "source/source.h"

/* "[    2.000001]" */
static bool take_time(struct lt_text *line, struct lt_num *out)
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

static bool take_duration(struct lt_text *line, struct lt_num *out)
{
	uint64_t us;

	if (!lt_text_u64(line, &us) || !lt_text_literal(line, " us"))
		return false;
	*out = lt_num(us);
	return true;
}

static bool take_event(struct lt_text line, struct lt_page_pinner_record *out)
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
		if (!(events[i].is_duration ? take_duration(&line, &record.held_us)
					    : take_time(&line, &record.ts_us)) ||
		    !lt_text_at_end(&line))
			return false;
		*out = record;
		return true;
	}
	return false;
}

static bool take_pfn(struct lt_text line, uint64_t *out)
{
	return lt_text_literal(&line, "PFN 0x") && lt_text_hex(&line, out) &&
	       lt_text_literal(&line, " Block ");
}

static bool is_frame(const struct lt_text *line)
{
	return line->end - line->pos > 1 && line->pos[0] == ' ';
}

/* The frames from here on; @text is moved behind them. */
static struct lt_span take_stack(struct lt_text *text)
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
		if (!take_event(line, &record) || !lt_text_line(&rest, &second) ||
		    lt_text_is_cut(&rest) || !take_pfn(second, &record.pfn)) {
			remark.nr_skipped++;
			continue;
		}
		text = rest;
		record.stack = take_stack(&text);
		nr_records++;
		ret = each(&record, arg);
	}
	if (!ret && !nr_records && remark.nr_skipped)
		return lt_text_fail(&text, diag, "no record of page_pinner in it");
	lt_diag_merge(diag, &remark);
	return ret;
}

#define DIR "/sys/kernel/debug/page_pinner"

static const char *const files[] = { DIR "/longterm_pinner", DIR "/alloc_contig_failed",
				     DIR "/buffer" };

struct summary {
	const struct lt_areas *areas;
	size_t nr_failed, nr_released;
	struct lt_page_pinner_record longest; /* none if held_us is not known */
	char frame[64];
};

/* The innermost function that is not page_pinner's, nor the one that it hooks. */
static void name_function(struct lt_span stack, char *out, size_t size)
{
	static const char *const hooks[] = { "page_pinner", "put_page", "get_page", "pin_user",
					     "get_user_pages", "release_pages", "try_grab" };
	struct lt_text text, line;
	struct lt_span name;

	out[0] = '\0';
	lt_text_init(&text, stack.p, stack.len);
	while (lt_text_line(&text, &line)) {
		bool is_hook = false;

		lt_text_blanks(&line);
		if (!lt_text_until(&line, "+", &name))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(hooks); i++)
			is_hook = is_hook || memmem(name.p, name.len, hooks[i], strlen(hooks[i]));
		if (is_hook)
			continue;
		snprintf(out, size, "%.*s", (int)(name.len < size ? name.len : size - 1), name.p);
		return;
	}
}

static int add_record(const struct lt_page_pinner_record *record, void *arg)
{
	struct summary *summary = arg;

	if (lt_areas_find_pfn(summary->areas, record->pfn) == LT_NO_AREA)
		return 0;
	summary->nr_failed += record->event == LT_PAGE_PINNER_FAILED;
	summary->nr_released += record->held_us.known;
	if (record->held_us.known && (!summary->longest.held_us.known ||
				      record->held_us.val > summary->longest.held_us.val)) {
		summary->longest = *record;
		name_function(record->stack, summary->frame, sizeof(summary->frame));
	}
	return 0;
}

static void tell(const struct summary *summary, struct lt_diag *diag)
{
	const struct lt_page_pinner_record *longest = &summary->longest;
	char held[128] = "";

	if (longest->held_us.known)
		snprintf(held, sizeof(held), "; page 0x%" PRIx64 " was held for %" PRIu64 " ms%s%s",
			 longest->pfn, longest->held_us.val / 1000,
			 !summary->frame[0] ? "" :
			 longest->event == LT_PAGE_PINNER_LONG ? ", taken by " : ", released by ",
			 summary->frame);
	lt_diag_note(diag, "CMA pages that could not be moved: %zu, let go: %zu%s",
		     summary->nr_failed, summary->nr_released, held);
}

static int read_page_pinner(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct summary summary = { .areas = &snap->areas };
	bool is_there = false;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct lt_buf buf;
		int err = lt_root_read(snap->root, files[i], &buf);

		/* -EINVAL: failure_tracking was turned off */
		if (err == -ENOENT || err == -EINVAL)
			continue;
		if (!err) {
			err = lt_page_pinner_parse(buf.data, buf.len, add_record, &summary, diag);
			free(buf.data);
		}
		if (err) {
			lt_diag_path(diag, files[i]);
			return err;
		}
		is_there = true;
	}
	/* Mainline has no such thing, so its lack is no gap in the evidence. */
	if (!is_there) {
		lt_diag_set(diag, "only Android kernels have it");
		return -ENODATA;
	}
	tell(&summary, diag);
	return 0;
}

const struct lt_source lt_source_page_pinner = {
	.name = "page-pinner",
	.where = DIR,
	.proves = "how long CMA pages were held, and who let go of them (Android kernels)",
	.options = { "PAGE_PINNER" },
	.param = "page_pinner",
	.mount = LT_MOUNT_DEBUGFS,
	.also = "on an Android kernel",
	.stage = LT_STAGE_PAGES,
	.pace = LT_PACE_SLOW,
	.read = read_page_pinner,
};
