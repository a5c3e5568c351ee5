/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_RECORD_H
#define LT_MODEL_RECORD_H

#include "base/compiler.h"
#include "model/attempt.h"

/**
 * struct lt_record - from when to when a source has attempts on record
 * @source:	of them
 * @from_ns:	begin, on the clock of the source; unknown if nothing tells
 * @to_ns:	end, likewise
 * @failures:	what failed in between is on record
 * @successes:	and what succeeded
 * @nr_lost:	of what would be on record, how many are known to be missing: failures of the log,
 *		events of the trace; unknown if the source does not count them
 */
struct lt_record {
	enum lt_attempt_source source;
	struct lt_num from_ns, to_ns;
	bool failures, successes;
	struct lt_num nr_lost;
};

LT_VEC_OF(lt_records, struct lt_record);

/* What is on record at @ns extends the record to it. */
void lt_record_add(struct lt_record *record, struct lt_num ns);

/* One for each source that @attempts of a saved document name, as far as they reach. 0 or -ENOMEM. */
int lt_records_add_saved(struct lt_records *records, const struct lt_attempt *attempts, size_t nr)
	__must_check __nonnull_at(1);

#endif
