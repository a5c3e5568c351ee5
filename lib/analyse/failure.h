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
 * @nr_ok_since: attempts for the same that succeeded after @last
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

/* Group @snap's failed attempts, the most recent group first; 0 or -ENOMEM. */
int lt_failures_make(const struct lt_snapshot *snap, struct lt_failures *out);

/* Whether @attempt is one of, or succeeded where they failed. */
bool lt_failure_is_like(const struct lt_failure *failure, const struct lt_attempt *attempt);

#endif
