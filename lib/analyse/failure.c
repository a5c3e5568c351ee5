// SPDX-License-Identifier: LGPL-2.1-or-later
#include "analyse/failure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"

static bool is_same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool lt_failure_is_like(const struct lt_failure *failure, const struct lt_attempt *attempt)
{
	bool same_area = failure->area != LT_NO_AREA || attempt->area != LT_NO_AREA
				 ? failure->area == attempt->area
				 : is_same_name(failure->area_name, attempt->area_name);

	return same_area && failure->nr_pages.known == attempt->nr_pages.known &&
	       failure->nr_pages.val == attempt->nr_pages.val;
}

/*
 * A request for more than the area has is refused before anything is traced
 * but its start (6.1, 6.12): the attempt stays open, and failed all the same.
 */
static bool has_failed(const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	const struct lt_area *area =
		attempt->area == LT_NO_AREA ? NULL : &snap->areas.v[attempt->area];

	if (!attempt->is_open)
		return attempt->failed;
	return attempt->source == LT_ATTEMPT_TRACE && area && area->nr_pages.known &&
	       attempt->nr_pages.known && attempt->nr_pages.val > area->nr_pages.val;
}

static uint64_t time_of(const struct lt_attempt *attempt)
{
	if (attempt->last_ts_ns.known)
		return attempt->last_ts_ns.val;
	return attempt->ts_ns.known ? attempt->ts_ns.val : 0;
}

/* Attempts come the last first. */
static int add_attempt(struct lt_failures *failures, const struct lt_attempt *attempt)
{
	struct lt_failure *failure = NULL;

	lt_vec_each(old, failures)
		if (lt_failure_is_like(old, attempt))
			failure = old;
	if (!failure && failures->nr == LT_FAILURES_MAX)
		return 0;
	if (!failure)
		failure = lt_vec_push(failures);
	if (!failure)
		return -ENOMEM;
	if (!failure->last || time_of(attempt) > time_of(failure->last)) {
		failure->last = attempt;
		if (attempt->err.known)
			failure->err = attempt->err;
	}
	if (!failure->err.known)
		failure->err = attempt->err;
	failure->area = attempt->area;
	failure->nr_pages = attempt->nr_pages;
	if (!failure->area_name)
		failure->area_name = attempt->area_name;
	return 0;
}

/* The same call can stand in the log, in the trace and in alloc's own record. */
static void count_attempts(const struct lt_snapshot *snap, struct lt_failure *failure)
{
	unsigned int counts[] = { [LT_ATTEMPT_LOG] = 0, [LT_ATTEMPT_TRACE] = 0,
				  [LT_ATTEMPT_ALLOC] = 0 };
	unsigned int nr_ok[ARRAY_SIZE(counts)] = { 0 };

	lt_vec_each(attempt, &snap->attempts) {
		if (!lt_failure_is_like(failure, attempt))
			continue;
		if (has_failed(snap, attempt))
			counts[attempt->source] += attempt->count;
		else if (!attempt->is_open && attempt->ts_ns.known &&
			 time_of(attempt) > time_of(failure->last))
			nr_ok[attempt->source]++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		if (counts[i] > failure->count)
			failure->count = counts[i];
		if (nr_ok[i] > failure->nr_ok_since)
			failure->nr_ok_since = nr_ok[i];
	}
}

static int by_time(const void *a, const void *b)
{
	uint64_t ta = time_of(((const struct lt_failure *)a)->last);
	uint64_t tb = time_of(((const struct lt_failure *)b)->last);

	return ta < tb ? 1 : ta > tb ? -1 : 0;
}

int lt_failures_make(const struct lt_snapshot *snap, struct lt_failures *out)
{
	int err = 0;

	for (size_t i = snap->attempts.nr; i && !err; i--)
		if (has_failed(snap, &snap->attempts.v[i - 1]))
			err = add_attempt(out, &snap->attempts.v[i - 1]);
	if (err) {
		lt_vec_free(out);
		return err;
	}
	lt_vec_each(failure, out)
		count_attempts(snap, failure);
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_time);
	return 0;
}

const struct lt_attempt *lt_failure_find(const struct lt_snapshot *snap,
					 const struct lt_failure *failure,
					 bool (*is_wanted)(const struct lt_attempt *attempt))
{
	const struct lt_attempt *last = NULL;

	lt_vec_each(attempt, &snap->attempts)
		if (attempt->failed && lt_failure_is_like(failure, attempt) && is_wanted(attempt))
			last = attempt;
	return last;
}
