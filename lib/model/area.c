// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/area.h"

#include <stdlib.h>
#include <string.h>

void lt_area_fini(struct lt_area *area)
{
	lt_vec_each(range, &area->ranges)
		free(range->bitmap.words);
	lt_vec_free(&area->ranges);
}

void lt_areas_free(struct lt_areas *areas)
{
	lt_vec_each(area, areas)
		lt_area_fini(area);
	lt_vec_free(areas);
}

bool lt_area_has(const struct lt_area *area, uint64_t pfn)
{
	lt_vec_each(range, &area->ranges)
		if (lt_range_has(range->pfns, pfn))
			return true;
	return false;
}

size_t lt_areas_find_pfn(const struct lt_areas *areas, uint64_t pfn)
{
	for (size_t i = 0; i < areas->nr; i++)
		if (lt_area_has(&areas->v[i], pfn))
			return i;
	return LT_NO_AREA;
}

size_t lt_areas_find_name(const struct lt_areas *areas, const char *name)
{
	for (size_t i = 0; i < areas->nr && name; i++)
		if (areas->v[i].name && !strcmp(areas->v[i].name, name))
			return i;
	return LT_NO_AREA;
}

static bool bit_is_set(const struct lt_bitmap *bitmap, size_t bit)
{
	return bitmap->words[bit / 32] >> (bit % 32) & 1;
}

struct lt_num lt_area_longest_free_run(const struct lt_area *area)
{
	size_t longest = 0;

	if (!area->ranges.nr || !area->order_per_bit.known)
		return (struct lt_num){ 0 };
	lt_vec_each(range, &area->ranges) {
		size_t run = 0;

		if (!range->bitmap.words)
			return (struct lt_num){ 0 };
		for (size_t bit = 0; bit < range->bitmap.nr_bits; bit++) {
			run = bit_is_set(&range->bitmap, bit) ? 0 : run + 1;
			if (run > longest)
				longest = run;
		}
	}
	return lt_num((uint64_t)longest << area->order_per_bit.val);
}
