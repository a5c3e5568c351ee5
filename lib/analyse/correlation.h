/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CORRELATION_H
#define LT_ANALYSE_CORRELATION_H

#include <stdbool.h>

#include "analyse/contingency.h"
#include "analyse/timeline.h"
#include "model/snapshot.h"

/* Below this many attempts a p-value would only pretend to know. */
#define LT_CORRELATION_MIN_ATTEMPTS 5

/* Share of the failed attempts that a page of this process blocked. */
struct lt_owner_share {
	int pid;
	const char *comm;
	double share;
};

LT_VEC_OF(lt_owner_shares, struct lt_owner_share);

/**
 * struct lt_correlation - do failures go with pins
 * @is_known:	      there were attempts, and what was pinned then is known
 * @nr_attempts:      attempts counted
 * @nr_blockers:      distinct pages that blocked them
 * @sampled_after_ms: the longest time between the end of an attempt and the sample of its pins
 * @table:	      attempts by what the kernel met: a pinned page in the ranges it tried, or none
 * @has_odds:	      no row and no column of the table is empty
 * @odds:	      of the table
 * @has_p:	      at least LT_CORRELATION_MIN_ATTEMPTS attempts
 * @p_value:	      two-sided Fisher exact test
 * @owners:	      the largest share first
 * @timeline:	      all LT_TIMELINE_SPANS spans, also empty ones; none if the attempts have no
 *		      times that differ
 *
 * The unit is the attempt with the set of pages that blocked it: the many
 * overlapping windows that one page fails count once.
 */
struct lt_correlation {
	bool is_known;
	unsigned int nr_attempts, nr_blockers;
	struct lt_num sampled_after_ms;
	struct lt_contingency table;
	bool has_odds, has_p;
	struct lt_odds odds;
	double p_value;
	struct lt_owner_shares owners;
	struct lt_timeline timeline;
};

/* Fill @out from @snap's attempts and pins; 0 or -ENOMEM. */
int lt_correlation_make(const struct lt_snapshot *snap, struct lt_correlation *out);
void lt_correlation_fini(struct lt_correlation *correlation);

#endif
