/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_BENCH_WAY_H
#define LT_MODEL_BENCH_WAY_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct lt_bench_way - a way to ask for a page that is not in CMA
 * @name:    as in the JSON
 * @what:    for people
 * @flags:   LTPIN_BENCH_*
 * @retries: how often it is repeated
 * @is_short: on a list with one CMA page, which is all that it takes then
 * @has_neighbour: while another task on this CPU frees CMA pages now and then
 */
struct lt_bench_way {
	const char *name, *what;
	uint32_t flags, retries;
	bool is_short, has_neighbour;
};

/* Ended by an empty one. */
extern const struct lt_bench_way lt_bench_ways[];

/* The way of that name, or NULL. */
const struct lt_bench_way *lt_bench_way_find(const char *name);

#endif
