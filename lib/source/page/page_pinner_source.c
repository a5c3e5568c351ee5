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
	struct lt_snapshot *snap;
	bool has_ranges; /* else any page may be of an area */
	size_t nr_failed, nr_released;
	struct lt_num held_ns; /* the longest */
	size_t longest;	       /* its index in the snapshot's tracks */
};

static enum lt_track_event event_of(enum lt_page_pinner_event event)
{
	static const enum lt_track_event events[] = {
		[LT_PAGE_PINNER_FAILED] = LT_TRACK_FAILED,
		[LT_PAGE_PINNER_RELEASED] = LT_TRACK_RELEASED,
		[LT_PAGE_PINNER_FREED] = LT_TRACK_FREED,
		[LT_PAGE_PINNER_LONG] = LT_TRACK_HELD,
	};

	return events[event];
}

static struct lt_num times_1000(struct lt_num us)
{
	us.known = us.known && us.val <= UINT64_MAX / 1000;
	return us.known ? lt_num(us.val * 1000) : (struct lt_num){ 0 };
}

/* NULL in @out if it has no frame. */
static int keep_stack(struct lt_snapshot *snap, struct lt_span span, const struct lt_stack **out)
{
	const char *frames[32];
	struct lt_text text, line;
	size_t nr = 0;

	lt_text_init(&text, span.p, span.len);
	while (nr < ARRAY_SIZE(frames) && lt_text_line(&text, &line)) {
		lt_text_blanks(&line);
		frames[nr] = lt_strings_span(snap->strings, lt_text_rest(&line));
		if (!frames[nr++])
			return -ENOMEM;
	}
	if (!nr)
		return 0;
	*out = lt_stacks_add(snap->stacks, frames, nr);
	return *out ? 0 : -ENOMEM;
}

static int keep_track(struct lt_snapshot *snap, const struct lt_page_pinner_record *record)
{
	struct lt_page_track *track;
	const struct lt_stack *stack = NULL;
	int err = keep_stack(snap, record->stack, &stack);

	if (err || snap->tracks.nr >= LT_PAGE_TRACKS_MAX)
		return err;
	track = lt_vec_push(&snap->tracks);
	if (!track)
		return -ENOMEM;
	*track = (struct lt_page_track){
		.event = event_of(record->event),
		.source = "page-pinner",
		.pfn = record->pfn,
		.ts_ns = times_1000(record->ts_us),
		.held_ns = times_1000(record->held_us),
		.stack = stack,
		.function = lt_page_track_function(stack),
	};
	if (track->ts_ns.known)
		track->when = lt_clock_of_boottime(&snap->clock, lt_when_at(track->ts_ns));
	return 0;
}

static int add_record(const struct lt_page_pinner_record *record, void *arg)
{
	struct summary *summary = arg;
	struct lt_snapshot *snap = summary->snap;
	const size_t nr = snap->tracks.nr;
	int err;

	if (summary->has_ranges && lt_areas_find_pfn(&snap->areas, record->pfn) == LT_NO_AREA)
		return 0;
	summary->nr_failed += record->event == LT_PAGE_PINNER_FAILED;
	summary->nr_released += record->held_us.known;
	err = keep_track(snap, record);
	if (err || snap->tracks.nr == nr || !snap->tracks.v[nr].held_ns.known)
		return err;
	if (!summary->held_ns.known || snap->tracks.v[nr].held_ns.val > summary->held_ns.val) {
		summary->held_ns = snap->tracks.v[nr].held_ns;
		summary->longest = nr;
	}
	return 0;
}

static void report_summary(const struct summary *summary, struct lt_diag *diag)
{
	char held[160] = "";

	if (summary->held_ns.known) {
		const struct lt_page_track *longest = &summary->snap->tracks.v[summary->longest];
		const char *function = longest->function;

		snprintf(held, sizeof(held),
			 "; page 0x%" PRIx64 " was held for %" PRIu64 " ms%s%.*s", longest->pfn,
			 summary->held_ns.val / 1000000,
			 !function			   ? ""
			 : longest->event == LT_TRACK_HELD ? ", taken by "
							   : ", released by ",
			 function ? (int)strcspn(function, "+") : 0, function ? function : "");
	}
	lt_diag_note(diag, "%spages that could not be moved: %zu, released: %zu%s",
		     summary->has_ranges ? "CMA " : "", summary->nr_failed, summary->nr_released,
		     held);
}

static int read_page_pinner(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct summary summary = { .snap = snap };
	bool is_there = false;

	lt_vec_each(area, &snap->areas)
		summary.has_ranges = summary.has_ranges || area->ranges.nr;
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
