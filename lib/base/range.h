/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_RANGE_H
#define LT_BASE_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* PFNs from @start_pfn up to, not including, @end_pfn. */
struct lt_range {
	uint64_t start_pfn;
	uint64_t end_pfn;
};

LT_VEC_OF(lt_ranges, struct lt_range);

static inline uint64_t lt_range_nr_pages(struct lt_range r)
{
	return r.end_pfn > r.start_pfn ? r.end_pfn - r.start_pfn : 0;
}

static inline bool lt_range_has(struct lt_range r, uint64_t pfn)
{
	return pfn >= r.start_pfn && pfn < r.end_pfn;
}

static inline bool lt_range_is_overlapping(struct lt_range a, struct lt_range b)
{
	return a.start_pfn < b.end_pfn && b.start_pfn < a.end_pfn;
}

static inline uint64_t lt_range_nr_common(struct lt_range a, struct lt_range b)
{
	return lt_range_nr_pages((struct lt_range){
		a.start_pfn > b.start_pfn ? a.start_pfn : b.start_pfn,
		a.end_pfn < b.end_pfn ? a.end_pfn : b.end_pfn,
	});
}

/* Pages in all of @ranges. */
static inline uint64_t lt_ranges_nr_pages(const struct lt_ranges *ranges)
{
	uint64_t nr_pages = 0;

	lt_vec_each(range, ranges)
		nr_pages += lt_range_nr_pages(*range);
	return nr_pages;
}

#endif
