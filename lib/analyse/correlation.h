/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CORRELATION_H
#define LT_ANALYSE_CORRELATION_H

#include <stdbool.h>

#include "analyse/cause.h"
#include "analyse/contingency.h"
#include "analyse/timeline.h"
#include "base/compiler.h"
#include "model/snapshot.h"

/* Below this many attempts a p-value would only pretend to know. */
#define LT_CORRELATION_MIN_ATTEMPTS 5

/* Requests of one table differ by less than this factor: the larger one meets more pages. */
#define LT_CORRELATION_SIZE_FACTOR 2

/**
 * struct lt_owner_share - a process that is named with pages that blocked attempts (lt_cause_page)
 * @nr_failed:	how many failed attempts
 * @share:	of all that failed
 * @confidence:	that it can release the pages, the least of all: a hint if it only maps them now
 */
struct lt_owner_share {
	int pid;
	const char *comm;
	unsigned int nr_failed;
	double share;
	enum lt_confidence confidence;
};

LT_VEC_OF(lt_owner_shares, struct lt_owner_share);

/**
 * struct lt_correlation - do failures go with pins, among requests of like size to one area
 * @area:	      index into the snapshot's areas; LT_NO_AREA if not known
 * @area_name:	      as the source of the attempts names it; NULL if none does
 * @min_pages, @max_pages: the smallest and the largest request; unknown if no source tells sizes
 * @nr_attempts:      attempts of which it is known whether the kernel met a pinned page
 * @nr_unknown_failed, @nr_unknown_ok: others, by how they ended: nothing shows what was pinned then
 * @nr_failed:	      all that failed
 * @nr_blockers:      distinct pages that the kernel named
 * @sampled_after_ms: the longest time between the end of an attempt and the sample of its pins
 * @table:	      attempts by what the kernel met: a pinned page in the ranges it tried, or none
 * @has_odds:	      no row and no column of the table is empty, and those that are left out cannot
 *		      turn what it says
 * @odds:	      of the table
 * @has_p:	      likewise, and at least LT_CORRELATION_MIN_ATTEMPTS attempts
 * @p_value:	      two-sided Fisher exact test
 * @owners:	      the largest share first
 * @timeline:	      all LT_TIMELINE_SPANS spans, also empty ones; none if the attempts have no
 *		      times that differ
 *
 * The unit is the attempt with the set of pages that blocked it: the many
 * overlapping windows that one page fails count once.
 */
struct lt_correlation {
	size_t area;
	const char *area_name;
	struct lt_num min_pages, max_pages;
	unsigned int nr_attempts, nr_unknown_failed, nr_unknown_ok, nr_failed, nr_blockers;
	struct lt_num sampled_after_ms;
	struct lt_contingency table;
	bool has_odds, has_p;
	struct lt_odds odds;
	double p_value;
	struct lt_owner_shares owners;
	struct lt_timeline timeline;
};

/* One a class of requests, the one that failed most often first. */
LT_VEC_OF(lt_correlations, struct lt_correlation);

/**
 * lt_correlations_make() - correlate failures and pins
 * @causes: of @snap's attempts
 * @out:    without the classes of which no failure is known with what it met
 *
 * Return: 0 with @out to be freed with lt_correlations_free(), or -ENOMEM.
 */
int lt_correlations_make(const struct lt_snapshot *snap, const struct lt_causes *causes,
			 struct lt_correlations *out) __must_check __nonnull_all;
void lt_correlations_free(struct lt_correlations *correlations);

/* Attempts that are in no table, as nothing shows what was pinned when they were made. */
static inline unsigned int lt_correlation_nr_unknown(const struct lt_correlation *correlation)
{
	return correlation->nr_unknown_failed + correlation->nr_unknown_ok;
}

#endif
