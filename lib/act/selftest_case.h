/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_CASE_H
#define LT_ACT_SELFTEST_CASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "act/backend.h"
#include "act/prime.h"

#define LT_CASE_THREADS_MAX 2

/**
 * struct lt_case - a row of the table of cases
 * @what:	 one clause for people
 * @breach:	 what this case can show, after "would show"
 * @is_resident: the buffer is in memory, in CMA, before the pin
 * @nr_threads:	 that pin the same buffer at once, each on a CPU of its own; 0
 *		 for a case that only takes the control
 * @rounds:	 times the rounds asked for
 */
struct lt_case {
	const char *name;
	const char *what;
	const char *breach;
	bool is_resident;
	unsigned int nr_threads;
	unsigned int rounds;
};

/* Ended by a NULL name. Adding one is a line in selftest_case.c. */
extern const struct lt_case lt_cases[];

/* Primes and faults, and pins nothing: does this primer work here? */
extern const struct lt_case lt_case_control;

/* Pages. */
struct lt_case_counts {
	uint64_t nr_calls, nr_calls_failed;
	uint64_t nr_pinned, nr_landed;		     /* by the calls that succeeded */
	uint64_t control_faults, control_landed;     /* right before and after each pin */
	uint64_t resident_faults, resident_landed;   /* of the buffer itself, before the pin */
	uint64_t nr_disagreed;			     /* pagemap and the backend name other PFNs */
	int call_err;				     /* of the last call that failed */
};

/**
 * struct lt_case_run - one run of a case, in memory shared by two processes
 * @held:	  see struct lt_prime
 * @pin_since_ms: when the pin that is under way began; 0 between pins
 * @rounds_done:  progress
 * @is_done:	  the process got to its end; @err and @diag are valid then
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
 * @nr_rounds: already times lt_case.rounds
 * @budget_ms: no round is begun after this time, but the first
 * @nr_pages:  per pin call
 * @cpus:      one for each thread
 */
struct lt_case_setup {
	const struct lt_case *what;
	const struct lt_backend *backend;
	const struct lt_primer *primer;
	const struct lt_areas *areas;
	uint32_t nr_rounds, nr_pages;
	unsigned int budget_ms;
	int cpus[LT_CASE_THREADS_MAX];
};

/* The row called @name, or NULL. */
const struct lt_case *lt_case_find(const char *name);

/*
 * Run the case to its end and leave what came of it in @run. To be called in a
 * process of its own, which exits right after: it binds itself to CPUs, and a
 * pin may never return.
 */
void lt_case_execute(const struct lt_case_setup *setup, struct lt_case_run *run);

#endif
