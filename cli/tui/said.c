// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps what causes say of each attempt, from tick to tick of `top`. */
#include "tui/said.h"

#include <errno.h>
#include <stdlib.h>

static int by_time(const void *a, const void *b, void *arg)
{
	const struct lt_attempts *attempts = arg;
	const size_t left = *(const size_t *)a, right = *(const size_t *)b;
	const uint64_t ta = attempts->v[left].ts_ns.val, tb = attempts->v[right].ts_ns.val;

	if (ta != tb)
		return ta < tb ? -1 : 1;
	return (left > right) - (left < right);
}

static int list_failed(struct said *said)
{
	const struct lt_attempts *attempts = &said->snap->attempts;

	for (size_t i = 0; i < attempts->nr; i++) {
		size_t *slot;

		if (!attempts->v[i].failed || !attempts->v[i].ts_ns.known)
			continue;
		slot = lt_vec_push(&said->by_time);
		if (!slot)
			return -ENOMEM;
		*slot = i;
	}
	if (said->by_time.nr)
		qsort_r(said->by_time.v, said->by_time.nr, sizeof(size_t), by_time,
			(void *)attempts);
	return 0;
}

int said_make(struct said *said, const struct lt_snapshot *snap)
{
	int err;

	*said = (struct said){ .snap = snap };
	err = lt_causes_make(snap, &said->causes);
	if (!err)
		err = lt_blocking_pages_make(snap, &said->causes, &said->blocking);
	if (!err)
		err = list_failed(said);
	if (err)
		said_fini(said);
	return err;
}

void said_fini(struct said *said)
{
	lt_vec_free(&said->blocking);
	lt_vec_free(&said->by_time);
	lt_causes_free(&said->causes);
	*said = (struct said){ 0 };
}

const struct lt_cause_page *said_of_page(const struct said *said, const struct lt_pin *pin)
{
	return said->snap ? lt_blocking_pages_find(&said->blocking, said->snap, pin) : NULL;
}

static bool is_same_num(struct lt_num a, struct lt_num b)
{
	return a.known == b.known && (!a.known || a.val == b.val);
}

/* The same sources were read again: what they report of one attempt is the same. */
static bool is_same(const struct lt_attempt *a, const struct lt_attempt *b)
{
	return a == b || (a->source == b->source && is_same_num(a->ts_ns, b->ts_ns) &&
			  is_same_num(a->nr_pages, b->nr_pages) &&
			  is_same_num(a->latency_ns, b->latency_ns) && a->tries.nr == b->tries.nr);
}

/* The first of the list that is not before @ts_ns. */
static size_t first_from(const struct said *said, uint64_t ts_ns)
{
	size_t low = 0, high = said->by_time.nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (said->snap->attempts.v[said->by_time.v[mid]].ts_ns.val < ts_ns)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct lt_cause_page *said_of_attempt(const struct said *said,
					    const struct lt_attempt *attempt)
{
	size_t i = said->snap && attempt->ts_ns.known ? first_from(said, attempt->ts_ns.val)
						      : said->by_time.nr;

	for (; i < said->by_time.nr; i++) {
		const size_t at = said->by_time.v[i];
		const struct lt_attempt *own = &said->snap->attempts.v[at];

		if (own->ts_ns.val != attempt->ts_ns.val)
			break;
		if (is_same(own, attempt))
			return lt_cause_best(&said->causes.v[at]);
	}
	return NULL;
}
