// SPDX-License-Identifier: LGPL-2.1-or-later
/* Counts the places where a request could lie, and those where it would succeed. */
#include <errno.h>

#include "analyse/explain.h"

struct count {
	uint64_t nr_windows, nr_free;
};

/* Windows and obstacles go forward together. */
static void count_range(const struct lt_explain *explain, const struct lt_search_range *range,
			struct lt_obstacle_walk *walk, struct count *count)
{
	const struct lt_search *search = &explain->search;
	const uint64_t whole = UINT64_C(1) << search->order_per_bit;
	const uint64_t nr_pages = (search->nr_pages + whole - 1) & ~(whole - 1);
	const uint64_t step = lt_search_step(search, search->align);
	const struct lt_range all = range->pfns;
	uint64_t pfn = lt_search_align(search, range, all.start_pfn, search->align);
	struct lt_obstacle obstacle;
	bool has_one;

	lt_obstacle_walk_enter(walk, explain, range);
	has_one = lt_obstacle_walk_next(walk, &obstacle);
	for (; pfn < all.end_pfn && all.end_pfn - pfn >= nr_pages; pfn += step) {
		while (has_one && obstacle.pfns.end_pfn <= pfn)
			has_one = lt_obstacle_walk_next(walk, &obstacle);
		count->nr_windows++;
		count->nr_free += !(range->pages[pfn - all.start_pfn] & LT_SEARCH_TAIL) &&
				  (!has_one || obstacle.pfns.start_pfn >= pfn + nr_pages);
	}
	while (has_one) /* the next range goes on where this one ends */
		has_one = lt_obstacle_walk_next(walk, &obstacle);
}

struct lt_room lt_explain_room(const struct lt_explain *explain)
{
	struct lt_obstacle_walk walk = { 0 };
	struct count count = { 0 };
	struct lt_room room = { .prediction = lt_prediction_name(explain->prediction) };

	lt_vec_each(range, &explain->search.ranges)
		count_range(explain, range, &walk, &count);
	room.nr_windows = lt_num(count.nr_windows);
	if (lt_snapshot_has_page_states(explain->snap)) {
		room.nr_free = lt_num(count.nr_free);
		room.nr_blocking = lt_num(explain->obstacles.nr);
	}
	return room;
}

int lt_explain_blocking(const struct lt_explain *explain, struct lt_pfns *out)
{
	lt_vec_each(obstacle, &explain->obstacles)
		if (lt_pfns_add(out, obstacle->pfns.start_pfn))
			return -ENOMEM;
	return 0;
}
