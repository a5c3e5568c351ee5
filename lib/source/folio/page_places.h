/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_PLACES_H
#define LT_SOURCE_PAGE_PLACES_H

#include "base/compiler.h"
#include "model/snapshot.h"

/* Of a larger ZONE_MOVABLE nothing is looked at: it holds up no allocation from CMA. */
#define LT_MOVABLE_PAGES_MAX 262144

/**
 * struct lt_page_places - where the pages lie whose state is asked for
 * @taken:           of all areas together: ascending, and they neither overlap nor touch
 * @is_area_shared:  by index of the area: some of its pages belong to an area that begins before
 * @is_zone_shared:  by index of the zone: the same of ZONE_MOVABLE
 *
 * No kernel has such areas. Without them each page is looked at once, whatever a capture says.
 */
struct lt_page_places {
	struct lt_ranges taken;
	bool *is_area_shared, *is_zone_shared;
};

/* Return: 0, or -ENOMEM; freed with lt_page_places_fini(), also on failure. */
int lt_page_places_init(const struct lt_snapshot *snap, struct lt_page_places *out)
	__must_check __nonnull_all;
void lt_page_places_fini(struct lt_page_places *places);

/* The pages of @zone from the first to the last if it is a ZONE_MOVABLE that has any; else empty. */
struct lt_range lt_page_places_movable(const struct lt_zone *zone);

/* Cut what lies before the end of the next area off the front of @pfns; return its part outside. */
struct lt_range lt_page_places_next_outside(const struct lt_page_places *places,
					    struct lt_range *pfns);

#endif
