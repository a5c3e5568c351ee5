// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers questions about allocation attempts. */
#include "model/attempt.h"

#include <errno.h>
#include <string.h>

#include "model/area.h"

const char *lt_try_stage_name(enum lt_stage_of_try stage)
{
	static const char *const names[] = {
		[LT_TRY_UNKNOWN] = NULL,
		[LT_TRY_ISOLATE] = "isolate",
		[LT_TRY_MIGRATE] = "migrate",
		[LT_TRY_TEST] = "test",
	};

	return names[stage];
}

const char *lt_attempt_source_name(enum lt_attempt_source source)
{
	static const char *const names[] = {
		[LT_ATTEMPT_LOG] = "log",
		[LT_ATTEMPT_TRACE] = "trace",
		[LT_ATTEMPT_ALLOC] = "alloc",
	};

	return names[source];
}

bool lt_attempt_has_err(const struct lt_attempt *attempt, uint64_t err)
{
	return attempt->failed && attempt->err.known && attempt->err.val == err;
}

bool lt_attempt_had_run(const struct lt_attempt *attempt, uint64_t nr_pages)
{
	return attempt->largest_free_run.known && attempt->largest_free_run.val >= nr_pages;
}

struct lt_num lt_try_blocker(const struct lt_try *tried)
{
	return tried->ok ? (struct lt_num){ 0 } : tried->blocker_pfn;
}

/* No kernel that anybody builds has smaller pageblocks: 2 MiB where a page has 64 KiB. */
#define PAGEBLOCK_ORDER_MIN 5

bool lt_try_may_name_block(const struct lt_try *tried, struct lt_num pageblock_order)
{
	const uint64_t pfn = tried->blocker_pfn.val;
	const uint64_t order =
		pageblock_order.known ? pageblock_order.val : (uint64_t)PAGEBLOCK_ORDER_MIN;
	uint64_t mask;

	if (!tried->blocker_pfn.known || order > 30)
		return false;
	mask = (1ull << order) - 1;
	return !(pfn & mask) || !((pfn - tried->pfns.start_pfn) & mask);
}

/* What the log dumped is a page that was not migrated. */
static bool is_range(const struct lt_attempt *attempt, const struct lt_try *tried)
{
	return attempt->source != LT_ATTEMPT_LOG || tried->stage != LT_TRY_MIGRATE;
}

/*
 * A search that begins anew tries the same ranges again. Each ends elsewhere; in the log of 5.10
 * several begin where their first block does.
 */
static uint64_t count_distinct(const struct lt_attempt *attempt, uint64_t nr)
{
	struct lt_pfns ends = { 0 };
	int err = 0;

	lt_vec_each(tried, &attempt->tries)
		if (!err && is_range(attempt, tried))
			err = lt_pfns_add(&ends, tried->pfns.end_pfn);
	lt_pfns_sort(&ends);
	if (!err)
		nr = ends.nr;
	lt_vec_free(&ends);
	return nr;
}

struct lt_num lt_attempt_nr_ranges(const struct lt_attempt *attempt)
{
	uint64_t nr = 0, last_pfn = 0;
	bool is_ascending = true;

	lt_vec_each(tried, &attempt->tries) {
		if (!is_range(attempt, tried))
			continue;
		is_ascending = is_ascending && (!nr || tried->pfns.end_pfn > last_pfn);
		last_pfn = tried->pfns.end_pfn;
		nr++;
	}
	if (!is_ascending)
		nr = count_distinct(attempt, nr);
	return nr || attempt->source != LT_ATTEMPT_LOG ? lt_num(nr) : (struct lt_num){ 0 };
}

struct lt_num lt_attempt_blocker(const struct lt_attempt *attempt)
{
	lt_vec_each(tried, &attempt->tries)
		if (lt_try_blocker(tried).known)
			return tried->blocker_pfn;
	return (struct lt_num){ 0 };
}

int lt_attempt_blockers(const struct lt_attempt *attempt, struct lt_pfns *out)
{
	struct lt_pfns met = *out;
	int err = 0;

	lt_vec_each(tried, &attempt->tries) {
		/* Neighbouring windows are blocked by one page: leave most repeats out at once. */
		bool is_new = lt_try_blocker(tried).known &&
			      (met.nr == out->nr || met.v[met.nr - 1] != tried->blocker_pfn.val);

		if (is_new)
			err = lt_pfns_add(&met, tried->blocker_pfn.val);
		if (err)
			break;
	}
	if (!err)
		err = lt_pfns_drop_repeats(&met, out->nr);
	if (err)
		met.nr = out->nr;
	*out = met;
	return err;
}

struct lt_num lt_attempt_last_ns(const struct lt_attempt *attempt)
{
	return attempt->last_ts_ns.known ? attempt->last_ts_ns : attempt->ts_ns;
}

static bool is_same_num(struct lt_num a, struct lt_num b)
{
	return a.known == b.known && (!a.known || a.val == b.val);
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool lt_attempt_is_repeat(const struct lt_attempt *a, const struct lt_attempt *b)
{
	return a->failed && b->failed && a->source == b->source && a->also == b->also &&
	       !a->tries.nr && !b->tries.nr && a->area == b->area &&
	       is_same_text(a->area_name, b->area_name) && is_same_text(a->caller, b->caller) &&
	       is_same_text(a->fallback, b->fallback) && is_same_num(a->nr_pages, b->nr_pages) &&
	       is_same_num(a->align, b->align) && is_same_num(a->err, b->err) &&
	       is_same_num(a->nr_free, b->nr_free) &&
	       is_same_num(a->largest_free_run, b->largest_free_run) &&
	       is_same_num(a->free_elsewhere_kib, b->free_elsewhere_kib) &&
	       is_same_num(a->min_elsewhere_kib, b->min_elsewhere_kib);
}

void lt_attempt_fini(struct lt_attempt *attempt)
{
	lt_vec_free(&attempt->tries);
	lt_blockers_free(&attempt->blockers);
	lt_vec_free(&attempt->pinned);
}

void lt_attempts_free(struct lt_attempts *attempts)
{
	lt_vec_each(attempt, attempts)
		lt_attempt_fini(attempt);
	lt_vec_free(attempts);
}

uint64_t lt_attempts_drop_before(struct lt_attempts *attempts, uint64_t ns)
{
	uint64_t nr_failed = 0;
	size_t nr = 0;

	lt_vec_each(attempt, attempts) {
		const struct lt_num last = lt_attempt_last_ns(attempt);

		if (!last.known || last.val >= ns) {
			attempts->v[nr++] = *attempt;
			continue;
		}
		nr_failed += attempt->failed ? attempt->count : 0;
		lt_attempt_fini(attempt);
	}
	attempts->nr = nr;
	return nr_failed;
}

int lt_attempts_blockers(const struct lt_attempts *attempts, struct lt_pfns *out)
{
	int err = 0;

	lt_vec_each(attempt, attempts)
		if (attempt->failed && !err)
			err = lt_attempt_blockers(attempt, out);
	lt_pfns_sort(out);
	return err;
}

int lt_pinned_add(struct lt_ranges *pinned, const struct lt_folio *folio)
{
	struct lt_range *last = pinned->nr ? &pinned->v[pinned->nr - 1] : NULL;
	uint64_t end_pfn = folio->pfn + folio->nr_pages;

	/* A folio that reaches from one range into the next is scanned with both. */
	if (last && end_pfn <= last->end_pfn)
		return 0;
	if (!last || last->end_pfn != folio->pfn) {
		last = lt_vec_push(pinned);
		if (!last)
			return -ENOMEM;
		last->start_pfn = folio->pfn;
	}
	last->end_pfn = end_pfn;
	return 0;
}

static bool is_inside(struct lt_range inner, struct lt_range outer)
{
	return lt_range_has(outer, inner.start_pfn) && inner.end_pfn <= outer.end_pfn;
}

static bool has_range(const struct lt_area *area, struct lt_range pfns)
{
	lt_vec_each(range, &area->ranges)
		if (is_inside(pfns, range->pfns))
			return true;
	return false;
}

static bool has_every_try(const struct lt_area *area, const struct lt_attempt *attempt)
{
	lt_vec_each(tried, &attempt->tries)
		if (!has_range(area, tried->pfns))
			return false;
	return attempt->tries.nr;
}

static size_t find_by_tries(const struct lt_areas *areas, const struct lt_attempt *attempt)
{
	for (size_t i = 0; i < areas->nr; i++)
		if (has_every_try(&areas->v[i], attempt))
			return i;
	return LT_NO_AREA;
}

/* The one name that attempts in area @i bear and no attempt elsewhere does, or NULL. */
static const char *find_proven_name(const struct lt_attempts *attempts, size_t i)
{
	const char *name = NULL;

	lt_vec_each(attempt, attempts) {
		if (!attempt->area_name || attempt->area != i)
			continue;
		if (name && strcmp(name, attempt->area_name))
			return NULL;
		name = attempt->area_name;
	}
	lt_vec_each(attempt, attempts)
		if (name && attempt->area != i && attempt->tries.nr && attempt->area_name &&
		    !strcmp(name, attempt->area_name))
			return NULL;
	return name;
}

/* More than the area has is refused without a search; 6.1 and 6.12 emit no further event then. */
static void close_refused(struct lt_attempt *attempt, const struct lt_area *area)
{
	if (!attempt->is_open || attempt->tries.nr || !attempt->nr_pages.known ||
	    !area->nr_pages.known || attempt->nr_pages.val <= area->nr_pages.val)
		return;
	attempt->is_open = false;
	attempt->failed = true;
}

/* Pages that the log dumps need not be of the failure behind them: then its name is surer. */
static size_t find_by_dumps(const struct lt_areas *areas, const struct lt_attempt *attempt)
{
	return attempt->source == LT_ATTEMPT_LOG ? lt_areas_find_name(areas, attempt->area_name)
						 : LT_NO_AREA;
}

void lt_attempts_locate(struct lt_attempts *attempts, struct lt_areas *areas)
{
	lt_vec_each(attempt, attempts) {
		if (attempt->area == LT_NO_AREA)
			attempt->area = find_by_dumps(areas, attempt);
		if (attempt->area == LT_NO_AREA)
			attempt->area = find_by_tries(areas, attempt);
	}
	for (size_t i = 0; i < areas->nr; i++) {
		const char *name = areas->v[i].name ? NULL : find_proven_name(attempts, i);

		if (name && lt_areas_find_name(areas, name) == LT_NO_AREA)
			areas->v[i].name = name;
	}
	lt_vec_each(attempt, attempts) {
		if (attempt->area == LT_NO_AREA)
			attempt->area = lt_areas_find_name(areas, attempt->area_name);
		if (attempt->area != LT_NO_AREA)
			close_refused(attempt, &areas->v[attempt->area]);
	}
}

/* The only area without a name, or LT_NO_AREA. */
static size_t find_nameless(const struct lt_areas *areas)
{
	size_t found = LT_NO_AREA;

	for (size_t i = 0; i < areas->nr; i++) {
		if (areas->v[i].name)
			continue;
		if (found != LT_NO_AREA)
			return LT_NO_AREA;
		found = i;
	}
	return found;
}

/* The only name of attempts that no area bears, or NULL. */
static const char *find_homeless(const struct lt_attempts *attempts)
{
	const char *name = NULL;

	lt_vec_each(attempt, attempts) {
		if (attempt->area != LT_NO_AREA || !attempt->area_name)
			continue;
		if (name && strcmp(name, attempt->area_name))
			return NULL;
		name = attempt->area_name;
	}
	return name;
}

void lt_attempts_eliminate(struct lt_attempts *attempts, struct lt_areas *areas)
{
	size_t nameless = find_nameless(areas);
	const char *homeless = find_homeless(attempts);

	if (nameless != LT_NO_AREA && homeless)
		areas->v[nameless].name = homeless;
	lt_attempts_locate(attempts, areas);
	lt_vec_each(attempt, attempts)
		if (attempt->area == LT_NO_AREA && !attempt->area_name && !attempt->tries.nr &&
		    areas->nr == 1)
			attempt->area = 0;
}
