// SPDX-License-Identifier: LGPL-2.1-or-later
/* The ways to ask for a page that is not in CMA, which the benchmark compares. */
#include "model/bench_way.h"

#include <string.h>

#include "uapi/ltpin_ioctl.h"

const struct lt_bench_way lt_bench_ways[] = {
	{ .name = "outside", .what = "outside the scope: the control" },
	{
		.name = "retry",
		.what = "in scope, again, wrong pages kept",
		.flags = LTPIN_BENCH_SCOPE,
		.retries = LTPIN_BENCH_TRIES - 1,
	},
	{
		.name = "give-back",
		.what = "in scope, again, wrong page freed first",
		.flags = LTPIN_BENCH_SCOPE | LTPIN_BENCH_GIVE_BACK,
		.retries = LTPIN_BENCH_TRIES - 1,
	},
	{
		.name = "bypass",
		.what = "in scope, past the per-CPU lists",
		.flags = LTPIN_BENCH_SCOPE | LTPIN_BENCH_BLOCK,
	},
	{
		.name = "unmovable",
		.what = "without __GFP_MOVABLE",
		.flags = LTPIN_BENCH_UNMOVABLE,
	},
	{
		.name = "undrained",
		.what = "outside, short list: the control",
		.is_short = true,
	},
	{
		.name = "drain",
		.what = "in scope, lists drained first",
		.flags = LTPIN_BENCH_SCOPE | LTPIN_BENCH_DRAIN,
		.is_short = true,
	},
	{
		.name = "drain-schedule",
		.what = "the same, others run in between",
		.flags = LTPIN_BENCH_SCOPE | LTPIN_BENCH_DRAIN | LTPIN_BENCH_PAUSE,
		.is_short = true,
		.has_neighbour = true,
	},
	{ 0 },
};

const struct lt_bench_way *lt_bench_way_find(const char *name)
{
	for (const struct lt_bench_way *way = lt_bench_ways; name && way->name; way++)
		if (!strcmp(way->name, name))
			return way;
	return NULL;
}
