// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads the files of page_pinner, and says how long CMA pages were held. */
#include "source/page/page_pinner.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "source/source.h"

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
	static const char *const hooks[] = { "page_pinner", "put_page",	      "get_page",
					     "pin_user",    "get_user_pages", "release_pages",
					     "try_grab" };
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

static void report_summary(const struct summary *summary, struct lt_diag *diag)
{
	const struct lt_page_pinner_record *longest = &summary->longest;
	char held[128] = "";

	if (longest->held_us.known)
		snprintf(held, sizeof(held), "; page 0x%" PRIx64 " was held for %" PRIu64 " ms%s%s",
			 longest->pfn, longest->held_us.val / 1000,
			 !summary->frame[0]			 ? ""
			 : longest->event == LT_PAGE_PINNER_LONG ? ", taken by "
								 : ", released by ",
			 summary->frame);
	lt_diag_note(diag, "CMA pages that could not be moved: %zu, released: %zu%s",
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
	report_summary(&summary, diag);
	return 0;
}

const struct lt_source lt_source_page_pinner = {
	.name = "page-pinner",
	.where = DIR,
	.proves = "how long CMA pages were held, and who released them (Android kernels)",
	.options = { "PAGE_PINNER" },
	.param = "page_pinner",
	.mount = LT_MOUNT_DEBUGFS,
	.also = "on an Android kernel",
	.stage = LT_STAGE_PAGES,
	.pace = LT_PACE_SLOW,
	.read = read_page_pinner,
};
