/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_ZONE_H
#define LT_MODEL_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/index.h"
#include "base/num.h"
#include "base/text.h"
#include "base/vec.h"

#define LT_NR_ORDERS_MAX 32

/* One CPU's lists of a zone (zoneinfo "pagesets"), in pages. */
struct lt_pcp {
	unsigned int cpu;
	struct lt_num count, high, batch;
};

LT_VEC_OF(lt_pcps, struct lt_pcp);

/* A zone's share of one migratetype (pagetypeinfo). */
struct lt_migratetype {
	const char *name; /* as the kernel prints it: "Movable", "CMA" */
	struct lt_num nr_pageblocks;
	unsigned int nr_orders;		    /* 0: no free counts were printed */
	uint64_t nr_free[LT_NR_ORDERS_MAX]; /* free blocks per order */
	uint32_t at_least;		    /* bit per order: the kernel capped it (">100000") */
};

LT_VEC_OF(lt_migratetypes, struct lt_migratetype);

/* Free blocks of each order, of all migratetypes (buddyinfo); nr_orders is 0 if not known. */
struct lt_free_blocks {
	unsigned int nr_orders;
	uint64_t nr[LT_NR_ORDERS_MAX];
};

/*
 * One zone of one node; counts in pages. What @nr_protected are is kept from
 * allocations that could as well come from higher zones (the largest of "protection").
 */
struct lt_zone {
	unsigned int node;
	const char *name;
	struct lt_num nr_free, nr_managed, nr_present, nr_spanned, start_pfn;
	struct lt_num nr_protected;
	struct lt_num nr_cma;	   /* zoneinfo "cma", 6.1 and later */
	struct lt_num nr_free_cma; /* buddy allocator only, not the per-CPU lists */
	/* pages outside CMA of folios with a pin count, and the first; of ZONE_MOVABLE alone */
	struct lt_num nr_pinned, first_pinned_pfn;
	struct {
		struct lt_num min, low, high;
	} watermark;
	struct lt_pcps pcp;
	struct lt_migratetypes types;
	struct lt_free_blocks free_blocks;
};

/* A vector; lt_zones_get() alone adds to it. */
struct lt_zones {
	struct lt_zone *v;
	size_t nr, cap;
	struct lt_index by_name;
};

/* The zone (@node, @name), appended empty if there is none; NULL when out of memory. @name is interned. */
struct lt_zone *lt_zones_get(struct lt_zones *zones, unsigned int node, const char *name);

/* Whether the kernel says that @zone has no page: it lists zones that the machine does not have. */
static inline bool lt_zone_is_empty(const struct lt_zone *zone)
{
	return zone->nr_managed.known && !zone->nr_managed.val;
}

/* The migratetype @name of @zone, appended empty if there is none; NULL when out of memory. */
struct lt_migratetype *lt_zone_type(struct lt_zone *zone, const char *name);

void lt_zones_free(struct lt_zones *zones);

#endif
