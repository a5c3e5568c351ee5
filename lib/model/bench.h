/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_BENCH_H
#define LT_MODEL_BENCH_H

#include <stdbool.h>

#include "base/interval.h"
#include "base/num.h"
#include "base/vec.h"

/*
 * What a request for one page costs and what it gets, in the scope in which
 * long-term pins allocate ("in scope") and outside.
 */

enum lt_bench_unit {
	LT_BENCH_NS,
	LT_BENCH_INSTRUCTIONS, /* the clock of an emulator that counts them */
};

const char *lt_bench_unit_name(enum lt_bench_unit unit);

/* Median, and the interval of the median. */
struct lt_bench_time {
	double median;
	struct lt_interval ci95;
};

/* One kind of request; times in the unit of struct lt_bench, per page. */
struct lt_bench_cost {
	bool is_movable, in_scope;
	uint32_t nr_samples;
	struct lt_bench_time alloc, free;
};

LT_VEC_OF(lt_bench_costs, struct lt_bench_cost);

/**
 * struct lt_bench_chance - how often a request got a CMA page
 * @way:	name of a row of lt_bench_ways[]
 * @nr_cma:	CMA pages that the per-CPU list was primed with, and
 * @nr_other:	others, in random order
 * @retries:	how often a request that got a CMA page was repeated
 * @nr_samples: requests
 * @nr_landed:	those that got CMA pages only
 * @ci95:	of the share of the latter
 */
struct lt_bench_chance {
	const char *way;
	uint32_t nr_cma, nr_other, retries;
	uint32_t nr_samples, nr_landed;
	struct lt_interval ci95;
};

LT_VEC_OF(lt_bench_chances, struct lt_bench_chance);

/* Pages free in the HIGHATOMIC reserve, before and while atomic requests are held. */
struct lt_bench_held {
	struct lt_num before, during;
};

/**
 * struct lt_bench_reserve - what requests for single pages do to the reserve; not measured: unknown
 * @nr_requests: atomic requests for one movable page
 * @in_scope:	 made in scope
 * @outside:	 made outside
 */
struct lt_bench_reserve {
	struct lt_num nr_requests;
	struct lt_bench_held in_scope, outside;
};

/**
 * struct lt_bench - all measurements
 * @release:	 of the kernel
 * @scope:	 "memalloc_nocma_save" or "memalloc_pin_save"
 * @nr_movable:	 pages of ZONE_MOVABLE, which requests without __GFP_MOVABLE give up
 * @nr_managed:	 pages of all zones
 * @notes:	 what was not measured, and why
 */
struct lt_bench {
	const char *release, *scope;
	enum lt_bench_unit unit;
	struct lt_bench_costs costs;
	struct lt_bench_chances chances;
	struct lt_bench_reserve reserve;
	struct lt_num nr_movable, nr_managed;
	LT_VEC_OF(, const char *) notes;
};

LT_VEC_OF(lt_benches, struct lt_bench);

/* Whether requests in scope took pages that are kept for atomic requests of many. */
bool lt_bench_is_drained(const struct lt_bench *bench);

void lt_bench_fini(struct lt_bench *bench);

#endif
