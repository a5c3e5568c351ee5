/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_BENCH_BENCH_JOB_H
#define LT_ACT_BENCH_BENCH_JOB_H

#include "act/bench/bench.h"
#include "base/compiler.h"

/* What the parts of act/bench share. */

/* Samples of one request to the module, so that a signal is not left waiting. */
#define LT_BENCH_CHUNK 100

/**
 * struct lt_bench_job - measurements that are being made
 * @bench:	receives them
 * @area:	CMA area that movable requests are served from
 * @nr_samples: behind each figure
 * @caps:	LTPIN_CAP_*
 * @is_drain_refused: the function that drains the lists is there, and must not be called
 * @fd:		the device
 */
struct lt_bench_job {
	const struct lt_bench_options *options;
	const struct lt_snapshot *snap;
	struct lt_bench *bench;
	struct lt_range area;
	uint32_t nr_samples;
	uint64_t caps;
	bool is_drain_refused;
	int fd;
};

/* Tell why something was not measured; 0 or -ENOMEM. @note outlives the result. */
int lt_bench_add_note(struct lt_bench_job *job, const char *note) __must_check __nonnull_at(1);

bool lt_bench_is_stopped(const struct lt_bench_job *job);
void lt_bench_progress(const struct lt_bench_job *job, const char *what);

/* bench_cost.c, bench_chance.c: 0 or what the module returned. */
int lt_bench_costs(struct lt_bench_job *job) __must_check __nonnull_all;
int lt_bench_chances(struct lt_bench_job *job) __must_check __nonnull_all;

#endif
