/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_WATCH_WATCH_CASE_H
#define LT_ACT_WATCH_WATCH_CASE_H

#include "base/compiler.h"
#include "model/snapshot.h"
#include "source/page/page_state.h"

/* Distinct pages of one failure that are looked at; the kernel may name one per range it tried. */
#define LT_WATCH_BLOCKERS_MAX 16

/**
 * struct lt_watch_case - a failure that is being looked into
 * @attempt:   how it went
 * @ended_ns:  when, by lt_now_ns()
 * @nr_rounds: how often its pages were looked at, or would have been
 * @next_instant: see lt_watch_instants_give()
 * @is_named:  allocators and mappers were looked up
 */
struct lt_watch_case {
	struct lt_attempt attempt;
	uint64_t ended_ns;
	unsigned int nr_rounds;
	size_t next_instant;
	bool is_named;
};

LT_VEC_OF(lt_watch_cases, struct lt_watch_case);

/* Take the distinct blocking pages of @attempt into its blockers. 0 or -ENOMEM. */
int lt_watch_blockers(struct lt_attempt *attempt, const struct lt_areas *areas)
	__must_check __nonnull_all;

/* When its pages are to be looked at, by lt_now_ns(): UINT64_MAX if they were often enough. */
uint64_t lt_watch_case_due_ns(const struct lt_watch_case *c);

/* Whether its pages are to be looked at now, and whether they were often enough. */
bool lt_watch_case_is_due(const struct lt_watch_case *c, uint64_t now_ns);
bool lt_watch_case_is_sampled(const struct lt_watch_case *c);

/* Look at its pages; @state is NULL if nobody can tell. 0 or -ENOMEM; what could not be read is not
 * in the samples.
 */
int lt_watch_case_sample(struct lt_watch_case *c, const struct lt_page_state *state) __must_check;

/* Add the folios of its pages to @pins, unless they are there. 0 or -ENOMEM. */
int lt_watch_case_ask(const struct lt_watch_case *c, struct lt_pins *pins)
	__must_check __nonnull_all;

/* Take who allocated and who maps them, as found out by @now_ns. 0 or -ENOMEM. */
int lt_watch_case_name(struct lt_watch_case *c, const struct lt_pins *pins, uint64_t now_ns)
	__must_check __nonnull_all;

/* Look no more. */
void lt_watch_case_end(struct lt_watch_case *c);

/* Somebody else obtained these pages: what held any of them is gone. */
void lt_watch_case_pass(struct lt_watch_case *c, struct lt_range pfns);

/*
 * Put what is known of the blockers into @pins, for the report. Of one that was there before the
 * newest state counts. 0 or -ENOMEM.
 */
int lt_watch_case_join(const struct lt_watch_case *c, struct lt_pins *pins)
	__must_check __nonnull_all;

#endif
