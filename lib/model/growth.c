// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeps how a level moved over any length of time, in spans that grow with it. */
#include "model/growth.h"

/* Of the first spans: events closer than this are of one span. */
#define FIRST_WIDTH_NS 65536

/* A quarter is of two spans at least. */
#define NR_SPANS_MIN (2 * LT_GROWTH_QUARTERS)

static void unite(struct lt_growth_span *span, const struct lt_growth_span *next)
{
	if (next->least < span->least)
		span->least = next->least;
	if (next->most > span->most)
		span->most = next->most;
	span->nr_released += next->nr_released;
}

/* Each two spans become one, twice as wide. */
static void halve(struct lt_growth *growth)
{
	size_t nr = 0;

	for (size_t i = 0; i < growth->nr; i += 2) {
		growth->spans[nr] = growth->spans[i];
		if (i + 1 < growth->nr)
			unite(&growth->spans[nr], &growth->spans[i + 1]);
		nr++;
	}
	growth->nr = nr;
	growth->width_ns *= 2;
}

void lt_growth_reach(struct lt_growth *growth, uint64_t ts_ns)
{
	uint64_t index;

	if (!growth->nr)
		return;
	index = ts_ns > growth->begin_ns ? (ts_ns - growth->begin_ns) / growth->width_ns : 0;
	for (; index >= LT_GROWTH_SPANS; index /= 2)
		halve(growth);
	while (growth->nr <= index)
		growth->spans[growth->nr++] =
			(struct lt_growth_span){ .least = growth->level, .most = growth->level };
}

void lt_growth_add(struct lt_growth *growth, uint64_t ts_ns, uint64_t level)
{
	struct lt_growth_span now = { .least = level, .most = level };

	if (!growth->nr) {
		*growth = (struct lt_growth){ .begin_ns = ts_ns, .width_ns = FIRST_WIDTH_NS };
		growth->nr = 1;
		growth->spans[0] = now;
	}
	lt_growth_reach(growth, ts_ns);
	now.nr_released = level < growth->level;
	unite(&growth->spans[growth->nr - 1], &now);
	growth->level = level;
}

bool lt_growth_quarter(const struct lt_growth *growth, size_t first, unsigned int quarter,
		       struct lt_growth_span *out)
{
	const size_t nr = growth->nr - first;
	const size_t end = first + nr * (quarter + 1) / LT_GROWTH_QUARTERS;
	size_t i = first + nr * quarter / LT_GROWTH_QUARTERS;

	if (first > growth->nr || nr < NR_SPANS_MIN)
		return false;
	*out = growth->spans[i];
	while (++i < end)
		unite(out, &growth->spans[i]);
	return true;
}
