// SPDX-License-Identifier: LGPL-2.1-or-later
/* Joins what sources say of an area in parts: a name and size here, a place there. */
#include "model/area_match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Past that many the pairs are not searched: kernels have room for 64 areas at most. */
#define NR_OPEN_MAX 64

/* Entries that may be parts of one area: of those without a place, and of places without a name. */
struct puzzle {
	struct lt_areas *areas;
	const struct lt_area_facts *facts;
	size_t open[NR_OPEN_MAX], places[NR_OPEN_MAX];
	size_t nr_open, nr_places;
	bool fits[NR_OPEN_MAX][NR_OPEN_MAX]; /* [place][open] */
};

static bool is_from(const struct lt_area *area, const char *source)
{
	return area->source && !strcmp(area->source, source);
}

/* The log, the command line and the device tree tell places, of areas or of what was to be one. */
static bool is_place(const struct lt_area *area)
{
	return !area->is_listed && area->ranges.nr == 1;
}

static bool is_open(const struct lt_area *area)
{
	return !area->ranges.nr && !(area->nr_pages.known && !area->nr_pages.val);
}

/* The kernel prints whole MiB of a size. */
static bool is_same_size(const struct lt_area *place, uint64_t nr_pages, uint64_t page_size)
{
	const uint64_t nr = place->nr_pages.val;

	if (nr == nr_pages || !is_from(place, "klog"))
		return nr == nr_pages;
	return nr_pages <= UINT64_MAX / page_size &&
	       nr_pages * page_size >> 20 == nr * page_size >> 20;
}

static bool is_same_name(const struct lt_area *a, const struct lt_area *b)
{
	return !a->name || !b->name || !strcmp(a->name, b->name) ||
	       lt_area_name_is_cut(a->name, b->name) || lt_area_name_is_cut(b->name, a->name);
}

static bool is_fitting(const struct puzzle *puzzle, const struct lt_area *place,
		       const struct lt_area *open)
{
	return is_same_name(place, open) &&
	       (!open->nr_pages.known ||
		is_same_size(place, open->nr_pages.val, puzzle->facts->page_size.val));
}

static void set_up(struct puzzle *puzzle)
{
	struct lt_areas *areas = puzzle->areas;

	puzzle->nr_open = puzzle->nr_places = 0;
	for (size_t i = 0; i < areas->nr; i++) {
		if (is_open(&areas->v[i]) && puzzle->nr_open < NR_OPEN_MAX)
			puzzle->open[puzzle->nr_open++] = i;
		else if (is_place(&areas->v[i]) && puzzle->nr_places < NR_OPEN_MAX)
			puzzle->places[puzzle->nr_places++] = i;
	}
	for (size_t p = 0; p < puzzle->nr_places; p++)
		for (size_t o = 0; o < puzzle->nr_open; o++)
			puzzle->fits[p][o] = is_fitting(puzzle, &areas->v[puzzle->places[p]],
							&areas->v[puzzle->open[o]]);
}

#define NONE SIZE_MAX

struct matching {
	const struct puzzle *puzzle;
	size_t of_open[NR_OPEN_MAX]; /* the place, + 1 */
	bool is_seen[NR_OPEN_MAX];
	size_t left_out; /* an area that is taken */
};

/* One more place gets an area, if need be by others' moving. */
static bool augment(struct matching *matching, size_t place)
{
	const struct puzzle *puzzle = matching->puzzle;

	for (size_t o = 0; o < puzzle->nr_open; o++) {
		if (!puzzle->fits[place][o] || matching->is_seen[o] || o == matching->left_out)
			continue;
		matching->is_seen[o] = true;
		if (!matching->of_open[o] || augment(matching, matching->of_open[o] - 1)) {
			matching->of_open[o] = place + 1;
			return true;
		}
	}
	return false;
}

/* How many places can have an area of their own, without @place and @open. */
static size_t nr_matched(const struct puzzle *puzzle, size_t place, size_t open)
{
	struct matching matching = { .puzzle = puzzle, .left_out = open };
	size_t nr = 0;

	for (size_t p = 0; p < puzzle->nr_places; p++) {
		memset(matching.is_seen, 0, sizeof(matching.is_seen));
		nr += p != place && augment(&matching, p);
	}
	return nr;
}

/*
 * The only area that @place can be of, if as many places as possible are of areas; NONE if there
 * are several, or if another place could be of that area instead.
 */
static size_t find_only(const struct puzzle *puzzle, size_t place)
{
	const size_t nr = nr_matched(puzzle, NONE, NONE);
	size_t found = NONE;

	if (nr_matched(puzzle, place, NONE) == nr)
		return NONE;
	for (size_t o = 0; o < puzzle->nr_open; o++) {
		if (!puzzle->fits[place][o] || nr_matched(puzzle, place, o) + 1 != nr)
			continue;
		if (found != NONE)
			return NONE;
		found = o;
	}
	return found;
}

static void remove_area(struct lt_areas *areas, size_t i)
{
	lt_area_fini(&areas->v[i]);
	memmove(&areas->v[i], &areas->v[i + 1], (areas->nr - i - 1) * sizeof(areas->v[0]));
	areas->nr--;
}

/* @area is where @place is. */
static void unite(struct lt_areas *areas, size_t open, size_t place)
{
	struct lt_area *area = &areas->v[open], *from = &areas->v[place];
	struct lt_range *pfns = &from->ranges.v[0].pfns;

	area->ranges = from->ranges;
	from->ranges = (struct lt_area_ranges){ 0 };
	area->source = from->source;
	if (!area->name)
		area->name = from->name;
	if (area->nr_pages.known)
		pfns->end_pfn = pfns->start_pfn + area->nr_pages.val; /* not rounded down */
	else
		area->nr_pages = from->nr_pages;
	lt_area_attach_bitmap(area);
	remove_area(areas, place);
}

/* Put one pair together; whether there was one. */
static bool unite_one(struct puzzle *puzzle)
{
	set_up(puzzle);
	for (size_t p = 0; p < puzzle->nr_places; p++) {
		size_t open = find_only(puzzle, p);

		if (open == NONE)
			continue;
		unite(puzzle->areas, puzzle->open[open], puzzle->places[p]);
		return true;
	}
	return false;
}

static uint64_t total_pages(const struct lt_area_facts *facts)
{
	return facts->total_kib.known ? facts->total_kib.val / (facts->page_size.val / 1024) : 0;
}

/* Kernels that list areas list all: the only size that is not known is what the others leave. */
static void complete_size(struct lt_areas *areas, const struct lt_area_facts *facts)
{
	const uint64_t total = total_pages(facts);
	struct lt_area *unsized = NULL;
	uint64_t sum = 0;

	lt_vec_each(area, areas) {
		if (!area->is_listed)
			continue;
		if (!area->nr_pages.known && unsized)
			return;
		if (!area->nr_pages.known)
			unsized = area;
		sum += area->nr_pages.known ? area->nr_pages.val : 0;
	}
	if (unsized && total > sum)
		unsized->nr_pages = lt_num(total - sum);
}

/* CMA memory lies in zones that have some, where they tell. */
static bool is_in_cma_zone(const struct lt_area_facts *facts, struct lt_range pfns)
{
	bool is_told = false;

	lt_vec_each(zone, facts->zones) {
		struct lt_range span = { zone->start_pfn.val,
					 zone->start_pfn.val + zone->nr_spanned.val };

		if (!zone->nr_cma.known || !zone->start_pfn.known || !zone->nr_spanned.known)
			continue;
		is_told |= zone->nr_cma.val > 0;
		if (zone->nr_cma.val && pfns.start_pfn >= span.start_pfn &&
		    pfns.end_pfn <= span.end_pfn)
			return true;
	}
	return !is_told;
}

static bool is_taken(const struct lt_areas *areas, struct lt_range pfns)
{
	lt_vec_each(area, areas)
		lt_vec_each(range, &area->ranges)
			if (lt_range_is_overlapping(range->pfns, pfns))
				return true;
	return false;
}

/* The only reserved memory that an area of @nr_pages can be; NULL. */
static const struct lt_range *find_reserved(const struct lt_areas *areas,
					    const struct lt_area_facts *facts, uint64_t nr_pages)
{
	const uint64_t block = facts->pageblock_pages ? facts->pageblock_pages : 1;
	const struct lt_range *found = NULL;

	lt_vec_each(range, &facts->memory->reserved) {
		if (lt_range_nr_pages(*range) != nr_pages || range->start_pfn % block ||
		    is_taken(areas, *range) || !is_in_cma_zone(facts, *range))
			continue;
		if (found)
			return NULL;
		found = range;
	}
	return found;
}

static bool is_only_of_its_size(const struct lt_areas *areas, const struct lt_area *area)
{
	lt_vec_each(other, areas)
		if (other != area && !other->ranges.nr &&
		    (!other->nr_pages.known || other->nr_pages.val == area->nr_pages.val))
			return false;
	return true;
}

static int add_range(struct lt_area *area, struct lt_range pfns, const char *source)
{
	struct lt_area_range *range = lt_vec_push(&area->ranges);

	if (!range)
		return -ENOMEM;
	range->pfns = pfns;
	area->source = source;
	lt_area_attach_bitmap(area);
	return 0;
}

/* Where it begins one source said, its size another. */
static int place_by_base(struct lt_areas *areas)
{
	int err = 0;

	lt_vec_each(area, areas) {
		const uint64_t base = area->loose_base_pfn.val;

		if (area->ranges.nr || !area->loose_base_pfn.known || !area->nr_pages.val ||
		    area->nr_pages.val > UINT64_MAX - base)
			continue;
		err = err ? err
			  : add_range(area, (struct lt_range){ base, base + area->nr_pages.val },
				      area->source);
	}
	return err;
}

static int place_by_iomem(struct lt_areas *areas, const struct lt_area_facts *facts)
{
	lt_vec_each(area, areas) {
		const struct lt_range *reserved;

		if (area->ranges.nr || !area->nr_pages.known || !area->nr_pages.val ||
		    !is_only_of_its_size(areas, area))
			continue;
		reserved = find_reserved(areas, facts, area->nr_pages.val);
		if (reserved && add_range(area, *reserved, "iomem"))
			return -ENOMEM;
	}
	return 0;
}

/* Whether the areas that the kernel lists have their places, and there are no others. */
static bool is_list_complete(const struct lt_areas *areas, const struct lt_area_facts *facts)
{
	uint64_t sum = 0;

	lt_vec_each(area, areas) {
		if (!area->is_listed)
			continue;
		if (!area->ranges.nr || !area->nr_pages.known)
			return false;
		sum += area->nr_pages.val;
	}
	return sum && sum == total_pages(facts);
}

/* One whose activation failed was reserved, or asked for, too. */
static void drop_failed(struct lt_areas *areas, const struct lt_area_facts *facts)
{
	bool is_listed = is_list_complete(areas, facts);

	for (size_t i = areas->nr; i-- > 0;)
		if (is_listed && !areas->v[i].is_listed)
			remove_area(areas, i);
}

int lt_areas_match(struct lt_areas *areas, const struct lt_area_facts *facts)
{
	struct puzzle *puzzle;
	int err;

	if (!areas->nr || !facts->page_size.known || facts->page_size.val < 1024)
		return 0;
	puzzle = malloc(sizeof(*puzzle));
	if (!puzzle)
		return -ENOMEM;
	*puzzle = (struct puzzle){ .areas = areas, .facts = facts };
	complete_size(areas, facts);
	err = place_by_base(areas);
	while (!err && unite_one(puzzle))
		;
	free(puzzle);
	if (!err)
		err = place_by_iomem(areas, facts);
	if (!err)
		drop_failed(areas, facts);
	return err;
}
