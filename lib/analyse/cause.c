// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which finding the pages that the kernel named come to, attempt by attempt. What is known of one
 * page: cause_page.c.
 */
#include "analyse/cause.h"

#include <errno.h>
#include <stdlib.h>

#include "analyse/cause_page.h"

const char *lt_hold_state_name(enum lt_hold_state state)
{
	static const char *const names[] = {
		[LT_STATE_UNKNOWN] = NULL,	  [LT_STATE_HELD_SINCE] = "held-since",
		[LT_STATE_HELD_NOW] = "held-now", [LT_STATE_RELEASED] = "released",
		[LT_STATE_REUSED] = "reused",
	};

	return names[state];
}

const char *lt_holder_basis_name(enum lt_holder_basis basis)
{
	static const char *const names[] = {
		[LT_BY_NOBODY] = NULL,	     [LT_BY_BUFFER] = "buffer",
		[LT_BY_MAPPING] = "mapping", [LT_BY_ALLOCATION] = "allocation",
		[LT_BY_PINNING] = "pinning",
	};

	return names[basis];
}

const char *lt_order_name(enum lt_order order)
{
	static const char *const names[] = {
		[LT_ORDER_UNKNOWN] = NULL,
		[LT_ORDER_BEFORE] = "before",
		[LT_ORDER_AFTER] = "after",
	};

	return names[order];
}

bool lt_cause_page_is_partial(const struct lt_cause_page *page)
{
	return page->nr_found.known && page->nr_pins.known &&
	       page->nr_found.val < page->nr_pins.val;
}

bool lt_cause_has_failed(const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	const struct lt_area *area =
		attempt->area == LT_NO_AREA ? NULL : &snap->areas.v[attempt->area];

	if (!attempt->is_open)
		return attempt->failed;
	return attempt->source == LT_ATTEMPT_TRACE && area && area->nr_pages.known &&
	       attempt->nr_pages.known && attempt->nr_pages.val > area->nr_pages.val;
}

/*
 * A page that ranges of an attempt are named with: the first and the last of these, by index, and
 * how many there are. A search that begins anew (Android) tries the same ranges again.
 */
struct named {
	uint64_t pfn, end_pfn;
	size_t first, last;
	unsigned int nr_windows;
};

LT_VEC_OF(named_pages, struct named);

static int by_pfn(const void *a, const void *b)
{
	const struct named *left = a, *right = b;

	if (left->pfn != right->pfn)
		return left->pfn < right->pfn ? -1 : 1;
	if (left->end_pfn != right->end_pfn)
		return left->end_pfn < right->end_pfn ? -1 : 1;
	return (left->first > right->first) - (left->first < right->first);
}

static int by_range(const void *a, const void *b)
{
	const struct named *left = a, *right = b;

	return (left->first > right->first) - (left->first < right->first);
}

/* @more is of a range that does not end before that of @same. */
static void join_named(struct named *same, const struct named *more)
{
	same->nr_windows += more->end_pfn != same->end_pfn;
	same->end_pfn = more->end_pfn;
	if (more->first < same->first)
		same->first = more->first;
	if (more->last > same->last)
		same->last = more->last;
}

/* The distinct pages in the order of the ranges. A search of a large area may meet thousands. */
static int list_named(const struct lt_attempt *attempt, struct named_pages *out)
{
	size_t nr = 0;

	for (size_t i = 0; i < attempt->tries.nr; i++) {
		const struct lt_num pfn = lt_try_blocker(&attempt->tries.v[i]);
		struct named *named = pfn.known ? lt_vec_push(out) : NULL;

		if (named)
			*named = (struct named){ pfn.val, attempt->tries.v[i].pfns.end_pfn, i, i,
						 1 };
		else if (pfn.known)
			return -ENOMEM;
	}
	if (!out->nr)
		return 0;
	qsort(out->v, out->nr, sizeof(*out->v), by_pfn);
	lt_vec_each(named, out) {
		struct named *same =
			nr && out->v[nr - 1].pfn == named->pfn ? &out->v[nr - 1] : NULL;

		if (same)
			join_named(same, named);
		else
			out->v[nr++] = *named;
	}
	out->nr = nr;
	qsort(out->v, out->nr, sizeof(*out->v), by_range);
	return 0;
}

/* The last range counts when a page is named again. */
static int collect_pages(const struct lt_snapshot *snap, const struct lt_clearances *clearances,
			 const struct lt_attempt *attempt, struct lt_cause_pages *out)
{
	struct named_pages pages = { 0 };
	int err = list_named(attempt, &pages);

	for (size_t i = 0; i < pages.nr && !err; i++) {
		const struct named *named = &pages.v[i];
		struct lt_cause_page *page = lt_vec_push(out);

		if (!page) {
			err = -ENOMEM;
			break;
		}
		lt_cause_page_evaluate(snap, clearances, attempt, &attempt->tries.v[named->last],
				       page);
		page->nr_windows = named->nr_windows;
		page->is_dumped = attempt->source == LT_ATTEMPT_LOG &&
				  attempt->tries.v[named->last].stage == LT_TRY_MIGRATE;
	}
	lt_vec_free(&pages);
	return err;
}

/* One that is held still says more than one that was released. */
static int how_established(const struct lt_cause_page *page)
{
	int hold = page->hold == LT_PIN_UNKNOWN ? 0 : 1 + (int)page->confidence;

	return lt_cause_page_is_released(page) ? hold : hold + 4;
}

static size_t find_best(const struct lt_cause_pages *pages)
{
	size_t best = 0;

	for (size_t i = 1; i < pages->nr; i++)
		if (how_established(&pages->v[i]) > how_established(&pages->v[best]))
			best = i;
	return best;
}

static bool are_released(const struct lt_cause_pages *pages)
{
	lt_vec_each(page, pages)
		if (!lt_cause_page_is_released(page))
			return false;
	return pages->nr;
}

static const char *id_of_hold(enum lt_pin_kind hold)
{
	switch (hold) {
	case LT_PIN_PINNED:
		return "pin-in-cma";
	case LT_PIN_EXTRA_REF:
		return "extra-ref-in-cma";
	case LT_PIN_UNMOVABLE:
		return "unmovable-in-cma";
	case LT_PIN_UNKNOWN:
		break;
	}
	return "page-in-the-way";
}

/*
 * A page that is in use makes a search go on, and end with -EBUSY when no range is left. What ends
 * with another error ended for another reason, whatever pages it met before; where the error is not
 * told (trace up to 6.1), so it did if a page blocked ranges, and not the last one.
 */
static bool may_be_pages(const struct lt_attempt *attempt)
{
	if (attempt->err.known)
		return attempt->err.val == EBUSY;
	return attempt->tries.nr && lt_try_blocker(&attempt->tries.v[attempt->tries.nr - 1]).known;
}

static void decide(const struct lt_attempt *attempt, struct lt_cause *cause)
{
	const struct lt_cause_page *best;

	cause->best = find_best(&cause->pages);
	if (!cause->pages.nr || !may_be_pages(attempt))
		return;
	best = &cause->pages.v[cause->best];
	cause->confidence = best->is_dumped ? LT_LIKELY : LT_PROVEN;
	cause->id = "page-in-the-way";
	if (are_released(&cause->pages)) {
		cause->id = "busy-transient";
	} else if (best->hold != LT_PIN_UNKNOWN && best->confidence >= LT_LIKELY) {
		cause->id = id_of_hold(best->hold);
		if (best->confidence < cause->confidence)
			cause->confidence = best->confidence;
	}
}

static int evaluate(const struct lt_snapshot *snap, const struct lt_clearances *clearances,
		    const struct lt_attempt *attempt, struct lt_cause *out)
{
	int err = collect_pages(snap, clearances, attempt, &out->pages);

	out->group = LT_NO_GROUP;
	if (lt_cause_has_failed(snap, attempt))
		decide(attempt, out);
	else
		out->best = find_best(&out->pages);
	return err;
}

int lt_cause_make(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
		  struct lt_cause *out)
{
	const struct lt_clearances none = { 0 };
	struct lt_cause made = { 0 };
	int err = evaluate(snap, &none, attempt, &made);

	if (err)
		lt_cause_fini(&made);
	else
		*out = made;
	return err;
}

void lt_cause_fini(struct lt_cause *cause)
{
	lt_vec_free(&cause->pages);
}

int lt_causes_make(const struct lt_snapshot *snap, struct lt_causes *out)
{
	struct lt_clearances clearances = { 0 };
	struct lt_causes made = { 0 };
	int err = lt_clearances_make(snap, &clearances);

	for (size_t i = 0; i < snap->attempts.nr && !err; i++) {
		struct lt_cause *cause = lt_vec_push(&made);

		err = cause ? evaluate(snap, &clearances, &snap->attempts.v[i], cause) : -ENOMEM;
	}
	lt_clearances_free(&clearances);
	if (err)
		lt_causes_free(&made);
	else
		*out = made;
	return err;
}

void lt_causes_free(struct lt_causes *causes)
{
	lt_vec_each(cause, causes)
		lt_cause_fini(cause);
	lt_vec_free(causes);
}

const struct lt_cause_page *lt_cause_best(const struct lt_cause *cause)
{
	return cause->pages.nr ? &cause->pages.v[cause->best] : NULL;
}
