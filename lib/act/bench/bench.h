/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_BENCH_BENCH_H
#define LT_ACT_BENCH_BENCH_H

#include <signal.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "model/bench.h"
#include "model/bench_way.h"
#include "model/snapshot.h"

#define LT_BENCH_SAMPLES 1000
#define LT_BENCH_SAMPLES_MAX 1000000

/**
 * struct lt_bench_options
 * @nr_samples: of each row; 0 for LT_BENCH_SAMPLES
 * @no_cost, @no_chance, @no_reserve: what to leave out
 * @stop:	becomes non-zero when to give up; may be NULL
 * @in_use:	measure chance even if somebody else allocates from CMA
 * @notice:	called with what the user must know before it starts; may be NULL
 * @progress:	called with what comes next; may be NULL
 */
struct lt_bench_options {
	uint32_t nr_samples;
	bool no_cost, no_chance, no_reserve, in_use;
	const volatile sig_atomic_t *stop;
	void (*notice)(const char *what);
	void (*progress)(const char *what);
};

/**
 * lt_bench_run() - measure
 * @snap: of the running system, for areas and zones; strings of @out live in it
 * @out:  freed with lt_bench_fini()
 *
 * Runs on the CPU that it starts on. What cannot be measured here is told in
 * lt_bench.notes. Nothing stays allocated, however it ends.
 *
 * Return: 0; -EBUSY somebody else allocates from CMA; -ENOENT no module, -EPERM,
 * -EACCES, -ENOTTY an older module: why and what to do in @diag; -EINTR given up;
 * -ENOMEM.
 */
int lt_bench_run(struct lt_snapshot *snap, const struct lt_bench_options *options,
		 struct lt_bench *out, struct lt_diag *diag) __must_check __nonnull_at(1, 2, 3);

#endif
