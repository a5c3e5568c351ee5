// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says of a failure that no finding explains what is known of it all the same, and what is missing. */
#include "analyse/unexplained.h"

#include <errno.h>
#include <inttypes.h>

#include "analyse/rule.h"
#include "analyse/words.h"

static bool had_run(const struct lt_attempt *attempt)
{
	return attempt->nr_pages.known && lt_attempt_had_run(attempt, attempt->nr_pages.val);
}

/* Up to 6.12 -ENOMEM says both; where it says the latter alone there is a finding. */
static const char *out_of_room(struct lt_report *report, const struct lt_failure *failure)
{
	const char *explain = lt_words_explain(report, failure);
	const struct lt_attempt *then = lt_failure_find(report, failure, had_run);

	report->next = explain ? explain : "ltpin areas";
	if (then)
		return lt_words(
			report,
			"%s: a run of %s was not allocated, but either the request may not begin "
			"where it lies (alignment), or there was no memory to move its pages to. A "
			"blocking page gives -EBUSY instead.",
			lt_words_failure(report, failure),
			lt_words_size(report, then->largest_free_run.val));
	return lt_words(report,
			"%s: either no run of the area was long enough, or there was no memory to "
			"move its pages to. A blocking page gives -EBUSY instead.",
			lt_words_failure(report, failure));
}

static bool has_failed_ranges(const struct lt_attempt *attempt)
{
	const struct lt_attempt_counts *counts = &attempt->counts;

	return counts->nr_isolate_failed.val || counts->nr_migrate_failed.val ||
	       counts->nr_test_failed.val;
}

/* "3 ranges could not be emptied" */
static const char *count_ranges(struct lt_report *report, const char *before, uint64_t nr,
				const char *what)
{
	if (!nr)
		return before;
	return lt_words(report, "%s%s%" PRIu64 " range%s %s", before, *before ? ", " : "", nr,
			nr == 1 ? "" : "s", what);
}

/* Whether the event that names pages is recorded already, so that nobody need be told of it. */
static bool has_tests(const struct lt_report *report)
{
	lt_vec_each(attempt, &report->snap->attempts)
		lt_vec_each(tried, &attempt->tries)
			if (attempt->source != LT_ATTEMPT_LOG &&
			    (tried->is_emptied || tried->stage == LT_TRY_TEST))
				return true;
	return false;
}

/* How the ranges failed that the kernel counted, but no page is named. */
static const char *failed_by_counts(struct lt_report *report, const struct lt_failure *failure,
				    const struct lt_attempt *attempt)
{
	const struct lt_attempt_counts *counts = &attempt->counts;
	const char *what =
		count_ranges(report, "", counts->nr_isolate_failed.val, "could not be isolated");

	what = count_ranges(report, what, counts->nr_migrate_failed.val, "could not be emptied");
	what = count_ranges(report, what, counts->nr_test_failed.val,
			    "still had a page after that");
	report->next = LT_NEXT_WATCH;
	return lt_words(report,
			"%s: the kernel counted why: %s. Which pages blocked is not on record%s.",
			lt_words_failure(report, failure), what,
			has_tests(report) ? ""
					  : ": record the event "
					    "page_isolation/test_pages_isolated too");
}

/* Found busy, and nobody says by which page: without the event of the test the stage is not known. */
static bool is_unnamed_range(const struct lt_attempt *attempt, const struct lt_try *tried)
{
	return !tried->ok && !tried->is_emptied && !lt_try_blocker(tried).known &&
	       (tried->stage == LT_TRY_TEST ||
		(tried->stage == LT_TRY_UNKNOWN && lt_attempt_has_err(attempt, EBUSY)));
}

static bool has_unnamed_range(const struct lt_attempt *attempt)
{
	lt_vec_each(tried, &attempt->tries)
		if (is_unnamed_range(attempt, tried))
			return true;
	return false;
}

/*
 * Ranges that the kernel found busy, without a word which page it was. From 6.1 on that may also be
 * a block whose isolation somebody else has ended.
 */
static const char *failed_on_ranges(struct lt_report *report, const struct lt_failure *failure,
				    const struct lt_attempt *attempt)
{
	uint64_t nr = 0, first_pfn = 0;

	lt_vec_each(tried, &attempt->tries) {
		if (!is_unnamed_range(attempt, tried))
			continue;
		if (!nr++)
			first_pfn = tried->pfns.start_pfn;
	}
	return lt_words(report,
			"%s: the kernel found %s busy, %sat PFN 0x%" PRIx64
			": a page there could not be moved, or another allocation was at work; no "
			"source that could be read says which.%s",
			lt_words_failure(report, failure),
			nr == 1 ? "a range" : lt_words(report, "%" PRIu64 " ranges", nr),
			nr == 1 ? "" : "the first ", first_pfn,
			attempt->source == LT_ATTEMPT_TRACE && !has_tests(report)
				? " The event page_isolation/test_pages_isolated names the page."
				: "");
}

static bool is_busy_and_emptied(const struct lt_attempt *attempt)
{
	const struct lt_try *last =
		attempt->tries.nr ? &attempt->tries.v[attempt->tries.nr - 1] : NULL;

	return last && !last->ok && last->is_emptied && lt_attempt_has_err(attempt, EBUSY);
}

/* Each page was free when the range was tested, and one was not when they were taken. */
static const char *failed_on_emptied(struct lt_report *report, const struct lt_failure *failure,
				     const struct lt_attempt *attempt)
{
	return lt_words(report,
			"%s: the kernel found every page of its last range free, at PFN 0x%" PRIx64
			", and could not take them the next moment. No page was pinned there; no "
			"event names what came between.",
			lt_words_failure(report, failure),
			attempt->tries.v[attempt->tries.nr - 1].pfns.start_pfn);
}

static bool is_busy_without_room(const struct lt_attempt *attempt)
{
	return lt_attempt_has_err(attempt, EBUSY) && attempt->nr_pages.known &&
	       ((attempt->nr_free.known && attempt->nr_free.val < attempt->nr_pages.val) ||
		(attempt->largest_free_run.known &&
		 attempt->largest_free_run.val < attempt->nr_pages.val));
}

/* Whether -EBUSY has no other meaning on this kernel. */
static bool means_page(const struct lt_report *report, const struct lt_failure *failure)
{
	return failure->area != LT_NO_AREA &&
	       lt_area_full_errno(&report->snap->areas.v[failure->area]) == LT_FULL_ENOMEM;
}

/* What the log shows of the area is of the moment after the failure. */
static const char *failed_without_room(struct lt_report *report, const struct lt_failure *failure,
				       const struct lt_attempt *then)
{
	const struct lt_num run = then->largest_free_run;
	const uint64_t left = run.known ? run.val : then->nr_free.val;

	if (!left)
		return lt_words(
			report,
			"%s: by the log all of the area was allocated. From 6.15 on that is "
			"why; up to 6.12 -EBUSY means that a page blocked a range.",
			lt_words_failure(report, failure));
	return lt_words(report,
			"%s: the log shows %s%s not allocated, which is too little. From 6.15 on "
			"that is why; up to 6.12 -EBUSY means that a page blocked a range.",
			lt_words_failure(report, failure),
			run.known ? "no run longer than " : "only ", lt_words_size(report, left));
}

/* What would show whether the area has as many pages as were requested. */
static const char *what_says_the_size(const struct lt_report *report,
				      const struct lt_failure *failure)
{
	const struct lt_snapshot *snap = report->snap;
	bool is_larger = snap->areas.nr;

	if (!lt_failure_has_no_size(report, failure))
		return "";
	lt_vec_each(area, &snap->areas)
		is_larger = is_larger && failure->nr_pages.known && area->nr_pages.known &&
			    failure->nr_pages.val > area->nr_pages.val;
	if (is_larger)
		return " No area that is on record has as many pages: CmaTotal in /proc/meminfo "
		       "says whether there are others.";
	if (snap->areas.nr || snap->log.nr_unplaced.val)
		return "";
	return " The size of the area is not on record: CmaTotal in /proc/meminfo, or the lines "
	       "\"cma: Reserved\" of the boot, say whether the request fits.";
}

const char *lt_unexplained_words(struct lt_report *report, const struct lt_failure *failure)
{
	const struct lt_attempt *then = lt_failure_had_room(report, failure);
	const struct lt_attempt *counted = lt_failure_find(report, failure, has_failed_ranges);
	const struct lt_attempt *ranges = lt_failure_find(report, failure, has_unnamed_range);
	const struct lt_attempt *emptied = lt_failure_find(report, failure, is_busy_and_emptied);
	const struct lt_attempt *full =
		means_page(report, failure)
			? NULL
			: lt_failure_find(report, failure, is_busy_without_room);

	if (counted)
		return failed_by_counts(report, failure, counted);
	if (failure->err.known && failure->err.val == ENOMEM)
		return out_of_room(report, failure);
	report->next = LT_NEXT_WATCH;
	if (ranges)
		return failed_on_ranges(report, failure, ranges);
	if (emptied)
		return failed_on_emptied(report, failure, emptied);
	if (full)
		return failed_without_room(report, failure, full);
	if (then)
		return lt_words(
			report,
			"%s: the area had a run of %s, so it was neither full nor in pieces. Pages "
			"in it could not be moved: pinned, busy for a moment, or isolated by "
			"another allocation.",
			lt_words_failure(report, failure),
			lt_words_size(report, then->largest_free_run.val));
	return lt_words(report, "%s; no source that could be read says why.%s",
			lt_words_failure(report, failure), what_says_the_size(report, failure));
}
