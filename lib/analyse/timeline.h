/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_TIMELINE_H
#define LT_ANALYSE_TIMELINE_H

#include <stdint.h>

#include "analyse/contingency.h"
#include "base/compiler.h"
#include "base/num.h"
#include "base/vec.h"

/* One attempt, as it is counted. */
struct lt_unit {
	struct lt_num ts_ns; /* when it began, since boot */
	bool failed, pinned;
};

LT_VEC_OF(lt_units, struct lt_unit);

/* The time from the first to the last attempt is cut into so many spans of one length. */
#define LT_TIMELINE_SPANS 60

/* Attempts that began in [start_ns, end_ns). */
struct lt_time_span {
	uint64_t start_ns, end_ns;
	struct lt_contingency table;
};

LT_VEC_OF(lt_timeline, struct lt_time_span);

/**
 * lt_timeline_make() - spread attempts over time
 * @out: all LT_TIMELINE_SPANS spans, also empty ones; none if @units have no times that differ
 *
 * Return: 0, or -ENOMEM; @out is to be freed either way.
 */
int lt_timeline_make(const struct lt_units *units, struct lt_timeline *out)
	__must_check __nonnull_all;

#endif
