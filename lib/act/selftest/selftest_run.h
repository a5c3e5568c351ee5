/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_SELFTEST_RUN_H
#define LT_ACT_SELFTEST_SELFTEST_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "act/prime/prime.h"
#include "act/selftest/selftest_case.h"
#include "base/range.h"

/* Pages, but for calls. "Landed": in the target of the case, where no long-term pin belongs. */
struct lt_case_counts {
	uint64_t nr_calls, nr_calls_failed;
	uint64_t nr_calls_contended;		   /* while the rival allocation was under way */
	uint64_t nr_pinned, nr_landed;		   /* by the calls that succeeded */
	uint64_t control_faults, control_landed;   /* right before and after each pin */
	uint64_t resident_faults, resident_landed; /* of the buffer itself, before the pin */
	uint64_t nr_disagreed;			   /* pagemap and the backend name other PFNs */
	int call_err;				   /* of the last call that failed */
};

/**
 * struct lt_case_run - one run of a case, in memory shared by two processes
 * @held:	  see struct lt_prime
 * @pin_since_ms: when the pin that is under way began; 0 between pins
 * @rounds_done:  progress
 * @is_done:	  the process got to its end; @err and @diag are valid then
 * @err:	  -EOPNOTSUPP: the case cannot be run here, @diag says why
 */
struct lt_case_run {
	_Atomic uint32_t held;
	_Atomic uint64_t pin_since_ms;
	_Atomic uint32_t rounds_done;
	atomic_bool is_done;
	struct lt_case_counts counts;
	int err;
	struct lt_diag diag;
};

/**
 * struct lt_case_setup - what to run
 * @target:    the page frames of lt_situation.target
 * @nr_rounds: already times lt_case_rounds()
 * @budget_ms: no round is begun after this time, but the first
 * @nr_pages:  per pin call, in whole units of the memory
 * @nr_control: control pages before, and as many after the pin
 * @cpus:      one for each thread
 * @is_hidden: the kernel does not tell this user where pages lie: none counts as landed
 */
struct lt_case_setup {
	const struct lt_case *what;
	const struct lt_backend *backend;
	const struct lt_primer *primer;
	const struct lt_areas *areas;
	const struct lt_ranges *target;
	uint32_t nr_rounds, nr_pages, nr_control;
	unsigned int budget_ms;
	int cpus[LT_CASE_THREADS_MAX];
	bool is_hidden;
};

/*
 * Run the case to its end and leave what came of it in @run. To be called in a
 * process of its own, which exits right after: it binds itself to CPUs, and a
 * pin may never return.
 */
void lt_case_execute(const struct lt_case_setup *setup, struct lt_case_run *run);

#endif
