// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cma_alloc() goes through the aligned ranges of an area in ascending order, and tries each one of
 * which the bitmap says that nothing is given out (search.c). So a range before the last that was
 * tried, which was not tried itself, was given out at least in part. The search ends with the last
 * range only if that is -EBUSY, or if it never found one to try: other errors end it at once.
 */
#include "analyse/window_count.h"

#include <errno.h>

#include "analyse/search.h"

/* How many ranges a request could get in the order in which they are tried. */
struct places {
	const struct lt_area *area;
	struct lt_search search;
};

static bool init_places(struct places *places, const struct lt_snapshot *snap,
			const struct lt_attempt *attempt)
{
	const struct lt_area *area =
		attempt->area == LT_NO_AREA ? NULL : &snap->areas.v[attempt->area];

	if (!area || !area->ranges.nr || !area->order_per_bit.known || !attempt->align.known ||
	    !attempt->nr_pages.known || !attempt->nr_pages.val || area->order_per_bit.val > 30 ||
	    attempt->align.val > 30)
		return false;
	*places = (struct places){ .area = area,
				   .search = { .nr_pages = attempt->nr_pages.val,
					       .align = (unsigned int)attempt->align.val,
					       .order_per_bit =
						       (unsigned int)area->order_per_bit.val } };
	return true;
}

/* The ranges that begin in @pfns, a part of one of the area's, and end in @all of it. */
static uint64_t count_in(const struct places *places, struct lt_range all, uint64_t end_pfn)
{
	const struct lt_search *search = &places->search;
	const struct lt_search_range range = { .pfns = all };
	const uint64_t whole = UINT64_C(1) << search->order_per_bit;
	const uint64_t first = lt_search_align(search, &range, all.start_pfn, search->align);
	uint64_t nr_pages;

	if (__builtin_add_overflow(search->nr_pages, whole - 1, &nr_pages))
		return 0;
	nr_pages &= ~(whole - 1);
	if (first > all.end_pfn || nr_pages > all.end_pfn - first || first >= end_pfn)
		return 0;
	if (end_pfn > all.end_pfn - nr_pages + 1)
		end_pfn = all.end_pfn - nr_pages + 1;
	return (end_pfn - first - 1) / lt_search_step(search, search->align) + 1;
}

/* All of the area; or those that begin up to @pfn, which is in the area. */
static uint64_t count_up_to(const struct places *places, struct lt_num pfn)
{
	uint64_t nr = 0;

	lt_vec_each(range, &places->area->ranges) {
		bool is_last = pfn.known && lt_range_has(range->pfns, pfn.val);

		nr += count_in(places, range->pfns, is_last ? pfn.val + 1 : range->pfns.end_pfn);
		if (is_last)
			break;
	}
	return nr;
}

/* Whether @pfns is a range that the request could get. */
static bool is_place(const struct places *places, struct lt_range pfns)
{
	lt_vec_each(range, &places->area->ranges) {
		const struct lt_search_range of = { .pfns = range->pfns };

		if (lt_range_has(range->pfns, pfns.start_pfn))
			return pfns.end_pfn <= range->pfns.end_pfn &&
			       lt_search_align(&places->search, &of, pfns.start_pfn,
					       places->search.align) == pfns.start_pfn;
	}
	return false;
}

/* Whether each was tried once, in the order of the search, at a place that the request could get. */
static bool are_in_order(const struct places *places, const struct lt_tries *tries)
{
	uint64_t nr_before = 0;

	lt_vec_each(tried, tries) {
		const uint64_t nr = count_up_to(places, lt_num(tried->pfns.start_pfn));

		if (!is_place(places, tried->pfns) || nr <= nr_before)
			return false;
		nr_before = nr;
	}
	return true;
}

/* Whether the search went on to the end of the area. */
static bool is_whole(const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	if (!attempt->failed || !attempt->err.known)
		return false;
	if (attempt->err.val == EBUSY)
		return true;
	return attempt->err.val == ENOMEM && !attempt->tries.nr &&
	       lt_area_full_errno(&snap->areas.v[attempt->area]) == LT_FULL_ENOMEM;
}

void lt_window_count_make(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
			  struct lt_window_count *out)
{
	const struct lt_tries *tries = &attempt->tries;
	uint64_t nr_passed = 0, nr_blocked, nr_all, nr_reached;
	struct places places;

	*out = (struct lt_window_count){ 0 };
	if (!attempt->has_all_tries || attempt->is_open ||
	    (!attempt->err.known && !attempt->area_name))
		return;
	lt_vec_each(tried, tries)
		nr_passed += tried->ok;
	nr_blocked = tries->nr - nr_passed;
	/* Another error, which 6.1 does not name, is not of a busy range. */
	if (attempt->failed && nr_blocked && !lt_attempt_has_err(attempt, EBUSY))
		nr_blocked--;
	out->passed = lt_num(nr_passed);
	out->blocked = lt_num(nr_blocked);
	/* 5.10, which does not name the area, is silent of ranges that could not be isolated. */
	if (!snap || !attempt->area_name || !init_places(&places, snap, attempt) ||
	    !are_in_order(&places, tries))
		return;
	nr_all = count_up_to(&places, (struct lt_num){ 0 });
	nr_reached = nr_all;
	if (!is_whole(snap, attempt)) {
		if (!tries->nr)
			return;
		nr_reached = count_up_to(&places, lt_num(tries->v[tries->nr - 1].pfns.start_pfn));
	}
	out->given_out = lt_num(nr_reached - tries->nr);
	out->not_tried = lt_num(nr_all - nr_reached);
}
