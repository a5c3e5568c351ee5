/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_BITMAP_H
#define LT_SOURCE_KLOG_KLOG_BITMAP_H

#include "base/num.h"
#include "base/text.h"
#include "base/vec.h"

/*
 * CONFIG_CMA_ALIGNMENT, unless somebody changed it: what drivers ask for is aligned to no more. So
 * are areas: they begin at a multiple of a pageblock, which is never smaller.
 */
#define LT_KLOG_ALIGN_MAX 8

/**
 * struct lt_klog_bitmap - an area's allocation bitmap as a failed cma_alloc() printed it
 * @is_open:	 begun, its total has not come yet
 * @is_complete: its total has come
 * @is_by_range: the kernel lists the ranges of an area
 * @is_damaged:	 what the kernel cannot have printed: the runs are not believed
 * @nr_listed:	 pages of all runs that were printed
 * @nr_largest:	 pages of the longest of them
 * @nr_aligned:	 the same from the first multiple of 2^ORDER pages in the run on, by ORDER
 * @nr_free:	 pages free, by the total
 * @nr_total:	 pages of the area, by the total
 * @has_positions: every run has one
 * @last_start, @last_nr: the last run of the range
 * @end:	 the largest sum of a run's position and size
 * @is_overlapping: a run begins where the one before it still goes on, or ends: positions and
 *		 sizes are not in one unit
 */
struct lt_klog_bitmap {
	bool is_open, is_complete, is_by_range, is_damaged;
	uint64_t nr_listed, nr_largest, nr_free, nr_total;
	uint64_t nr_aligned[LT_KLOG_ALIGN_MAX + 1];
	uint64_t last_start, last_nr, end;
	bool has_positions, is_overlapping;
};

LT_VEC_OF(lt_klog_bitmaps, struct lt_klog_bitmap);

/* Begin after "number of available pages:". */
void lt_klog_bitmap_begin(struct lt_klog_bitmap *bitmap);

/* The cursor stands behind "range N:". */
void lt_klog_bitmap_range(struct lt_klog_bitmap *bitmap);

/* Take runs, the total, or both; whatever else there is, damages it. */
void lt_klog_bitmap_parse(struct lt_klog_bitmap *bitmap, struct lt_text text);

/* Whether @text can only be the rest of a bitmap line that was broken. */
bool lt_klog_bitmap_is_rest(struct lt_text text);

/**
 * lt_klog_bitmap_nr_free() - pages that cma_alloc() had not given out
 * @order_per_bit: of the area
 * @is_scaled:	   the kernel is known to have counted pages, not bits
 *
 * Return: unknown if the total has not come, or cannot be believed.
 */
struct lt_num lt_klog_bitmap_nr_free(const struct lt_klog_bitmap *bitmap,
				     struct lt_num order_per_bit, bool is_scaled);

/* The longest run of them, in pages; unknown also if not every run was printed. */
struct lt_num lt_klog_bitmap_largest(const struct lt_klog_bitmap *bitmap,
				     struct lt_num order_per_bit, bool is_scaled);

/**
 * lt_klog_bitmap_aligned() - the longest run that begins where a request may begin, in pages
 * @align: of the request, as an order
 *
 * Return: unknown if the longest run is, if positions may be in another unit than sizes, and for an
 * alignment that areas need not have.
 */
struct lt_num lt_klog_bitmap_aligned(const struct lt_klog_bitmap *bitmap,
				     struct lt_num order_per_bit, bool is_scaled, uint64_t align);

#endif
