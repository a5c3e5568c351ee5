/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_FAILURE_H
#define LT_ANALYSE_FAILURE_H

#include "model/snapshot.h"

/**
 * struct lt_failure - failed attempts that asked for the same
 * @area_name: as a source named it; NULL if none did
 * @area:      index into the snapshot's areas, LT_NO_AREA if not known
 * @nr_pages:  requested
 * @err:       positive errno of the last one that told it
 * @count:     how many; where log and trace both tell of them, the larger number
 * @last:      the most recent one
 * @nr_ok_since: attempts for the same that succeeded after @last, counted likewise
 */
struct lt_failure {
	const char *area_name;
	size_t area;
	struct lt_num nr_pages, err;
	unsigned int count;
	const struct lt_attempt *last;
	unsigned int nr_ok_since;
};

LT_VEC_OF(lt_failures, struct lt_failure);

/* More different requests than a system makes: what a forged log has is cut off here. */
#define LT_FAILURES_MAX 256

/*
 * Group @snap's failed attempts, the most recent group first, and of more than
 * LT_FAILURES_MAX groups those that its sources tell of last; 0 or -ENOMEM.
 */
int lt_failures_make(const struct lt_snapshot *snap, struct lt_failures *out);

/* Whether @attempt is one of, or succeeded where they failed. */
bool lt_failure_is_like(const struct lt_failure *failure, const struct lt_attempt *attempt);

/* The last failed attempt of @failure that @is_wanted picks, or NULL. */
const struct lt_attempt *lt_failure_find(const struct lt_snapshot *snap,
					 const struct lt_failure *failure,
					 bool (*is_wanted)(const struct lt_attempt *attempt));

#endif
