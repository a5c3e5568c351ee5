// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers questions about measurements of `ltpin bench`. */
#include "model/bench.h"

const char *lt_bench_unit_name(enum lt_bench_unit unit)
{
	return unit == LT_BENCH_INSTRUCTIONS ? "instructions" : "ns";
}

/* Others use the reserve meanwhile: half of the requests must show. */
static bool is_eaten(const struct lt_bench_held *held, struct lt_num nr_requests)
{
	struct lt_num eaten = lt_num_sub(held->before, held->during);

	return nr_requests.known && eaten.known && eaten.val >= (nr_requests.val + 1) / 2;
}

bool lt_bench_is_drained(const struct lt_bench *bench)
{
	const struct lt_bench_reserve *reserve = &bench->reserve;

	return is_eaten(&reserve->in_scope, reserve->nr_requests) &&
	       !is_eaten(&reserve->outside, reserve->nr_requests);
}

void lt_bench_fini(struct lt_bench *bench)
{
	lt_vec_free(&bench->costs);
	lt_vec_free(&bench->chances);
	lt_vec_free(&bench->notes);
}
