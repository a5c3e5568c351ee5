// SPDX-License-Identifier: LGPL-2.1-or-later
/* How far back, and how completely, sources tell of attempts. */
#include "model/record.h"

#include <errno.h>

void lt_record_add(struct lt_record *record, struct lt_num ns)
{
	if (!ns.known)
		return;
	if (!record->from_ns.known || ns.val < record->from_ns.val)
		record->from_ns = ns;
	if (!record->to_ns.known || ns.val > record->to_ns.val)
		record->to_ns = ns;
}

static struct lt_num end_of(const struct lt_attempt *attempt)
{
	struct lt_num end = lt_attempt_last_ns(attempt);

	if (attempt->latency_ns.known &&
	    __builtin_add_overflow(end.val, attempt->latency_ns.val, &end.val))
		end.val = UINT64_MAX;
	return end;
}

static struct lt_record *find(struct lt_records *records, size_t first,
			      enum lt_attempt_source source)
{
	struct lt_record *record;

	for (size_t i = first; i < records->nr; i++)
		if (records->v[i].source == source)
			return &records->v[i];
	record = lt_vec_push(records);
	if (!record)
		return NULL;
	/* A line of a log speaks of a failure, wherever it was saved. */
	*record = (struct lt_record){
		.source = source,
		.failures = true,
		.successes = source != LT_ATTEMPT_LOG,
	};
	return record;
}

int lt_records_add_saved(struct lt_records *records, const struct lt_attempt *attempts, size_t nr)
{
	const size_t first = records->nr;

	for (size_t i = 0; i < nr; i++) {
		struct lt_record *record = find(records, first, attempts[i].source);

		if (!record)
			return -ENOMEM;
		lt_record_add(record, attempts[i].ts_ns);
		lt_record_add(record, end_of(&attempts[i]));
	}
	return 0;
}
