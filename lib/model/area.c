// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers questions about CMA areas. */
#include "model/area.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void lt_area_fini(struct lt_area *area)
{
	lt_vec_each(range, &area->ranges)
		free(range->bitmap.words);
	lt_vec_free(&area->ranges);
	free(area->loose_bitmap.words);
}

static void clip(struct lt_bitmap *bitmap, size_t nr_bits)
{
	if (nr_bits % 32)
		bitmap->words[nr_bits / 32] &= (UINT32_C(1) << nr_bits % 32) - 1;
	bitmap->nr_bits = nr_bits;
}

void lt_area_attach_bitmap(struct lt_area *area)
{
	struct lt_area_range *range = area->ranges.v;
	const uint64_t order = area->order_per_bit.known ? area->order_per_bit.val : 64;

	if (area->ranges.nr != 1 || !area->loose_bitmap.words || order >= 32 ||
	    lt_range_nr_pages(range->pfns) >> order > area->loose_bitmap.nr_bits)
		return;
	range->bitmap = area->loose_bitmap;
	clip(&range->bitmap, lt_range_nr_pages(range->pfns) >> order);
	area->loose_bitmap = (struct lt_bitmap){ 0 };
	if (!area->largest_free_run.known)
		area->largest_free_run = lt_area_longest_free_run(area);
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

struct lt_range lt_area_hull(const struct lt_area *area)
{
	struct lt_range hull = { 0 };

	if (area->ranges.nr)
		hull = area->ranges.v[0].pfns;
	lt_vec_each(range, &area->ranges) {
		if (range->pfns.start_pfn < hull.start_pfn)
			hull.start_pfn = range->pfns.start_pfn;
		if (range->pfns.end_pfn > hull.end_pfn)
			hull.end_pfn = range->pfns.end_pfn;
	}
	return hull;
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
	size_t found = LT_NO_AREA;

	for (size_t i = 0; i < areas->nr && name; i++) {
		if (!areas->v[i].name || strcmp(areas->v[i].name, name))
			continue;
		if (found != LT_NO_AREA)
			return LT_NO_AREA;
		found = i;
	}
	return found;
}

bool lt_areas_are_all(const struct lt_areas *areas, struct lt_num cma_total_kib,
		      struct lt_num page_size)
{
	struct lt_num sum = lt_num(0);

	lt_vec_each(area, areas)
		sum = lt_num_add(sum, area->nr_pages);
	return areas->nr && sum.known && cma_total_kib.known && page_size.known && page_size.val &&
	       sum.val <= UINT64_MAX / page_size.val && cma_total_kib.val <= UINT64_MAX / 1024 &&
	       sum.val * page_size.val == cma_total_kib.val * 1024;
}

bool lt_areas_are_placed(const struct lt_areas *areas, struct lt_num cma_total_kib,
			 struct lt_num page_size)
{
	lt_vec_each(area, areas) {
		uint64_t nr_pages = 0;

		lt_vec_each(range, &area->ranges)
			nr_pages += lt_range_nr_pages(range->pfns);
		if (!area->nr_pages.known || nr_pages != area->nr_pages.val)
			return false;
	}
	return lt_areas_are_all(areas, cma_total_kib, page_size);
}

size_t lt_areas_find(const struct lt_areas *areas, const char *word)
{
	size_t area = lt_areas_find_name(areas, word);
	struct lt_text text;
	uint64_t pfn;

	lt_text_init(&text, word, strlen(word));
	if (area == LT_NO_AREA && lt_text_number(&text, &pfn) && lt_text_at_end(&text))
		area = lt_areas_find_pfn(areas, pfn);
	return area;
}

/* 15 bytes with "cma-" */
#define CUT_NAME_LEN 11

bool lt_area_name_is_cut(const char *shown, const char *name)
{
	size_t len = strlen(shown);

	return len >= CUT_NAME_LEN && !strncmp(shown, name, len);
}

static bool bit_is_set(const struct lt_bitmap *bitmap, size_t bit)
{
	return bitmap->words[bit / 32] >> (bit % 32) & 1;
}

bool lt_area_has_bitmaps(const struct lt_area *area)
{
	lt_vec_each(range, &area->ranges)
		if (!range->bitmap.words)
			return false;
	return area->ranges.nr && area->order_per_bit.known && area->order_per_bit.val < 32;
}

bool lt_area_is_allocated(const struct lt_area *area, const struct lt_area_range *range,
			  uint64_t pfn)
{
	uint64_t bit;

	if (!range->bitmap.words || !area->order_per_bit.known || area->order_per_bit.val >= 32 ||
	    !lt_range_has(range->pfns, pfn))
		return false;
	bit = (pfn - range->pfns.start_pfn) >> area->order_per_bit.val;
	return bit < range->bitmap.nr_bits && bit_is_set(&range->bitmap, bit);
}

uint64_t lt_area_nr_allocated(const struct lt_area *area, const struct lt_area_range *range,
			      struct lt_range pfns)
{
	const uint64_t base = range->pfns.start_pfn;
	uint64_t nr = 0, next, bit;

	if (!range->bitmap.words || !area->order_per_bit.known || area->order_per_bit.val >= 32)
		return 0;
	for (uint64_t pfn = pfns.start_pfn; pfn < pfns.end_pfn; pfn = next) {
		bit = (pfn - base) >> area->order_per_bit.val;
		if (bit >= range->bitmap.nr_bits)
			break; /* a folio may have more pages than there are bits */
		next = base + ((bit + 1) << area->order_per_bit.val);
		if (next > pfns.end_pfn)
			next = pfns.end_pfn;
		if (bit_is_set(&range->bitmap, bit))
			nr += next - pfn;
	}
	return nr;
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

enum lt_full_errno lt_area_full_errno(const struct lt_area *area)
{
	if (!area)
		return LT_FULL_UNKNOWN;
	if (area->has_ranges_dir)
		return LT_FULL_EBUSY;
	return area->source && !strcmp(area->source, "cma-debugfs") ? LT_FULL_ENOMEM
								    : LT_FULL_UNKNOWN;
}
