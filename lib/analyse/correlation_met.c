// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whether the kernel met a pinned page, at the time of the attempt.
 *
 * A page that the kernel named and that was pinned then is met, whatever is pinned later. Otherwise
 * the pins that were sampled around the attempt decide. Without them it met none if each range that
 * failed is known to have failed for something else: a range that succeeded had no user left.
 */
#include "analyse/correlation_met.h"

#include <errno.h>

/*
 * What makes a request fail with -ENOMEM before a range was tried is no page: there
 * was no room for it, or no memory to move pages to. The log does not have every range.
 */
static bool is_without_range(const struct lt_attempt *attempt)
{
	return !attempt->tries.nr && lt_attempt_has_err(attempt, ENOMEM) &&
	       attempt->source != LT_ATTEMPT_LOG && !attempt->has_lost;
}

/* Of attempts without ranges nobody recorded which were tried: all of the area was in reach. */
static bool is_tried(const struct lt_attempt *attempt, struct lt_range pfns)
{
	if (!attempt->tries.nr)
		return !is_without_range(attempt);
	lt_vec_each(tried, &attempt->tries)
		if (lt_range_is_overlapping(tried->pfns, pfns))
			return true;
	return false;
}

static bool is_sampled_pinned(const struct lt_attempt *attempt)
{
	lt_vec_each(range, &attempt->pinned)
		if (is_tried(attempt, *range))
			return true;
	return false;
}

/* Whether of each range that failed it is known what held the page that failed it. */
static bool is_explained(const struct lt_attempt *attempt, const struct lt_cause *cause)
{
	unsigned int nr_failed = 0, nr_explained = 0;

	lt_vec_each(tried, &attempt->tries)
		nr_failed += !tried->ok;
	lt_vec_each(page, &cause->pages)
		nr_explained += lt_cause_page_has_hold(page) ? page->nr_windows : 0;
	return nr_failed == nr_explained;
}

enum lt_met lt_met_of(const struct lt_attempt *attempt, const struct lt_cause *cause)
{
	lt_vec_each(page, &cause->pages)
		if (page->hold == LT_PIN_PINNED && lt_cause_page_has_hold(page))
			return LT_MET_PINNED;
	if (attempt->sampled)
		return is_sampled_pinned(attempt) ? LT_MET_PINNED : LT_MET_CLEAN;
	if (is_without_range(attempt))
		return LT_MET_CLEAN;
	return attempt->tries.nr && is_explained(attempt, cause) ? LT_MET_CLEAN : LT_MET_UNKNOWN;
}
