// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the kernel log tells of the moment of a failure: how the area looked,
 * what stopped the search, what the caller did without the memory. Better than
 * what is read later, when the memory may long be free again.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"

/* The last failed attempt of @failure that @is_wanted picks, or NULL. */
static const struct lt_attempt *find_last(const struct lt_report *report,
					  const struct lt_failure *failure,
					  bool (*is_wanted)(const struct lt_attempt *attempt))
{
	const struct lt_attempt *last = NULL;

	lt_vec_each(attempt, &report->snap->attempts)
		if (attempt->failed && lt_failure_is_like(failure, attempt) && is_wanted(attempt))
			last = attempt;
	return last;
}

static bool has_nr_free(const struct lt_attempt *attempt)
{
	return attempt->nr_free.known;
}

bool lt_failure_has_space_then(const struct lt_report *report, const struct lt_failure *failure)
{
	return find_last(report, failure, has_nr_free);
}

static bool has_no_fallback(const struct lt_attempt *attempt)
{
	return !attempt->fallback;
}

static bool has_fallback(const struct lt_attempt *attempt)
{
	return attempt->fallback;
}

bool lt_failure_has_fallback(const struct lt_report *report, const struct lt_failure *failure)
{
	return find_last(report, failure, has_fallback) &&
	       !find_last(report, failure, has_no_fallback);
}

static enum lt_severity severity_of(const struct lt_report *report,
				    const struct lt_failure *failure)
{
	return lt_failure_has_fallback(report, failure) ? LT_INFO : LT_CRITICAL;
}

static void add_moment(struct lt_report *report, struct lt_finding *finding,
		       const struct lt_failure *failure, const struct lt_attempt *then)
{
	const char *largest = "";

	finding->explains = failure;
	finding->confirm = "ltpin areas";
	lt_finding_add_evidence(report, finding, lt_words_failure(report, failure));
	if (then->largest_free_run.known)
		largest = lt_words(report, ", the longest run %s",
				   lt_words_size(report, then->largest_free_run.val));
	if (then->nr_free.known)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "log, at the failure: %s not allocated%s",
						 lt_words_size(report, then->nr_free.val), largest));
	if (then->caller)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "the caller was %s", then->caller));
}

void lt_rule_space_then(struct lt_report *report)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *then = find_last(report, failure, has_nr_free);
		const struct lt_num nr_pages = failure->nr_pages;
		const char *nr_free;
		struct lt_finding *finding;
		bool is_exhausted;

		if (!then || !nr_pages.known)
			continue;
		is_exhausted = nr_pages.val > then->nr_free.val;
		if (!is_exhausted && (!then->largest_free_run.known ||
				      nr_pages.val <= then->largest_free_run.val))
			continue;
		finding = lt_finding_new(report, is_exhausted ? "area-exhausted" : "area-fragmented",
					 severity_of(report, failure), LT_PROVEN);
		add_moment(report, finding, failure, then);
		nr_free = lt_words_size(report, then->nr_free.val);
		if (is_exhausted) {
			finding->title = "devices held most of the area";
			finding->clause = lt_words(report, "devices had left only %s of it", nr_free);
			finding->advice = "Find out which driver holds the memory, or enlarge the "
					  "area.";
		} else {
			finding->title = "device allocations left no run that was long enough";
			finding->clause = lt_words(report, "%s of it were not allocated, the longest "
						   "run %s", nr_free,
						   lt_words_size(report, then->largest_free_run.val));
			finding->advice = "Allocate the large buffers first or keep them, give the "
					  "driver an area of its own, or enlarge this one.";
		}
		finding->text = lt_words(report, "%s: %s. No pin is involved.",
					 lt_words_failure(report, failure), finding->clause);
	}
}

static bool is_enomem_with_room(const struct lt_attempt *attempt)
{
	return attempt->err.known && attempt->err.val == ENOMEM && attempt->nr_pages.known &&
	       attempt->largest_free_run.known &&
	       attempt->largest_free_run.val >= attempt->nr_pages.val;
}

/* A run of this length has room for @nr_pages wherever it begins. */
static uint64_t surely_enough(const struct lt_attempt *attempt)
{
	const uint64_t nr_pages = attempt->nr_pages.val;
	uint64_t aligned = 1;

	while (aligned < nr_pages && !(aligned >> 62))
		aligned <<= 1;
	if (attempt->align.known)
		aligned = attempt->align.val < 63 ? 1ull << attempt->align.val : UINT64_MAX - nr_pages;
	return nr_pages + aligned - 1;
}

void lt_rule_migration_target_enomem(struct lt_report *report)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *then = find_last(report, failure, is_enomem_with_room);
		struct lt_finding *finding;

		if (!then)
			continue;
		finding = lt_finding_new(report, "migration-target-enomem",
					 severity_of(report, failure),
					 then->largest_free_run.val >= surely_enough(then) ? LT_PROVEN
											   : LT_LIKELY);
		add_moment(report, finding, failure, then);
		if (then->free_elsewhere_kib.known && then->min_elsewhere_kib.known)
			lt_finding_add_evidence(
				report, finding,
				lt_words(report, "log, at the failure: %" PRIu64 " KiB free outside CMA, "
					 "of which the kernel keeps %" PRIu64 " KiB back",
					 then->free_elsewhere_kib.val, then->min_elsewhere_kib.val));
		finding->title = "no memory to move the area's pages to";
		finding->clause = lt_words(report, "a run of %s was not allocated, but no memory was "
					   "left to move the pages in it to",
					   lt_words_size(report, then->largest_free_run.val));
		finding->text = lt_words(report, "%s: %s. -ENOMEM means that, or that no run is long "
					 "enough, which was not so. No pin is involved.",
					 lt_words_failure(report, failure), finding->clause);
		finding->advice = "Leave more memory free outside CMA (vm.min_free_kbytes, fewer "
				  "processes), or allocate before memory gets tight.";
		finding->confirm = "ltpin zones";
	}
}

static bool is_interrupted(const struct lt_attempt *attempt)
{
	return attempt->err.known && attempt->err.val == EINTR;
}

void lt_rule_aborted_by_signal(struct lt_report *report)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *then = find_last(report, failure, is_interrupted);
		struct lt_finding *finding;

		if (!then)
			continue;
		finding = lt_finding_new(report, "aborted-by-signal", LT_INFO, LT_PROVEN);
		finding->title = "the caller was killed while it waited";
		finding->clause = "a fatal signal ended it";
		finding->text = "cma_alloc() returned -EINTR: a fatal signal ended the search. That says "
				"nothing about the area.";
		finding->advice = "Find out who killed the caller, and whether it had waited for long.";
		add_moment(report, finding, failure, then);
		finding->confirm = NULL;
		/* Only if it is the last word on this request. */
		if (failure->last != then)
			finding->explains = NULL;
	}
}

void lt_rule_failed_but_fell_back(struct lt_report *report)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *then = find_last(report, failure, has_fallback);
		bool is_boot = then && strstr(then->fallback, "pool for atomic ");
		struct lt_finding *finding;

		if (!then)
			continue;
		finding = lt_finding_new(report, is_boot ? "boot-fallback" : "failed-but-fell-back",
					 LT_INFO, is_boot ? LT_PROVEN : LT_LIKELY);
		finding->title = "the caller got memory elsewhere";
		finding->clause = is_boot ? "harmless, as the kernel took other memory for its pool of "
					    "DMA memory"
					  : "its caller says that it took other memory";
		finding->text = lt_words(report, "%s: %s.%s", lt_words_failure(report, failure),
					 finding->clause,
					 lt_failure_has_fallback(report, failure)
						 ? ""
						 : " Of other attempts that failed alike the log does not "
						   "say so.");
		finding->advice = "Nothing is broken. If the message disturbs, enlarge the area.";
		add_moment(report, finding, failure, then);
		finding->confirm = NULL;
		if (!lt_failure_has_fallback(report, failure))
			finding->explains = NULL;
		lt_finding_add_evidence(report, finding,
					lt_words(report, "log: %s", then->fallback));
	}
}
