/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_SELFTEST_CASE_H
#define LT_ACT_SELFTEST_SELFTEST_CASE_H

#include <stdbool.h>

#include "act/backend/backend.h"
#include "act/selftest/pin_scope.h"
#include "base/compiler.h"
#include "base/vec.h"

/* Pin calls that are made at once, at most. */
#define LT_CASE_THREADS_MAX 2

/* Where a long-term pin must not stay. */
enum lt_target {
	LT_TARGET_CMA,
	LT_TARGET_MOVABLE, /* ZONE_MOVABLE */
};

/* What gets in the way of the pin. */
enum lt_rival {
	LT_RIVAL_NONE,
	LT_RIVAL_ALLOCATION, /* a contiguous allocation of just these pages, on another CPU */
	LT_RIVAL_REFERENCE,  /* a reference of somebody else's: the first page cannot move */
};

/**
 * struct lt_situation - in which memory is pinned
 * @what:	 one clause for people
 * @breach:	 what it can show, after "would show"
 * @is_resident: the memory is in @target before the pin
 * @needs_target_next: what is allocated next has to come from @target, too, or
 *		 nothing could be seen
 * @all_ways:	 also read only, and through gup-fast
 * @backings:	 1 << enum lt_backing, of each that it is run with
 * @race:	 what it is called with two threads; NULL for NAME-race
 * @nr_classic:	 pinned plainly by up to so many threads it is one of the classic cases, which are
 *		 run and required when none is named
 * @default_backings: of which it is run too then, pinned plainly by one thread
 */
struct lt_situation {
	const char *name;
	const char *what;
	const char *breach;
	enum lt_target target;
	enum lt_rival rival;
	bool is_resident;
	bool needs_target_next;
	bool all_ways;
	unsigned int backings;
	const char *race;
	unsigned int nr_classic;
	unsigned int default_backings;
};

/**
 * struct lt_case - a situation, a kind of memory and a way to pin it
 * @name:	SITUATION[-race][-BACKING][-read][-fast], or what the situation calls its race
 * @nr_threads: that pin the same memory at once, each on a CPU of its own; 0
 *		for a case that only takes the control
 * @flags:	LT_PIN_*
 * @is_default: run when no case is named
 * @is_required: without an answer from it there is no verdict: the classic cases, and
 *		those that were named one by one
 */
struct lt_case {
	char name[40];
	const struct lt_situation *situation;
	enum lt_backing backing;
	unsigned int nr_threads;
	unsigned int flags;
	bool is_default;
	bool is_required;
};

LT_VEC_OF(lt_cases, struct lt_case);

/* Primes and faults, and pins nothing: does this primer work here? */
extern const struct lt_case lt_case_control;

/* Every case there is; 0 or -ENOMEM. */
int lt_cases_all(struct lt_cases *out) __must_check __nonnull_all;

/**
 * lt_cases_select() - the cases to run
 * @patterns: @nr names, shell patterns, or "all"; none for the default cases
 * @backend:  what it cannot pin is left out, unless it was named; NULL not known
 *
 * Return: 0; -EINVAL with a pattern in @diag that is no case's; -ENOMEM.
 */
int lt_cases_select(const char *const *patterns, size_t nr, const struct lt_backend *backend,
		    struct lt_cases *out, struct lt_diag *diag) __must_check;

/* Why @backend cannot run @what, or NULL. */
const char *lt_case_obstacle(const struct lt_case *what, const struct lt_backend *backend);

/* Why a kernel with this @scope may hang of @what, so that it is not run there; or NULL. */
const char *lt_case_hazard(const struct lt_case *what, enum lt_pin_scope scope);

/* What is pinned and how: "; transparent huge pages; read only; by gup-fast"; "" for the usual. */
void lt_case_describe(const struct lt_case *what, char *out, size_t size);

/* Pin calls per call asked for: a race shows only sometimes. */
unsigned int lt_case_rounds(const struct lt_case *what);

#endif
