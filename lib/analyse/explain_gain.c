// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What it would take. Obstacles cut the area into gaps; without the pages of an
 * owner, gaps beside them become one. Each of these passes over the obstacles,
 * or over the windows, moves forward only.
 */
#include <errno.h>
#include <stdlib.h>

#include "analyse/explain_part.h"

/* The first PFN of @gap where a window of alignment @align may begin; its end if none. */
static uint64_t first_start(const struct lt_explain *explain, const struct lt_search_range *range,
			    struct lt_range gap, unsigned int align)
{
	uint64_t pfn = lt_search_align(&explain->search, range, gap.start_pfn, align);

	while (pfn < gap.end_pfn && range->pages[pfn - range->pfns.start_pfn] & LT_SEARCH_TAIL)
		pfn += lt_search_step(&explain->search, align);
	return pfn < gap.end_pfn ? pfn : gap.end_pfn;
}

/*
 * The largest request that fits into @gap. What drivers ask for is aligned to
 * its own size, rounded up, but to no more than explain->max_align.
 */
static uint64_t largest_in(const struct lt_explain *explain, const struct lt_search_range *range,
			   struct lt_range gap)
{
	const unsigned int max_align = explain->max_align;
	const uint64_t whole = UINT64_C(1) << explain->search.order_per_bit;
	uint64_t largest = 0;

	for (unsigned int align = explain->is_align_given ? max_align : 0; align <= max_align;
	     align++) {
		uint64_t nr = gap.end_pfn - first_start(explain, range, gap, align);

		nr &= ~(whole - 1);
		if (align < max_align && nr > UINT64_C(1) << align)
			nr = UINT64_C(1) << align;
		if (nr > largest)
			largest = nr;
	}
	return largest;
}

static uint64_t needed(const struct lt_search *search)
{
	const uint64_t whole = UINT64_C(1) << search->order_per_bit;

	return (search->nr_pages + whole - 1) & ~(whole - 1);
}

static bool would_fit(const struct lt_explain *explain, const struct lt_search_range *range,
		      struct lt_range gap)
{
	return gap.end_pfn - first_start(explain, range, gap, explain->search.align) >=
	       needed(&explain->search);
}

/* A gap; or, without the obstacles before it that one owner has, all up to the wall before those. */
static void evaluate_gap(struct lt_explain *explain, const struct lt_search_range *range,
			 struct lt_range gap, uint64_t wider_start, size_t owner)
{
	uint64_t largest = largest_in(explain, range, gap);
	struct lt_obstacle_owner *gains;

	if (largest > explain->largest.val)
		explain->largest.val = largest;
	if (owner == LT_NO_OWNER)
		return;
	gains = &explain->owners.v[owner];
	gap.start_pfn = wider_start;
	largest = largest_in(explain, range, gap);
	if (largest > gains->largest)
		gains->largest = largest;
	gains->would_succeed |= would_fit(explain, range, gap);
}

/*
 * Passes from gap to gap. last is the obstacle before the current one; all of its owner that stand
 * beside each other begin behind before.
 */
static void evaluate_range(struct lt_explain *explain, struct lt_obstacle_walk *walk,
			   const struct lt_search_range *range)
{
	struct lt_obstacle last = { .pfns = { range->pfns.start_pfn, range->pfns.start_pfn },
				    .owner = LT_NO_OWNER };
	uint64_t before = range->pfns.start_pfn;
	struct lt_obstacle obstacle;

	lt_obstacle_walk_enter(walk, explain, range);
	while (lt_obstacle_walk_next(walk, &obstacle)) {
		bool is_same = obstacle.owner == last.owner;

		evaluate_gap(explain, range,
			     (struct lt_range){ last.pfns.end_pfn, obstacle.pfns.start_pfn },
			     before, is_same ? LT_NO_OWNER : last.owner);
		if (!is_same)
			before = last.pfns.end_pfn;
		last = obstacle;
	}
	evaluate_gap(explain, range, (struct lt_range){ last.pfns.end_pfn, range->pfns.end_pfn },
		     before, last.owner);
}

/* Where a window's edge is among the obstacles: @obstacle is the next one, if there is one. */
struct edge {
	struct lt_obstacle_walk walk;
	struct lt_obstacle obstacle;
	bool has_one;
};

static void edge_enter(struct edge *edge, const struct lt_explain *explain,
		       const struct lt_search_range *range)
{
	lt_obstacle_walk_enter(&edge->walk, explain, range);
	edge->has_one = lt_obstacle_walk_next(&edge->walk, &edge->obstacle);
}

/* Obstacles in a window that moves forward. */
struct load {
	struct edge low, high;
	uint32_t *nr_of;   /* folios of each owner */
	uint64_t nr_fixed; /* obstacles that nobody can release */
	struct lt_cheapest sum;
};

static void load_add(struct load *load, struct edge *edge, int sign)
{
	const struct lt_obstacle *obstacle = &edge->obstacle;
	const uint64_t one = (uint64_t)(int64_t)sign;
	uint32_t *nr;

	if (obstacle->owner == LT_NO_OWNER) {
		load->nr_fixed += one;
	} else {
		nr = &load->nr_of[obstacle->owner];
		load->sum.nr_owners += sign > 0 ? !*nr : -(uint64_t)(*nr == 1);
		*nr += (uint32_t)sign;
		load->sum.nr_folios += one;
		load->sum.nr_pages += one * lt_range_nr_pages(obstacle->pfns);
		load->sum.nr_unmovable += obstacle->fate == LT_FATE_UNMOVABLE ? one : 0;
	}
	edge->has_one = lt_obstacle_walk_next(&edge->walk, &edge->obstacle);
}

static bool is_cheaper(const struct lt_cheapest *a, const struct lt_cheapest *b)
{
	if (!b->is_known)
		return true;
	if (a->nr_unmovable != b->nr_unmovable)
		return a->nr_unmovable < b->nr_unmovable;
	if (a->nr_owners != b->nr_owners)
		return a->nr_owners < b->nr_owners;
	return a->nr_folios < b->nr_folios;
}

static void find_in_range(struct lt_explain *explain, struct load *load,
			  const struct lt_search_range *range)
{
	const struct lt_range all = range->pfns;
	const uint64_t nr_pages = needed(&explain->search);
	const uint64_t step = lt_search_step(&explain->search, explain->search.align);
	uint64_t pfn =
		lt_search_align(&explain->search, range, all.start_pfn, explain->search.align);

	edge_enter(&load->low, explain, range);
	edge_enter(&load->high, explain, range);
	for (; pfn <= all.end_pfn && nr_pages <= all.end_pfn - pfn; pfn += step) {
		while (load->high.has_one && load->high.obstacle.pfns.start_pfn < pfn + nr_pages)
			load_add(load, &load->high, 1);
		while (load->low.has_one && load->low.obstacle.pfns.end_pfn <= pfn)
			load_add(load, &load->low, -1);
		if (load->nr_fixed || !load->sum.nr_folios ||
		    range->pages[pfn - all.start_pfn] & LT_SEARCH_TAIL ||
		    !is_cheaper(&load->sum, &explain->cheapest))
			continue;
		explain->cheapest = load->sum;
		explain->cheapest.is_known = true;
		explain->cheapest.pfns = (struct lt_range){ pfn, pfn + explain->search.nr_pages };
	}
	while (load->high.has_one)
		load_add(load, &load->high, 1);
	while (load->low.has_one)
		load_add(load, &load->low, -1);
}

static int find_cheapest(struct lt_explain *explain)
{
	struct load load = { .nr_of = calloc(explain->owners.nr + 1, sizeof(*load.nr_of)) };

	if (!load.nr_of)
		return -ENOMEM;
	lt_vec_each(range, &explain->search.ranges)
		find_in_range(explain, &load, range);
	free(load.nr_of);
	return 0;
}

/* Where the last obstacle of @range ends, which is its start if there is none. */
static uint64_t end_of_last(const struct lt_search_range *range)
{
	uint64_t nr = lt_range_nr_pages(range->pfns);

	while (nr && !lt_fate_is_obstacle(lt_search_fate(range->pages[nr - 1])))
		nr--;
	return range->pfns.start_pfn + nr;
}

/* The room behind the last obstacle grows with the area, whose size is a multiple of blocks. */
static void find_enough(struct lt_explain *explain, const struct lt_search_range *last)
{
	const uint64_t mask = (UINT64_C(1) << explain->search.block_order) - 1;
	const size_t nr_last = lt_range_nr_pages(last->pfns);
	const struct lt_range gap = { end_of_last(last), last->pfns.end_pfn };
	uint64_t nr_pages = 0, start;

	if (nr_last && lt_search_fate(last->pages[nr_last - 1]) == LT_FATE_UNKNOWN)
		return; /* perhaps there is room already */
	start = first_start(explain, last, gap, explain->search.align);
	if (start == gap.end_pfn)
		start = lt_search_align(&explain->search, last, start, explain->search.align);
	if (start + needed(&explain->search) <= gap.end_pfn)
		return;
	lt_vec_each(range, &explain->search.ranges)
		nr_pages += lt_range_nr_pages(range->pfns);
	nr_pages += start + needed(&explain->search) - gap.end_pfn;
	explain->enough_pages = lt_num((nr_pages + mask) & ~mask);
}

static int by_gain(const void *a, const void *b)
{
	const struct lt_obstacle_owner *x = a, *y = b;

	if (x->would_succeed != y->would_succeed)
		return x->would_succeed ? -1 : 1;
	if (x->largest != y->largest)
		return x->largest > y->largest ? -1 : 1;
	if (x->nr_pages != y->nr_pages)
		return x->nr_pages > y->nr_pages ? -1 : 1;
	return x->id < y->id ? -1 : 1;
}

/* Obstacles refer to owners by index, and go on doing so. */
static int sort_owners(struct lt_explain *explain)
{
	struct lt_obstacle_owners *owners = &explain->owners;
	size_t *place = calloc(owners->nr + 1, sizeof(*place));

	if (!place)
		return -ENOMEM;
	if (owners->nr)
		qsort(owners->v, owners->nr, sizeof(*owners->v), by_gain);
	for (size_t i = 0; i < owners->nr; i++)
		place[owners->v[i].id] = i;
	lt_vec_each(obstacle, &explain->obstacles)
		if (obstacle->owner != LT_NO_OWNER)
			obstacle->owner = place[obstacle->owner];
	for (size_t i = 0; i < owners->nr; i++)
		owners->v[i].id = i;
	free(place);
	return 0;
}

int lt_explain_evaluate(struct lt_explain *explain)
{
	const struct lt_search_ranges *ranges = &explain->search.ranges;
	bool is_failure = explain->prediction == LT_PREDICT_FAILURE;
	struct lt_obstacle_walk walk = { 0 };
	int err = 0;

	lt_vec_each(range, ranges)
		evaluate_range(explain, &walk, range);
	if (explain->prediction != LT_PREDICT_SUCCESS)
		err = find_cheapest(explain);
	if (err)
		return err;
	if (ranges->nr && is_failure && explain->reason != LT_REASON_NO_MEMORY)
		find_enough(explain, &ranges->v[ranges->nr - 1]);
	lt_vec_each(owner, &explain->owners)
		if (owner->largest < explain->largest.val)
			owner->largest = explain->largest.val;
	explain->largest.known = lt_snapshot_has_page_states(explain->snap);
	return sort_owners(explain);
}
