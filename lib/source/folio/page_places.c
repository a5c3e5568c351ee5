// SPDX-License-Identifier: LGPL-2.1-or-later
/* Lists the places whose pages are to be read: areas, and ZONE_MOVABLE. */
#include "source/folio/page_places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A range of the area or zone with this index. */
struct place {
	struct lt_range pfns;
	size_t owner;
};

LT_VEC_OF(place_list, struct place);

static int add_place(struct place_list *list, struct lt_range pfns, size_t owner)
{
	struct place *place;

	if (!lt_range_nr_pages(pfns))
		return 0;
	place = lt_vec_push(list);
	if (!place)
		return -ENOMEM;
	*place = (struct place){ pfns, owner };
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct place *one = a, *other = b;

	if (one->pfns.start_pfn != other->pfns.start_pfn)
		return one->pfns.start_pfn < other->pfns.start_pfn ? -1 : 1;
	return (one->owner > other->owner) - (one->owner < other->owner);
}

/* Put what they cover together into @out, which may be NULL, and mark whose pages are taken. */
static int unite(struct place_list *list, struct lt_ranges *out, bool *is_shared)
{
	uint64_t end_pfn = 0;

	if (list->nr)
		qsort(list->v, list->nr, sizeof(*list->v), by_start);
	lt_vec_each(place, list) {
		struct lt_range *last = out && out->nr ? &out->v[out->nr - 1] : NULL;

		is_shared[place->owner] |= place->pfns.start_pfn < end_pfn;
		if (place->pfns.end_pfn > end_pfn)
			end_pfn = place->pfns.end_pfn;
		if (out && (!last || place->pfns.start_pfn > last->end_pfn)) {
			last = lt_vec_push(out);
			if (!last)
				return -ENOMEM;
			last->start_pfn = place->pfns.start_pfn;
		}
		if (last)
			last->end_pfn = end_pfn;
	}
	return 0;
}

struct lt_range lt_page_places_movable(const struct lt_zone *zone)
{
	if (strcmp(zone->name, "Movable") || !zone->start_pfn.known || !zone->nr_spanned.known ||
	    !zone->nr_managed.known || !zone->nr_managed.val)
		return (struct lt_range){ 0 };
	return (struct lt_range){ zone->start_pfn.val, zone->start_pfn.val + zone->nr_spanned.val };
}

static int unite_areas(const struct lt_areas *areas, struct lt_page_places *out)
{
	struct place_list list = { 0 };
	int err = 0;

	for (size_t i = 0; i < areas->nr; i++)
		lt_vec_each(range, &areas->v[i].ranges)
			if (!err)
				err = add_place(&list, range->pfns, i);
	if (!err)
		err = unite(&list, &out->taken, out->is_area_shared);
	lt_vec_free(&list);
	return err;
}

static int unite_zones(const struct lt_zones *zones, struct lt_page_places *out)
{
	struct place_list list = { 0 };
	int err = 0;

	for (size_t i = 0; i < zones->nr && !err; i++)
		err = add_place(&list, lt_page_places_movable(&zones->v[i]), i);
	if (!err)
		err = unite(&list, NULL, out->is_zone_shared);
	lt_vec_free(&list);
	return err;
}

int lt_page_places_init(const struct lt_snapshot *snap, struct lt_page_places *out)
{
	int err;

	*out = (struct lt_page_places){
		.is_area_shared = calloc(snap->areas.nr + 1, sizeof(bool)),
		.is_zone_shared = calloc(snap->zones.nr + 1, sizeof(bool)),
	};
	if (!out->is_area_shared || !out->is_zone_shared)
		return -ENOMEM;
	err = unite_areas(&snap->areas, out);
	return err ? err : unite_zones(&snap->zones, out);
}

void lt_page_places_fini(struct lt_page_places *places)
{
	lt_vec_free(&places->taken);
	free(places->is_area_shared);
	free(places->is_zone_shared);
}

/* Index of the first that ends after @pfn. */
static size_t find_taken(const struct lt_ranges *taken, uint64_t pfn)
{
	size_t low = 0, high = taken->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (taken->v[mid].end_pfn <= pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct lt_range lt_page_places_next_outside(const struct lt_page_places *places,
					    struct lt_range *pfns)
{
	size_t i = find_taken(&places->taken, pfns->start_pfn);
	struct lt_range part = *pfns;

	if (i < places->taken.nr && places->taken.v[i].start_pfn < pfns->end_pfn) {
		part.end_pfn = places->taken.v[i].start_pfn;
		pfns->start_pfn = places->taken.v[i].end_pfn;
	} else {
		pfns->start_pfn = pfns->end_pfn;
	}
	return part;
}
