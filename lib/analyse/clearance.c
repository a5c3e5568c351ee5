// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which times show that a page was held by nothing.
 *
 * What cma_alloc() returns has no other user, so each page of a range that succeeded was released
 * before. test_pages_isolated() walks a range in ascending order and names the first page that is in
 * use, so the pages below it were free. A page may also stand for its block, which is isolated no
 * more, before any page was looked at (6.1 and later): then nothing is shown.
 */
#include "analyse/clearance.h"

#include <errno.h>
#include <stdlib.h>

struct cleared {
	struct lt_range pfns;
	uint64_t ts_ns;
};

LT_VEC_OF(cleared_ranges, struct cleared);

/* The part of @tried that it shows to have been free. */
static struct lt_range cleared_by(const struct lt_snapshot *snap, const struct lt_try *tried)
{
	const struct lt_num order = snap->kernel.pageblock_order;
	const uint64_t pfn = tried->blocker_pfn.val;

	if (tried->ok)
		return tried->pfns;
	if (tried->stage != LT_TRY_TEST || !tried->blocker_pfn.known || !order.known ||
	    order.val > 30 || lt_try_may_name_block(tried, order) ||
	    !lt_range_has(tried->pfns, pfn))
		return (struct lt_range){ 0 };
	return (struct lt_range){ tried->pfns.start_pfn, pfn };
}

/* What a request got, of which no range is recorded. */
static struct lt_range given_to(const struct lt_attempt *attempt)
{
	struct lt_range got = { attempt->pfn.val, attempt->pfn.val };

	if (!attempt->pfn.known || !attempt->nr_pages.known ||
	    __builtin_add_overflow(got.start_pfn, attempt->nr_pages.val, &got.end_pfn))
		return (struct lt_range){ 0 };
	return got;
}

static int add_cleared(struct cleared_ranges *out, struct lt_range pfns, struct lt_num ts_ns)
{
	struct cleared *added;

	if (!ts_ns.known || pfns.start_pfn >= pfns.end_pfn)
		return 0;
	added = lt_vec_push(out);
	if (!added)
		return -ENOMEM;
	*added = (struct cleared){ pfns, ts_ns.val };
	return 0;
}

static int collect(const struct lt_snapshot *snap, struct cleared_ranges *out)
{
	int err = 0;

	lt_vec_each(attempt, &snap->attempts) {
		if (attempt->source == LT_ATTEMPT_LOG)
			continue; /* its ranges are not in the order of time */
		if (!err && !attempt->failed && !attempt->is_open && !attempt->tries.nr)
			err = add_cleared(out, given_to(attempt), attempt->ts_ns);
		lt_vec_each(tried, &attempt->tries)
			if (!err)
				err = add_cleared(out, cleared_by(snap, tried),
						  tried->ts_ns.known ? tried->ts_ns
								     : attempt->ts_ns);
	}
	return err;
}

static int latest_first(const void *a, const void *b)
{
	const struct cleared *left = a, *right = b;

	return (left->ts_ns < right->ts_ns) - (left->ts_ns > right->ts_ns);
}

/* The index of the first page that is not below @pfn. */
static size_t first_from(const struct lt_pfns *pfns, uint64_t pfn)
{
	const uint64_t *first = lt_pfns_from(pfns, pfn);

	return first ? (size_t)(first - pfns->v) : pfns->nr;
}

/* The first index from @i on that has no time yet; paths are halved, so each is walked once. */
static size_t find_open(size_t *next, size_t i)
{
	while (next[i] != i) {
		next[i] = next[next[i]];
		i = next[i];
	}
	return i;
}

/* Each page takes the time of the latest range that covers it. */
static int assign(struct cleared_ranges *ranges, struct lt_clearances *out)
{
	size_t *next = malloc((out->pfns.nr + 1) * sizeof(*next));

	if (!next)
		return -ENOMEM;
	for (size_t i = 0; i <= out->pfns.nr; i++)
		next[i] = i;
	if (ranges->nr)
		qsort(ranges->v, ranges->nr, sizeof(*ranges->v), latest_first);
	lt_vec_each(range, ranges) {
		size_t i = find_open(next, first_from(&out->pfns, range->pfns.start_pfn));

		for (; i < out->pfns.nr && out->pfns.v[i] < range->pfns.end_pfn;
		     i = find_open(next, i)) {
			out->ts_ns.v[i] = lt_num(range->ts_ns);
			next[i] = i + 1;
		}
	}
	free(next);
	return 0;
}

/* Also those that blocked a range of an attempt which was given a later one. */
static int collect_named(const struct lt_attempts *attempts, struct lt_pfns *out)
{
	int err = 0;

	lt_vec_each(attempt, attempts)
		err = err ? err : lt_attempt_blockers(attempt, out);
	lt_pfns_sort(out);
	return err;
}

int lt_clearances_make(const struct lt_snapshot *snap, struct lt_clearances *out)
{
	struct lt_clearances made = { 0 };
	struct cleared_ranges ranges = { 0 };
	int err = collect_named(&snap->attempts, &made.pfns);

	for (size_t i = 0; i < made.pfns.nr && !err; i++)
		err = lt_vec_push(&made.ts_ns) ? 0 : -ENOMEM;
	if (!err && made.pfns.nr)
		err = collect(snap, &ranges);
	if (!err)
		err = assign(&ranges, &made);
	lt_vec_free(&ranges);
	if (err)
		lt_clearances_free(&made);
	else
		*out = made;
	return err;
}

void lt_clearances_free(struct lt_clearances *clearances)
{
	lt_vec_free(&clearances->pfns);
	lt_vec_free(&clearances->ts_ns);
}

struct lt_num lt_clearances_last(const struct lt_clearances *clearances, uint64_t pfn)
{
	size_t i = first_from(&clearances->pfns, pfn);

	return i < clearances->pfns.nr && clearances->pfns.v[i] == pfn ? clearances->ts_ns.v[i]
								       : (struct lt_num){ 0 };
}
