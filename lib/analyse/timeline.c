// SPDX-License-Identifier: LGPL-2.1-or-later
/* Counts attempts with and without pins along the time. */
#include "analyse/timeline.h"

#include <errno.h>

static int cut(uint64_t first, uint64_t last, struct lt_timeline *out)
{
	uint64_t length = (last - first) / LT_TIMELINE_SPANS + 1;

	for (uint64_t i = 0; i < LT_TIMELINE_SPANS; i++) {
		struct lt_time_span *span = lt_vec_push(out);

		if (!span)
			return -ENOMEM;
		span->start_ns = first + length * i;
		span->end_ns = span->start_ns + length;
	}
	return 0;
}

int lt_timeline_make(const struct lt_units *units, struct lt_timeline *out)
{
	uint64_t first = UINT64_MAX, last = 0;
	int err;

	lt_vec_each(unit, units) {
		if (unit->ts_ns.known && unit->ts_ns.val < first)
			first = unit->ts_ns.val;
		if (unit->ts_ns.known && unit->ts_ns.val > last)
			last = unit->ts_ns.val;
	}
	if (first >= last)
		return 0;
	err = cut(first, last, out);
	if (err)
		return err;
	lt_vec_each(unit, units) {
		uint64_t length = out->v[0].end_ns - first;

		if (unit->ts_ns.known)
			lt_contingency_count(&out->v[(unit->ts_ns.val - first) / length].table,
					     unit->failed, unit->pinned);
	}
	return 0;
}
