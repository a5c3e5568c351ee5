/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_GROWTH_H
#define LT_MODEL_GROWTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* Spans kept; when there would be more, each two become one, so that days take no more room. */
#define LT_GROWTH_SPANS 64

/**
 * struct lt_growth_span - how a level moved in a span of time
 * @least:	 the lowest that it was
 * @most:	 and the highest
 * @nr_released: how often it went down
 */
struct lt_growth_span {
	uint64_t least, most, nr_released;
};

/**
 * struct lt_growth - how a level moved since it was first seen
 * @begin_ns: when that was
 * @width_ns: of a span
 * @level:    now
 * @spans:    @nr of them, the last one not at its end
 *
 * Zero-initialised is one that was never seen.
 */
struct lt_growth {
	uint64_t begin_ns, width_ns, level;
	size_t nr;
	struct lt_growth_span spans[LT_GROWTH_SPANS];
};

/* From @ts_ns on it is @level. What comes with an earlier time than the last is of the last span. */
void lt_growth_add(struct lt_growth *growth, uint64_t ts_ns, uint64_t level) __nonnull_all;

/* Up to @ts_ns nothing changed. */
void lt_growth_reach(struct lt_growth *growth, uint64_t ts_ns) __nonnull_all;

#define LT_GROWTH_QUARTERS 4

/*
 * Quarter @quarter, 0 to 3, of the time from span @first to the last one; false if there are too few
 * spans to part them.
 */
bool lt_growth_quarter(const struct lt_growth *growth, size_t first, unsigned int quarter,
		       struct lt_growth_span *out) __nonnull_all;

#endif
