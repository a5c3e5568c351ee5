// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What it would take. Obstacles cut the area into gaps; without the pages of an
 * owner, gaps beside them become one. Each of these passes over the obstacles,
 * or over the windows, moves forward only.
 */
#include <errno.h>
#include <stdlib.h>

#include "analyse/explain_part.h"

/* Obstacles of one range: explain->obstacles.v[@first] up to, not including, @end. */
struct walls {
	const struct lt_search_range *range;
	size_t first, end;
};

static struct lt_range gap_between(const struct lt_explain *explain, const struct walls *walls,
				   size_t before, size_t after)
{
	const struct lt_obstacle *v = explain->obstacles.v;

	/* @before is the index after the wall on the left. */
	return (struct lt_range){
		before > walls->first ? v[before - 1].pfns.end_pfn : walls->range->pfns.start_pfn,
		after < walls->end ? v[after].pfns.start_pfn : walls->range->pfns.end_pfn,
	};
}

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

/* Without the obstacles from @first up to @end, which are all of @owner. */
static void gain(struct lt_explain *explain, const struct walls *walls, size_t first, size_t end)
{
	struct lt_obstacle_owner *owner = &explain->owners.v[explain->obstacles.v[first].owner];
	struct lt_range gap = gap_between(explain, walls, first, end);
	uint64_t largest = largest_in(explain, walls->range, gap);

	if (largest > owner->largest)
		owner->largest = largest;
	owner->would_succeed |= would_fit(explain, walls->range, gap);
}

static void evaluate_range(struct lt_explain *explain, const struct walls *walls)
{
	const struct lt_obstacle *v = explain->obstacles.v;
	size_t next;

	for (size_t i = walls->first; i <= walls->end; i++) {
		struct lt_range gap = gap_between(explain, walls, i, i);
		uint64_t largest = largest_in(explain, walls->range, gap);

		if (largest > explain->largest.val)
			explain->largest.val = largest;
	}
	for (size_t i = walls->first; i < walls->end; i = next) {
		for (next = i + 1; next < walls->end && v[next].owner == v[i].owner;)
			next++;
		if (v[i].owner != LT_NO_OWNER)
			gain(explain, walls, i, next);
	}
}

/* Obstacles in a window that moves forward. */
struct load {
	size_t low, high;  /* obstacles in it */
	uint32_t *nr_of;   /* folios of each owner */
	uint64_t nr_fixed; /* obstacles that nobody can release */
	struct lt_cheapest sum;
};

static void load_add(const struct lt_explain *explain, struct load *load, size_t i, int sign)
{
	const struct lt_obstacle *obstacle = &explain->obstacles.v[i];
	const uint64_t one = (uint64_t)(int64_t)sign;
	uint32_t *nr;

	if (obstacle->owner == LT_NO_OWNER) {
		load->nr_fixed += one;
		return;
	}
	nr = &load->nr_of[obstacle->owner];
	load->sum.nr_owners += sign > 0 ? !*nr : -(uint64_t)(*nr == 1);
	*nr += (uint32_t)sign;
	load->sum.nr_folios += one;
	load->sum.nr_pages += one * lt_range_nr_pages(obstacle->pfns);
	load->sum.nr_unmovable += obstacle->fate == LT_FATE_UNMOVABLE ? one : 0;
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

static void find_cheapest(struct lt_explain *explain, const struct walls *walls, uint32_t *nr_of)
{
	const struct lt_obstacle *v = explain->obstacles.v;
	const struct lt_range all = walls->range->pfns;
	const uint64_t nr_pages = needed(&explain->search);
	const uint64_t step = lt_search_step(&explain->search, explain->search.align);
	struct load load = { .low = walls->first, .high = walls->first, .nr_of = nr_of };
	uint64_t pfn = lt_search_align(&explain->search, walls->range, all.start_pfn,
				       explain->search.align);

	for (; pfn <= all.end_pfn && nr_pages <= all.end_pfn - pfn; pfn += step) {
		while (load.high < walls->end && v[load.high].pfns.start_pfn < pfn + nr_pages)
			load_add(explain, &load, load.high++, 1);
		while (load.low < load.high && v[load.low].pfns.end_pfn <= pfn)
			load_add(explain, &load, load.low++, -1);
		if (load.nr_fixed || !load.sum.nr_folios ||
		    walls->range->pages[pfn - all.start_pfn] & LT_SEARCH_TAIL ||
		    !is_cheaper(&load.sum, &explain->cheapest))
			continue;
		explain->cheapest = load.sum;
		explain->cheapest.is_known = true;
		explain->cheapest.pfns = (struct lt_range){ pfn, pfn + explain->search.nr_pages };
	}
	while (load.low < load.high)
		load_add(explain, &load, load.low++, -1);
}

/* The room behind the last obstacle grows with the area, whose size is a multiple of blocks. */
static void find_enough(struct lt_explain *explain, const struct walls *last)
{
	const uint64_t mask = (UINT64_C(1) << explain->search.block_order) - 1;
	struct lt_range gap = gap_between(explain, last, last->end, last->end);
	uint64_t nr_pages = 0, start;

	if (last->end > last->first &&
	    explain->obstacles.v[last->end - 1].fate == LT_FATE_UNKNOWN &&
	    gap.start_pfn == gap.end_pfn)
		return; /* perhaps there is room already */
	start = first_start(explain, last->range, gap, explain->search.align);
	if (start == gap.end_pfn)
		start = lt_search_align(&explain->search, last->range, start,
					explain->search.align);
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

/* The obstacles of @range, from index @first on. */
static struct walls walls_of(const struct lt_explain *explain, const struct lt_search_range *range,
			     size_t first)
{
	struct walls walls = { .range = range, .first = first, .end = first };

	while (walls.end < explain->obstacles.nr &&
	       lt_range_has(range->pfns, explain->obstacles.v[walls.end].pfns.start_pfn))
		walls.end++;
	return walls;
}

int lt_explain_evaluate(struct lt_explain *explain)
{
	uint32_t *nr_of = calloc(explain->owners.nr + 1, sizeof(*nr_of));
	bool is_failure = explain->prediction == LT_PREDICT_FAILURE;
	struct walls walls = { 0 };

	if (!nr_of)
		return -ENOMEM;
	lt_vec_each(range, &explain->search.ranges) {
		walls = walls_of(explain, range, walls.end);
		evaluate_range(explain, &walls);
		if (explain->prediction != LT_PREDICT_SUCCESS)
			find_cheapest(explain, &walls, nr_of);
	}
	if (walls.range && is_failure && explain->reason != LT_REASON_NO_MEMORY)
		find_enough(explain, &walls);
	lt_vec_each(owner, &explain->owners)
		if (owner->largest < explain->largest.val)
			owner->largest = explain->largest.val;
	explain->largest.known = lt_snapshot_has_page_states(explain->snap);
	free(nr_of);
	return sort_owners(explain);
}
