// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Finds causes of an -EBUSY that no page explains.
 *
 * cma_alloc() marks the pageblocks of a range MIGRATE_ISOLATE, moves the pages away
 * and tests whether all are gone. A range whose blocks cannot be marked never comes
 * to the test, and no page is named. For a block of CMA that is refused if somebody
 * else has marked it already (set_migratetype_isolate()), if a compound page that
 * cannot be moved reaches across its end (6.1 and later, isolate_single_pageblock()),
 * or if it is no block of CMA any more: has_unmovable_pages() lets every block of CMA
 * pass, whatever is in it. A pin is none of these.
 *
 * 5.10, 6.1 and 6.12 let one cma_alloc() at a time come so far (cma_mutex), 7.2 one of
 * each area. Memory hot-unplug, virtio-mem and pages of 1 GiB isolate without asking.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"

/* Of 5.10 only the end of an attempt is known: those that end as near may have been at once. */
#define NEAR_NS 10000000000

static bool is_refused(const struct lt_try *tried)
{
	return !tried->ok && tried->stage == LT_TRY_ISOLATE && !lt_try_blocker(tried).known;
}

static size_t nr_refused(const struct lt_attempt *attempt)
{
	size_t nr = 0;

	lt_vec_each(tried, &attempt->tries)
		nr += is_refused(tried);
	return nr;
}

/* Whether @attempt failed with -EBUSY and none of its ranges can have failed for a page. */
static bool is_without_page(const struct lt_attempt *attempt)
{
	if (!lt_attempt_has_err(attempt, EBUSY) || attempt->source == LT_ATTEMPT_LOG)
		return false;
	lt_vec_each(tried, &attempt->tries)
		if (lt_try_blocker(tried).known ||
		    (!tried->ok && (tried->stage == LT_TRY_TEST || tried->stage == LT_TRY_MIGRATE)))
			return false;
	return attempt->tries.nr;
}

/* Whether the search of @attempt found no run to try: -ENOMEM up to 6.12, -EBUSY on 7.2. */
static bool is_without_range(const struct lt_attempt *attempt)
{
	return (lt_attempt_has_err(attempt, EBUSY) || lt_attempt_has_err(attempt, ENOMEM)) &&
	       !attempt->tries.nr && attempt->source != LT_ATTEMPT_LOG && !attempt->has_lost;
}

/* A task does one thing at a time: what it seems to do at once are two records of one call. */
static bool is_of_another_task(const struct lt_attempt *a, const struct lt_attempt *b)
{
	if (!a->caller || !b->caller)
		return a->source == b->source;
	return strcmp(a->caller, b->caller);
}

/* From when to when @attempt was under way, as far as that is known. */
static struct lt_range period_of(const struct lt_attempt *attempt)
{
	uint64_t begin = attempt->ts_ns.val;

	if (attempt->latency_ns.known)
		return (struct lt_range){ begin, begin + attempt->latency_ns.val + 1 };
	return (struct lt_range){ begin > NEAR_NS ? begin - NEAR_NS : 0, begin + 1 };
}

static bool is_at_once(const struct lt_attempt *a, const struct lt_attempt *b)
{
	return a != b && a->ts_ns.known && b->ts_ns.known && is_of_another_task(a, b) &&
	       lt_range_is_overlapping(period_of(a), period_of(b));
}

static struct lt_range blocks_of(const struct lt_try *tried, unsigned int order)
{
	return (struct lt_range){ tried->pfns.start_pfn >> order,
				  ((tried->pfns.end_pfn - 1) >> order) + 1 };
}

/*
 * Whether both reached into one pageblock, which only one of them may have isolated.
 * A search only moves on: its ranges ascend.
 */
static bool is_in_one_block(const struct lt_snapshot *snap, const struct lt_attempt *a,
			    const struct lt_attempt *b)
{
	unsigned int order = (unsigned int)snap->kernel.pageblock_order.val & 63;
	size_t i = 0, j = 0;

	while (snap->kernel.pageblock_order.known && i < a->tries.nr && j < b->tries.nr) {
		struct lt_range one = blocks_of(&a->tries.v[i], order);
		struct lt_range other = blocks_of(&b->tries.v[j], order);

		if (lt_range_is_overlapping(one, other))
			return true;
		if (one.end_pfn <= other.end_pfn)
			i++;
		else
			j++;
	}
	return false;
}

/* Who was in @attempt's way: the best proven of those that were under way, or NULL. */
static const struct lt_attempt *find_rival(const struct lt_snapshot *snap,
					   const struct lt_attempt *attempt)
{
	const struct lt_attempt *rival = NULL;

	lt_vec_each(other, &snap->attempts) {
		if (!is_at_once(attempt, other) || other->source == LT_ATTEMPT_LOG)
			continue;
		if (is_in_one_block(snap, attempt, other))
			return other;
		if (attempt->area != LT_NO_AREA && attempt->area == other->area)
			rival = other;
	}
	return rival;
}

/*
 * Who had claimed the run that @attempt looked for, and did not get it either: a request
 * is marked in the bitmap while its pages are moved away, and the mark goes if it fails.
 * NULL if the area has no room even now, or room for both.
 */
static const struct lt_attempt *find_claimant(const struct lt_snapshot *snap,
					      const struct lt_attempt *attempt)
{
	const struct lt_area *area =
		attempt->area == LT_NO_AREA ? NULL : &snap->areas.v[attempt->area];

	if (!area || !area->largest_free_run.known || !attempt->nr_pages.known ||
	    attempt->nr_pages.val > area->largest_free_run.val)
		return NULL;
	lt_vec_each(other, &snap->attempts)
		if (other->failed && other->tries.nr && other->area == attempt->area &&
		    other->nr_pages.known && is_at_once(attempt, other) &&
		    other->nr_pages.val + attempt->nr_pages.val > area->largest_free_run.val)
			return other;
	return NULL;
}

static const char *describe_rival(struct lt_report *report, const struct lt_attempt *rival)
{
	return lt_words(report, "at %s time %s asked for %s%s",
			rival->latency_ns.known ? "the same" : "about that",
			rival->caller ? rival->caller : "another task",
			rival->nr_pages.known ? lt_words_size(report, rival->nr_pages.val)
					      : "memory",
			rival->failed ? " and failed" : "");
}

static void add_ranges(struct lt_report *report, struct lt_finding *finding,
		       const struct lt_attempt *attempt)
{
	const struct lt_range first = attempt->tries.v[0].pfns;
	size_t nr = nr_refused(attempt);

	lt_finding_add_evidence(report, finding,
				lt_words(report,
					 "%zu range%s tried, the first PFN 0x%" PRIx64 "-0x%" PRIx64
					 ": %s, and no page is named",
					 attempt->tries.nr, attempt->tries.nr == 1 ? "" : "s",
					 first.start_pfn, first.end_pfn - 1,
					 !nr ? "none was tested"
					     : lt_words(report, "%zu could not be isolated", nr)));
}

/* A finding on @failure, which may have failed for a page another time, or for something else. */
static struct lt_finding *new_busy_finding(struct lt_report *report, const struct lt_rule *rule,
					   const struct lt_failure *failure,
					   const struct lt_attempt *attempt,
					   enum lt_confidence confidence, bool may_explain)
{
	bool is_cause =
		may_explain && !lt_failure_has_blocker(report, failure) && confidence > LT_HINT;
	struct lt_finding *finding = lt_finding_new(report, rule, confidence);

	lt_finding_raise(finding, is_cause ? lt_failure_severity(report, failure) : LT_WARNING);
	finding->clears_pins = true;
	finding->explains = is_cause ? failure : NULL;
	lt_finding_add_evidence(report, finding, lt_words_failure(report, failure));
	if (attempt->tries.nr)
		add_ranges(report, finding, attempt);
	return finding;
}

static void name_rival(struct lt_report *report, struct lt_finding *finding,
		       const struct lt_failure *failure, const struct lt_attempt *rival,
		       const char *why)
{
	finding->clause = finding->explains
				  ? "no page blocked, but another allocation that was under way"
				  : "another allocation was under way";
	finding->text = lt_words(report,
				 finding->explains
					 ? "%s, and no page blocked: %s. No pin is involved."
					 : "%s. No page is known to have blocked this attempt, or "
					   "one of these: %s.",
				 lt_words_failure(report, failure), why);
	finding->advice = "Have the drivers allocate one after the other, or try again: the other "
			  "allocation has ended. An area of its own for each keeps them apart.";
	finding->confirm = lt_words_explain(report, failure);
	lt_finding_add_evidence(report, finding, describe_rival(report, rival));
}

/* Only one allocation at a time may have a pageblock. */
static void find_isolated(struct lt_report *report, const struct lt_rule *rule,
			  const struct lt_failure *failure)
{
	const struct lt_snapshot *snap = report->snap;
	const struct lt_attempt *attempt = lt_failure_find(report, failure, is_without_page);
	const struct lt_attempt *rival = attempt ? find_rival(snap, attempt) : NULL;
	bool is_one_block = rival && is_in_one_block(snap, attempt, rival);
	bool is_told = rival && nr_refused(attempt) && attempt->latency_ns.known &&
		       rival->latency_ns.known;

	if (rival)
		name_rival(
			report,
			new_busy_finding(report, rule, failure, attempt,
					 is_one_block && is_told ? LT_LIKELY : LT_HINT, true),
			failure, rival,
			lt_words(report,
				 "the range could not be isolated, as a pageblock is given to one "
				 "allocation at a time, and another was under way in the same %s",
				 is_one_block ? "pageblock" : "area"));
}

/* Nor a run of the bitmap. */
static void find_claimed(struct lt_report *report, const struct lt_rule *rule,
			 const struct lt_failure *failure)
{
	const struct lt_attempt *attempt = lt_failure_find(report, failure, is_without_range);
	const struct lt_attempt *claimant = attempt ? find_claimant(report->snap, attempt) : NULL;
	bool is_timed = claimant && attempt->latency_ns.known && claimant->latency_ns.known;

	if (claimant)
		name_rival(
			report,
			new_busy_finding(report, rule, failure, attempt,
					 is_timed ? LT_LIKELY : LT_HINT, true),
			failure, claimant,
			is_timed
				? "the area has room for the request, but not for it and for "
				  "another that was under way and had claimed the room"
				: "the area has room for the request, but not for it and for "
				  "another that ended at about that time, and may have claimed the "
				  "room. The trace of this kernel does not show when they began");
}

void lt_rule_isolation_contention(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(failure, &report->failures) {
		find_isolated(report, rule, failure);
		find_claimed(report, rule, failure);
	}
}

static bool has_refused(const struct lt_attempt *attempt)
{
	return nr_refused(attempt);
}

/*
 * A range that cannot be isolated makes the search go on, and end with -EBUSY if it was the last one.
 * With another error one more range was tried, of which nothing is traced but that end; up to 6.1 the
 * trace has no errors.
 */
static bool may_be_refused(const struct lt_failure *failure)
{
	return failure->ending == LT_ENDING_REFUSED &&
	       (!failure->err.known || failure->err.val == EBUSY);
}

void lt_rule_isolation_refused(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *attempt = lt_failure_find(report, failure, has_refused);
		struct lt_finding *finding;

		if (!attempt || (is_without_page(attempt) && find_rival(report->snap, attempt)))
			continue;
		finding = new_busy_finding(report, rule, failure, attempt,
					   failure->err.known ? LT_PROVEN : LT_LIKELY,
					   may_be_refused(failure));
		finding->clause = "the kernel could not isolate the range";
		finding->text =
			"Ranges were never tested for blocking pages: the kernel could not mark "
			"their pageblocks as isolated. Somebody else had them isolated "
			"(memory hot-unplug, pages of 1 GiB, another contiguous allocation), or a "
			"compound page that cannot be moved reaches across the end of a block, or "
			"a free huge page was taken as it was being replaced (7.2), or the block "
			"does not belong to CMA any more, which is a kernel bug. No pin is the "
			"cause.";
		finding->advice =
			"Try again: isolation by others passes. If the same range is refused "
			"for good, look for blocks of the type Isolate that stay, and report "
			"them to the kernel's memory management.";
		finding->confirm = "grep -e Isolate -e CMA /proc/pagetypeinfo";
	}
}
