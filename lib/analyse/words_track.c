// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What page_pinner and page_pin_owner tell of a page. Who drops a reference is not said to be the one
 * that blocked, nor to have taken it: nothing of that is on record.
 */
#include "analyse/words_track.h"

#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"

#define DESCRIBED_MAX 3 /* a page; tracked[] has all */

static const char *describe_where(struct lt_report *report, const struct lt_page_track *track)
{
	const char *who = "", *function = "";

	if (track->pid.known)
		who = lt_words(report, " by %s",
			       lt_words_process(report, track->comm, (int)track->pid.val));
	if (track->function)
		function = lt_words(report, " in %.*s", (int)strcspn(track->function, "+"),
				    track->function);
	return lt_words(report, "%s%s", who, function);
}

static const char *describe_time(struct lt_report *report, struct lt_num ns)
{
	return ns.known ? lt_words(report, " at %" PRIu64 ".%06" PRIu64 " s", ns.val / 1000000000,
				   ns.val / 1000 % 1000000)
			: "";
}

static const char *describe(struct lt_report *report, const struct lt_page_track *track)
{
	const char *where = describe_where(report, track);
	const char *when = describe_time(report, track->ts_ns);

	switch (track->event) {
	case LT_TRACK_FAILED:
		return lt_words(report, "%s: page 0x%" PRIx64 " could not be moved%s",
				track->source, track->pfn, when);
	case LT_TRACK_RELEASED:
		if (track->held_ns.known)
			when = lt_words(report, ", %" PRIu64 " ms after it could not be moved",
					track->held_ns.val / 1000000);
		return lt_words(report,
				"%s: a reference to page 0x%" PRIx64
				" was dropped%s%s; whether that "
				"one was in the way is not on record",
				track->source, track->pfn, where, when);
	case LT_TRACK_FREED:
		return lt_words(report, "%s: page 0x%" PRIx64 " was freed%s", track->source,
				track->pfn, when);
	case LT_TRACK_HELD:
		break;
	}
	return lt_words(report,
			"%s: page 0x%" PRIx64 " was held for %" PRIu64 " ms, taken%s, and released",
			track->source, track->pfn, track->held_ns.val / 1000000, where);
}

void lt_finding_add_tracks(struct lt_report *report, struct lt_finding *finding, uint64_t pfn)
{
	size_t nr = 0;

	/* That it could not be moved the kernel says by its failure too. */
	for (int is_failure = 0; is_failure < 2; is_failure++) {
		lt_vec_each(track, &report->snap->tracks) {
			if (track->pfn != pfn || (track->event == LT_TRACK_FAILED) != is_failure)
				continue;
			if (nr++ < DESCRIBED_MAX)
				lt_finding_add_evidence(report, finding, describe(report, track));
		}
	}
	if (nr > DESCRIBED_MAX)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "and %zu more records of page 0x%" PRIx64,
						 nr - DESCRIBED_MAX, pfn));
}
