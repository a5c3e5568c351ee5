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

static bool has_nr_free(const struct lt_attempt *attempt)
{
	return attempt->nr_free.known;
}

bool lt_failure_has_space_then(const struct lt_report *report, const struct lt_failure *failure)
{
	return lt_failure_find(report, failure, has_nr_free);
}

static bool says_busy_of_full(const struct lt_attempt *attempt)
{
	return attempt->is_busy_if_full;
}

static bool has_no_fallback(const struct lt_attempt *attempt)
{
	return !attempt->fallback;
}

static bool has_fallback(const struct lt_attempt *attempt)
{
	return attempt->fallback;
}

/* Whether the log says of every attempt of @failure that its caller got memory elsewhere. */
static bool got_fallback(const struct lt_report *report, const struct lt_failure *failure)
{
	return lt_failure_find(report, failure, has_fallback) &&
	       !lt_failure_find(report, failure, has_no_fallback);
}

enum lt_severity lt_failure_severity(const struct lt_report *report,
				     const struct lt_failure *failure)
{
	return got_fallback(report, failure) ? LT_INFO : LT_CRITICAL;
}

/* Before it searches, 7.2 traces what it has; the log says it after the failure. */
static const char *told_by(const struct lt_attempt *then)
{
	return then->source == LT_ATTEMPT_TRACE && !then->largest_free_run.known
		       ? "trace, at the begin"
		       : "log, at the failure";
}

static void add_moment(struct lt_report *report, struct lt_finding *finding,
		       const struct lt_failure *failure, const struct lt_attempt *then)
{
	const char *largest = "";

	finding->clears_pins = true;
	finding->explains = failure;
	finding->confirm = "ltpin areas";
	lt_finding_add_evidence(report, finding, lt_words_failure(report, failure));
	if (then->largest_free_run.known)
		largest = lt_words(report, ", the longest run %s",
				   lt_words_size(report, then->largest_free_run.val));
	if (then->nr_free.known)
		lt_finding_add_evidence(
			report, finding,
			lt_words(report, "%s: %s%s not allocated%s", told_by(then),
				 lt_words_size(report, then->nr_free.val),
				 then->nr_area.known
					 ? lt_words(report, " of %" PRIu64, then->nr_area.val)
					 : "",
				 largest));
	if (then->caller)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "the caller was %s", then->caller));
}

/* Nothing tells who held the area at that moment; who does now may be the same. */
static void add_holders_now(struct lt_report *report, struct lt_finding *finding,
			    const struct lt_failure *failure)
{
	const char *drivers;

	drivers = failure->area == LT_NO_AREA ? NULL : lt_words_drivers(report, failure->area);
	if (!drivers && !lt_report_has_holders(report, failure->area))
		return;
	lt_finding_add_evidence(report, finding,
				"who holds device memory was read after the failure");
	lt_finding_add_holders(report, finding, failure->area);
	finding->advice =
		drivers ? lt_words(
				  report,
				  "Device memory in it now was allocated by %s: have them release what "
				  "they do not need, or enlarge the area.",
				  drivers)
			: "Have the processes that hold buffers now (see the evidence) release what "
			  "they do not need, or enlarge the area.";
	finding->confirm = drivers ? "ltpin owners --cma --by stack,task" : "ltpin areas";
}

/* "only 100 pages (400 KiB) of the area's 2048 were left" */
static const char *describe_left(struct lt_report *report, const struct lt_attempt *then)
{
	const char *left = lt_words_size(report, then->nr_free.val);

	if (!then->nr_area.known)
		return then->nr_free.val ? lt_words(report, "only %s of the area was left", left)
					 : "nothing of the area was left";
	if (!then->nr_free.val)
		return lt_words(report, "none of the area's %" PRIu64 " pages was left",
				then->nr_area.val);
	return lt_words(report, "only %s of the area's %" PRIu64 " were left", left,
			then->nr_area.val);
}

/* Up to 6.12 -EBUSY says that a range was tried: who has the room by then came later. */
static bool can_be_space(const struct lt_report *report, const struct lt_failure *failure)
{
	const struct lt_area *area =
		failure->area == LT_NO_AREA ? NULL : &report->snap->areas.v[failure->area];

	return !failure->err.known || failure->err.val != EBUSY ||
	       lt_area_full_errno(area) == LT_FULL_EBUSY ||
	       lt_failure_find(report, failure, says_busy_of_full);
}

/* A run as long as the request was there, and none in which it may begin early enough. */
static bool is_without_place(const struct lt_attempt *then)
{
	return then->largest_free_run.known && then->largest_aligned_run.known &&
	       lt_attempt_has_err(then, ENOMEM) &&
	       then->nr_pages.val <= then->largest_free_run.val &&
	       then->nr_pages.val > then->largest_aligned_run.val;
}

static const char *describe_places(struct lt_report *report, const struct lt_attempt *then)
{
	const char *largest = lt_words_size(report, then->largest_free_run.val);

	if (!then->largest_aligned_run.val)
		return lt_words(report,
				"the longest run was %s, but no run has a place where the request "
				"may begin (alignment)",
				largest);
	return lt_words(report,
			"the longest run was %s, but no more than %s follow a place where the "
			"request may begin (alignment)",
			largest, lt_words_size(report, then->largest_aligned_run.val));
}

/* Two rows: the area was exhausted then, or fragmented. */
void lt_rule_space_then(struct lt_report *report, const struct lt_rule *rules)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *then = lt_failure_find(report, failure, has_nr_free);
		const struct lt_num nr_pages = failure->nr_pages;
		const char *nr_free;
		struct lt_finding *finding;
		bool is_exhausted, is_unaligned;

		if (!then || !nr_pages.known || lt_failure_is_too_large(report, failure) ||
		    !can_be_space(report, failure))
			continue;
		is_exhausted = nr_pages.val > then->nr_free.val;
		is_unaligned = !is_exhausted && is_without_place(then);
		if (!is_exhausted && !is_unaligned &&
		    (!then->largest_free_run.known || nr_pages.val <= then->largest_free_run.val))
			continue;
		finding =
			lt_finding_new(report, &rules[is_exhausted ? 0 : 1],
				       is_unaligned && !then->align.known ? LT_LIKELY : LT_PROVEN);
		lt_finding_raise(finding, lt_failure_severity(report, failure));
		add_moment(report, finding, failure, then);
		nr_free = lt_words_size(report, then->nr_free.val);
		if (is_exhausted) {
			finding->clause = describe_left(report, then);
			finding->advice = "Find out which driver holds the memory, or enlarge the "
					  "area.";
			add_holders_now(report, finding, failure);
		} else {
			finding->clause =
				is_unaligned ? describe_places(report, then)
					     : lt_words(report,
							"%s of it were not allocated, the longest "
							"run %s",
							nr_free,
							lt_words_size(report,
								      then->largest_free_run.val));
			finding->advice = "Allocate the large buffers first or keep them, give the "
					  "driver an area of its own, or enlarge this one.";
		}
		/* Somebody may have asked for less alignment than drivers do, and met pages. */
		finding->clears_pins = finding->confidence == LT_PROVEN;
		finding->text = lt_words(report, "%s: %s.%s", lt_words_failure(report, failure),
					 finding->clause,
					 finding->clears_pins ? " No pin is involved." : "");
	}
}

/* The range that the search of @attempt ended with although no page in it was found busy, or NULL.
 */
static const struct lt_try *last_range(const struct lt_attempt *attempt)
{
	const struct lt_try *last =
		attempt->tries.nr ? &attempt->tries.v[attempt->tries.nr - 1] : NULL;

	return last && !last->ok && !lt_try_blocker(last).known && last->stage != LT_TRY_ISOLATE &&
			       last->stage != LT_TRY_TEST
		       ? last
		       : NULL;
}

/* CONFIG_CMA_ALIGNMENT, unless somebody changed it: what drivers ask for is aligned to no more. */
#define DMA_ALIGN_PAGES 256

/*
 * A run of this length has room for the pages of @attempt wherever it begins; @aligned_max: nobody
 * aligns them to more.
 */
static uint64_t enough(const struct lt_attempt *attempt, uint64_t aligned_max)
{
	const uint64_t nr_pages = attempt->nr_pages.val;
	uint64_t aligned = 1;

	while (aligned < nr_pages && aligned < aligned_max)
		aligned <<= 1;
	if (attempt->align.known)
		aligned = attempt->align.val < 63 ? 1ull << attempt->align.val
						  : UINT64_MAX - nr_pages;
	return nr_pages + aligned - 1;
}

static uint64_t surely_enough(const struct lt_attempt *attempt)
{
	return enough(attempt, 1ull << 62);
}

/*
 * Whether pages were in the way of other ranges, before the search came to the one that it ended
 * at.
 */
static bool has_met_pages(const struct lt_attempt *attempt)
{
	lt_vec_each(tried, &attempt->tries)
		if (lt_try_blocker(tried).known || (!tried->ok && tried->stage == LT_TRY_TEST))
			return true;
	return false;
}

/* A range that was busy, before the last, in a trace without the event of the test. */
static bool has_untold_range(const struct lt_attempt *attempt)
{
	for (size_t i = 0; i + 1 < attempt->tries.nr; i++)
		if (!attempt->tries.v[i].ok && attempt->tries.v[i].stage == LT_TRY_UNKNOWN &&
		    !attempt->tries.v[i].is_emptied)
			return true;
	return false;
}

/*
 * The log does not have every range, nor has a trace that lost events: pages may have blocked others
 * before.
 */
static bool may_have_met_pages(const struct lt_attempt *attempt)
{
	return attempt->source == LT_ATTEMPT_LOG || attempt->has_lost || has_met_pages(attempt) ||
	       has_untold_range(attempt);
}

/* In a run of its length the request could begin where it may. */
static bool had_aligned_run(const struct lt_attempt *attempt)
{
	return attempt->largest_aligned_run.known &&
	       attempt->largest_aligned_run.val >= attempt->nr_pages.val;
}

static bool had_room(const struct lt_attempt *attempt)
{
	return lt_attempt_had_run(attempt, enough(attempt, DMA_ALIGN_PAGES)) ||
	       had_aligned_run(attempt);
}

static bool surely_had_room(const struct lt_attempt *attempt)
{
	return lt_attempt_had_run(attempt, surely_enough(attempt)) ||
	       (attempt->align.known && had_aligned_run(attempt));
}

/*
 * A run that was given to the request, or is known to have been free, was long enough for it; or a
 * range was tried before, for a search that then finds no other run ends with -EBUSY.
 */
static bool is_enomem_with_room(const struct lt_attempt *attempt)
{
	if (!lt_attempt_has_err(attempt, ENOMEM) || !attempt->nr_pages.known)
		return false;
	return last_range(attempt) || has_met_pages(attempt) || had_room(attempt);
}

static bool is_busy_with_room(const struct lt_attempt *attempt)
{
	return lt_attempt_has_err(attempt, EBUSY) && attempt->nr_pages.known &&
	       surely_had_room(attempt);
}

const struct lt_attempt *lt_failure_had_room(const struct lt_report *report,
					     const struct lt_failure *failure)
{
	return lt_failure_find(report, failure, is_busy_with_room);
}

/* "a run of 512 pages (2 MiB)", or "the run at PFN 0x10000" */
static const char *name_run(struct lt_report *report, const struct lt_attempt *then)
{
	const struct lt_try *last = last_range(then);

	if (last)
		return lt_words(report, "the run at PFN 0x%" PRIx64, last->pfns.start_pfn);
	return lt_words(report, "a run of %s", lt_words_size(report, then->largest_free_run.val));
}

/* What the log has of ranges was joined by nearness; in a trace of 5.10 they may be another call's. */
static enum lt_confidence enomem_confidence(const struct lt_attempt *then)
{
	const struct lt_try *last = last_range(then);

	if (last)
		return last->stage == LT_TRY_MIGRATE ? LT_PROVEN : LT_LIKELY;
	return surely_had_room(then) ? LT_PROVEN : LT_LIKELY;
}

static bool is_enomem(const struct lt_attempt *attempt)
{
	return lt_attempt_has_err(attempt, ENOMEM);
}

/* Whether -ENOMEM says it all: a kernel that says -EBUSY of a full area has no other use for it. */
static bool is_plain_enomem(const struct lt_report *report, const struct lt_failure *failure)
{
	return failure->area != LT_NO_AREA &&
	       lt_area_full_errno(&report->snap->areas.v[failure->area]) == LT_FULL_EBUSY;
}

static void describe_enomem(struct lt_report *report, struct lt_finding *finding,
			    const struct lt_failure *failure, const struct lt_attempt *then)
{
	const char *means = "-ENOMEM means that, or that no run is long enough, which was not so.";
	const char *pins = "A page that blocks gives -EBUSY, and does not end the search.";

	if (last_range(then) || had_room(then)) {
		finding->clause = lt_words(report,
					   "%s was not allocated, but no memory was left to "
					   "move the pages in it to",
					   name_run(report, then));
	} else if (has_met_pages(then)) {
		finding->clause = "after a range that was busy, no memory was left to move the "
				  "pages of another one to";
		means = "A search that finds no other run ends with -EBUSY.";
	} else {
		finding->clause = "no memory was left to move the area's pages to";
		means = "On this kernel -ENOMEM has no other cause: a full area gives -EBUSY.";
	}
	finding->clears_pins = !lt_failure_find(report, failure, may_have_met_pages);
	if (finding->clears_pins)
		pins = "No pin is involved.";
	else if (has_met_pages(then))
		pins = "Pages blocked other ranges, but not this one.";
	finding->text = lt_words(report, "%s: %s. %s %s", lt_words_failure(report, failure),
				 finding->clause, means, pins);
}

static void add_memory_evidence(struct lt_report *report, struct lt_finding *finding,
				const struct lt_attempt *then)
{
	if (last_range(then))
		lt_finding_add_evidence(report, finding,
					lt_words(report,
						 "%s was tried, and the search ended there: "
						 "-ENOMEM ends it, a blocking page does not",
						 name_run(report, then)));
	if (then->free_elsewhere_kib.known && then->min_elsewhere_kib.known)
		lt_finding_add_evidence(
			report, finding,
			lt_words(report,
				 "log, at the failure: %" PRIu64 " KiB free outside CMA, of "
				 "which the kernel keeps %" PRIu64 " KiB back",
				 then->free_elsewhere_kib.val, then->min_elsewhere_kib.val));
}

void lt_rule_migration_target_enomem(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(failure, &report->failures) {
		bool is_plain = is_plain_enomem(report, failure);
		const struct lt_attempt *then = lt_failure_find(
			report, failure, is_plain ? is_enomem : is_enomem_with_room);
		struct lt_finding *finding;

		if (!then)
			continue;
		finding = lt_finding_new(report, rule,
					 is_plain ? LT_PROVEN : enomem_confidence(then));
		lt_finding_raise(finding, lt_failure_severity(report, failure));
		add_moment(report, finding, failure, then);
		add_memory_evidence(report, finding, then);
		describe_enomem(report, finding, failure, then);
		finding->advice = "Leave more memory free outside CMA (vm.min_free_kbytes, fewer "
				  "processes), or allocate before memory gets tight.";
		finding->confirm = "ltpin zones";
	}
}

static bool is_interrupted(const struct lt_attempt *attempt)
{
	return lt_attempt_has_err(attempt, EINTR);
}

void lt_rule_aborted_by_signal(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *then = lt_failure_find(report, failure, is_interrupted);
		struct lt_finding *finding;

		if (!then)
			continue;
		finding = lt_finding_new(report, rule, LT_PROVEN);
		finding->clause = "a fatal signal ended it";
		finding->text =
			"cma_alloc() returned -EINTR: a fatal signal ended the search. That says "
			"nothing about the area.";
		finding->advice =
			"Find out who killed the caller, and whether it had waited for long.";
		add_moment(report, finding, failure, then);
		finding->clears_pins = !lt_failure_find(report, failure, may_have_met_pages);
		finding->confirm = NULL;
	}
}

/* Two rows: some driver, or the kernel at boot. */
void lt_rule_failed_but_fell_back(struct lt_report *report, const struct lt_rule *rules)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *then = lt_failure_find(report, failure, has_fallback);
		bool is_boot = then && strstr(then->fallback, "pool for atomic ");
		struct lt_finding *finding;

		if (!then)
			continue;
		finding = lt_finding_new(report, &rules[is_boot ? 1 : 0],
					 is_boot ? LT_PROVEN : LT_LIKELY);
		finding->clause =
			is_boot ? "harmless, as the kernel took other memory for its pool of "
				  "DMA memory"
				: "the caller fell back to other memory";
		finding->text = lt_words(
			report, "%s: %s.%s", lt_words_failure(report, failure), finding->clause,
			got_fallback(report, failure)
				? ""
				: " The log does not say so of other attempts that failed "
				  "alike.");
		finding->advice = "Harmless. To silence the message, enlarge the area.";
		add_moment(report, finding, failure, then);
		finding->clears_pins = false; /* why it failed is another question */
		finding->confirm = NULL;
		if (!got_fallback(report, failure))
			finding->explains = NULL;
		lt_finding_add_evidence(report, finding,
					lt_words(report, "log: %s", then->fallback));
	}
}
