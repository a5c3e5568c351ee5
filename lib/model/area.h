/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_AREA_H
#define LT_MODEL_AREA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/range.h"
#include "base/vec.h"

/*
 * The allocation bitmap of one range: bit i set means that cma_alloc() gave
 * out the pages from i << order_per_bit on. Pages that are only lent to user
 * space are clear in it.
 */
struct lt_bitmap {
	uint32_t *words; /* owned by the area; NULL if not known */
	size_t nr_bits;	 /* clipped to the range */
};

struct lt_area_range {
	struct lt_range pfns;
	struct lt_bitmap bitmap;
};

LT_VEC_OF(lt_area_ranges, struct lt_area_range);

/**
 * struct lt_area - a CMA area; counts in pages
 * @name:	      as the kernel calls it, NULL if no source tells
 * @source:	      name of the source that located it: "cma-debugfs", "klog", ...
 * @ranges:	      where it is; empty if only its name or counters are known
 * @order_per_bit:    2^this pages per bitmap bit
 * @is_listed:	      the kernel itself names it now, where it names all that there are
 * @loose_bitmap:     of its only range, as long as the place or size of that is not known
 * @loose_base_pfn:   where its only range begins, as long as the size is not known
 * @has_ranges_dir:   the kernel shows it as ranges, of which there may be several (7.2)
 * @nr_pages:	      size
 * @nr_allocated:     given out by cma_alloc() ("used" in debugfs)
 * @nr_free:	      free in the page allocator
 * @nr_lent:	      lent to user space or the page cache until a device asks
 * @nr_pinned:	      pages of folios with a pin count, from the module's scan
 * @largest_free_run: longest run cma_alloc() has not given out; lent pages count as free in it
 * @counters:	      sysfs, in pages
 */
struct lt_area {
	const char *name;
	const char *source;
	struct lt_area_ranges ranges;
	struct lt_num order_per_bit;
	bool has_ranges_dir, is_listed;
	struct lt_bitmap loose_bitmap;
	struct lt_num loose_base_pfn;
	struct lt_num nr_pages, nr_allocated, nr_free, nr_lent, nr_pinned;
	struct lt_num largest_free_run;
	struct {
		struct lt_num alloc_success, alloc_fail, release_success;
	} counters;
};

LT_VEC_OF(lt_areas, struct lt_area);

/*
 * Sources pass over more areas, and more ranges of one: far above CONFIG_CMA_AREAS, which is 20
 * unless somebody sets it, and CMA_MAX_RANGES, which is 8. So what is looked up area by area takes
 * no longer than the records that it is looked up for.
 */
#define LT_AREAS_MAX 1024
#define LT_AREA_RANGES_MAX 64

#define LT_NO_AREA SIZE_MAX

void lt_area_fini(struct lt_area *area);
void lt_areas_free(struct lt_areas *areas);

/* Its only range has come: give it the bitmap, if that is known and long enough. */
void lt_area_attach_bitmap(struct lt_area *area);

bool lt_area_has(const struct lt_area *area, uint64_t pfn);

/*
 * From the first to the last PFN of an area; other memory may lie between its ranges. Empty if its
 * place is not known.
 */
struct lt_range lt_area_hull(const struct lt_area *area);

/* Index of the area that holds @pfn, or LT_NO_AREA. */
size_t lt_areas_find_pfn(const struct lt_areas *areas, uint64_t pfn);

/* Index of the area called @name, or LT_NO_AREA. */
size_t lt_areas_find_name(const struct lt_areas *areas, const char *name);

/*
 * Index of the area that a person means by @word: its name, or a PFN in it, since what only the log
 * tells of has no name; or LT_NO_AREA.
 */
size_t lt_areas_find(const struct lt_areas *areas, const char *word);

/* Whether @shown may be what debugfs of 5.10, which has 11 bytes for a name, made of @name. */
bool lt_area_name_is_cut(const char *shown, const char *name);

/* Whether the allocation bitmaps of every range are known. */
bool lt_area_has_bitmaps(const struct lt_area *area);

/* Whether cma_alloc() gave out @pfn of @range. Without a bitmap nothing is known to be given out. */
bool lt_area_is_allocated(const struct lt_area *area, const struct lt_area_range *range,
			  uint64_t pfn);

/* How many pages of @pfns, which lie in @range, cma_alloc() gave out. As lt_area_is_allocated(). */
uint64_t lt_area_nr_allocated(const struct lt_area *area, const struct lt_area_range *range,
			      struct lt_range pfns);

/**
 * lt_areas_are_all() - whether no area is missing
 * @areas:         all that the sources told of so far
 * @cma_total_kib: CmaTotal
 * @page_size:     in bytes
 *
 * Return: true only if every size is known and they add up to CmaTotal.
 */
bool lt_areas_are_all(const struct lt_areas *areas, struct lt_num cma_total_kib,
		      struct lt_num page_size);

/* Whether every page of every area is placed, and no area is missing as far as CmaTotal tells. */
bool lt_areas_are_placed(const struct lt_areas *areas, struct lt_num cma_total_kib,
			 struct lt_num page_size);

/* What cma_alloc() returns if no run of the bitmap is long enough. */
enum lt_full_errno {
	LT_FULL_UNKNOWN,
	LT_FULL_ENOMEM,
	LT_FULL_EBUSY,
};

/*
 * -ENOMEM, and -EBUSY since "mm, cma: support multiple contiguous ranges, if requested"
 * (c009da4258f9, v6.15), which also gave CMA debugfs its directory "ranges". @area may be NULL.
 */
enum lt_full_errno lt_area_full_errno(const struct lt_area *area);

/* Longest run of clear bits over all ranges, in pages; unknown without bitmaps. */
struct lt_num lt_area_longest_free_run(const struct lt_area *area);

#endif
