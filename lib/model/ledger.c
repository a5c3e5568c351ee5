// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Joins allocations with releases by their pages.
 *
 * cma_release() clears the bitmap first and emits its event then (mm/cma.c of 5.10, 6.1, 6.12 and
 * 7.2): another processor may allocate the same pages and say so before. So the release of what was
 * there before may come within LATE_NS after an allocation, and is not the release of that one. If
 * what was there is known, that is known too; else it cannot be said of which of the two it is.
 *
 * Clocks of processors differ a little: a release may be recorded before its allocation. So one
 * that matches nothing casts doubt on an allocation of its pages that comes within SKEW_NS.
 */
#include "model/ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/holder.h"
#include "model/ledger_ranges.h"

#define SKEW_NS 10000000
#define LATE_NS 100000000

/* Releases that match nothing, or must come yet, kept until they can match nothing more. */
#define STRAY_MAX 256
#define LATE_MAX 256

/* Releases of released pages that are kept; all are counted. */
#define AGAIN_MAX 64

static bool is_of(const struct lt_requester *requester, const struct lt_ledger_event *event,
		  bool is_unknown)
{
	if (requester->is_unknown != is_unknown || requester->area_name != event->area_name)
		return false;
	if (is_unknown)
		return true;
	return requester->stack == event->stack &&
	       (event->stack || requester->caller == event->caller);
}

/* The last one stands for all whom there is no room for. */
static int get_requester(struct lt_ledger *ledger, const struct lt_ledger_event *event,
			 bool is_unknown, size_t *out)
{
	struct lt_requesters *requesters = &ledger->requesters;
	struct lt_requester *requester;

	for (size_t i = 0; i < requesters->nr; i++) {
		if (is_of(&requesters->v[i], event, is_unknown)) {
			*out = i;
			return 0;
		}
	}
	if (requesters->nr == LT_LEDGER_REQUESTERS_MAX) {
		ledger->is_full = true;
		*out = requesters->nr - 1;
		return 0;
	}
	requester = lt_vec_push(requesters);
	if (!requester)
		return -ENOMEM;
	requester->area_name = event->area_name;
	requester->area = LT_NO_AREA;
	requester->first_pfn = event->pfns.start_pfn;
	requester->stack = is_unknown ? NULL : event->stack;
	requester->caller = is_unknown ? NULL : event->caller;
	requester->is_unknown = is_unknown;
	*out = requesters->nr - 1;
	return 0;
}

static void note_time(struct lt_ledger *ledger, struct lt_num ts_ns)
{
	if (!ts_ns.known)
		return;
	if (!ledger->from_ns.known)
		ledger->from_ns = ts_ns;
	if (!ledger->to_ns.known || ts_ns.val > ledger->to_ns.val)
		ledger->to_ns = ts_ns;
}

/* What is outstanding for certain has changed. */
static void note_level(struct lt_requester *requester, struct lt_num ts_ns)
{
	if (ts_ns.known)
		lt_growth_add(&requester->growth, ts_ns.val,
			      requester->nr_pages_held - requester->nr_pages_doubtful);
}

static void doubt(struct lt_ledger *ledger, struct lt_allocation *allocation)
{
	struct lt_requester *requester = &ledger->requesters.v[allocation->requester];

	if (allocation->is_released || allocation->is_doubtful)
		return;
	allocation->is_doubtful = true;
	requester->nr_doubtful++;
	requester->nr_pages_doubtful += lt_range_nr_pages(allocation->pfns);
}

/* @nr_pages of @allocation, all that is left of it or a part, are outstanding no more. */
static void account_release(struct lt_ledger *ledger, const struct lt_allocation *allocation,
			    uint64_t nr_pages, struct lt_num ts_ns)
{
	struct lt_requester *requester = &ledger->requesters.v[allocation->requester];
	const bool is_whole = nr_pages == lt_range_nr_pages(allocation->pfns);
	const struct lt_num lived_ns = lt_num_sub(ts_ns, allocation->since_ns);

	requester->nr_pages_released += nr_pages;
	requester->nr_pages_held -= nr_pages;
	requester->nr_parts += !is_whole;
	requester->nr_released += is_whole;
	requester->nr_held -= is_whole;
	if (allocation->is_doubtful) {
		requester->nr_pages_doubtful -= nr_pages;
		requester->nr_doubtful -= is_whole;
		requester->nr_pages_old += nr_pages;
	}
	if (!allocation->is_doubtful)
		note_level(requester, ts_ns);
	if (lived_ns.known &&
	    (!requester->longest_ns.known || lived_ns.val > requester->longest_ns.val))
		requester->longest_ns = lived_ns;
}

/* Whether @ts_ns is not more than @within_ns behind @since_ns, or that is not known. */
static bool is_soon(struct lt_num ts_ns, struct lt_num since_ns, uint64_t within_ns)
{
	return !ts_ns.known || !since_ns.known || ts_ns.val <= since_ns.val + within_ns;
}

/* Whether the release of what was in these pages before may still come. */
static bool is_unsure_before(const struct lt_ledger *ledger, struct lt_range pfns)
{
	const struct lt_allocation *at = lt_ledger_from(&ledger->allocations, pfns.start_pfn);
	uint64_t nr_sure = 0;

	for (; at < ledger->allocations.v + ledger->allocations.nr &&
	       at->pfns.start_pfn < pfns.end_pfn;
	     at++)
		if (!at->is_doubtful)
			nr_sure += lt_range_nr_common(at->pfns, pfns);
	return nr_sure < lt_range_nr_pages(pfns);
}

/* That the release of @allocation will come now; those that can come no more are forgotten. */
static int add_late(struct lt_ledger *ledger, const struct lt_allocation *allocation,
		    struct lt_num ts_ns)
{
	struct lt_release_open *late;
	size_t nr = 0;

	lt_vec_each(old, &ledger->late)
		if (is_soon(ts_ns, old->ts_ns, LATE_NS))
			ledger->late.v[nr++] = *old;
	ledger->late.nr = nr < LATE_MAX ? nr : 0;
	late = lt_vec_push(&ledger->late);
	if (!late)
		return -ENOMEM;
	*late = (struct lt_release_open){ allocation->pfns, ts_ns };
	return 0;
}

/*
 * What is outstanding among the pages of @event, which are allocated again, was released, all of it
 * or these pages. Nothing is known of the rest then. 0 or -ENOMEM.
 */
static int displace(struct lt_ledger *ledger, const struct lt_ledger_event *event)
{
	for (;;) {
		const struct lt_allocations *all = &ledger->allocations;
		const struct lt_allocation *at = lt_ledger_from(all, event->pfns.start_pfn);
		int err;

		while (at < all->v + all->nr && at->is_released)
			at++;
		if (at >= all->v + all->nr || at->pfns.start_pfn >= event->pfns.end_pfn)
			return 0;
		err = at->is_doubtful ? 0 : add_late(ledger, at, event->ts_ns);
		if (err)
			return err;
		account_release(ledger, at, lt_range_nr_pages(at->pfns), event->ts_ns);
		err = lt_ledger_cut(&ledger->allocations, at->pfns);
		if (err)
			return err;
	}
}

/* Whether a release that matched nothing may have been of the allocation that @event is. */
static bool has_stray(struct lt_ledger *ledger, const struct lt_ledger_event *event)
{
	bool found = false;

	lt_vec_each(stray, &ledger->stray)
		found |= lt_range_is_overlapping(stray->pfns, event->pfns) &&
			 is_soon(event->ts_ns, stray->ts_ns, SKEW_NS);
	if (!found)
		return false;
	for (size_t i = 0; i < ledger->again.nr; i++) {
		const struct lt_release_again *again = &ledger->again.v[i];

		if (!lt_range_is_overlapping(again->pfns, event->pfns) ||
		    !is_soon(event->ts_ns, again->ts_ns, SKEW_NS))
			continue;
		ledger->again.v[i--] = ledger->again.v[--ledger->again.nr];
		ledger->nr_again--;
	}
	return true;
}

/* A range to be kept; there is room for what is outstanding first. 0 or -ENOMEM. */
static int keep(struct lt_ledger *ledger, const struct lt_allocation *allocation)
{
	if (ledger->allocations.nr >= LT_LEDGER_RANGES_MAX)
		lt_ledger_drop_released(&ledger->allocations);
	if (ledger->allocations.nr >= LT_LEDGER_RANGES_MAX) {
		ledger->is_full = true;
		return 0;
	}
	return lt_ledger_insert(&ledger->allocations, allocation);
}

int lt_ledger_allocate(struct lt_ledger *ledger, const struct lt_ledger_event *event)
{
	struct lt_allocation allocation = { .pfns = event->pfns, .since_ns = event->ts_ns };
	struct lt_requester *requester;
	int err;

	if (ledger->is_full || !lt_range_nr_pages(event->pfns))
		return 0;
	note_time(ledger, event->ts_ns);
	err = get_requester(ledger, event, false, &allocation.requester);
	allocation.is_unsure_before = is_unsure_before(ledger, event->pfns);
	if (!err)
		err = displace(ledger, event);
	if (!err)
		err = lt_ledger_cut(&ledger->allocations, event->pfns);
	if (!err)
		err = keep(ledger, &allocation);
	if (err || ledger->is_full)
		return err;
	requester = &ledger->requesters.v[allocation.requester];
	requester->nr_allocated++;
	requester->nr_pages_allocated += lt_range_nr_pages(event->pfns);
	requester->nr_held++;
	requester->nr_pages_held += lt_range_nr_pages(event->pfns);
	if (has_stray(ledger, event))
		doubt(ledger, lt_ledger_from(&ledger->allocations, event->pfns.start_pfn));
	else
		note_level(requester, event->ts_ns);
	return 0;
}

/* Whether it is the release, come late, of what was there before pages were allocated again. */
static bool is_late(struct lt_ledger *ledger, const struct lt_ledger_event *event)
{
	size_t nr = 0;
	bool found = false;

	lt_vec_each(late, &ledger->late) {
		if (!is_soon(event->ts_ns, late->ts_ns, LATE_NS))
			continue;
		if (!found && lt_range_has(late->pfns, event->pfns.start_pfn) &&
		    event->pfns.end_pfn <= late->pfns.end_pfn)
			found = true;
		else
			ledger->late.v[nr++] = *late;
	}
	ledger->late.nr = nr;
	return found;
}

static int add_again(struct lt_ledger *ledger, const struct lt_allocation *released,
		     const struct lt_ledger_event *event)
{
	struct lt_release_again *again;

	ledger->nr_again++;
	if (ledger->again.nr == AGAIN_MAX)
		return 0;
	again = lt_vec_push(&ledger->again);
	if (!again)
		return -ENOMEM;
	*again = (struct lt_release_again){
		.pfns = lt_ledger_common(released->pfns, event->pfns),
		.first_ns = released->released_ns,
		.ts_ns = event->ts_ns,
		.caller = event->caller,
		.requester = released->requester,
	};
	return 0;
}

static int add_stray(struct lt_ledger *ledger, const struct lt_ledger_event *event)
{
	struct lt_release_open *stray;
	size_t nr = 0;

	lt_vec_each(old, &ledger->stray)
		if (is_soon(event->ts_ns, old->ts_ns, SKEW_NS))
			ledger->stray.v[nr++] = *old;
	ledger->stray.nr = nr < STRAY_MAX ? nr : 0;
	stray = lt_vec_push(&ledger->stray);
	if (!stray)
		return -ENOMEM;
	*stray = (struct lt_release_open){ event->pfns, event->ts_ns };
	return 0;
}

/* @nr_pages of the release were not known to be allocated, nor released. */
static int release_unknown(struct lt_ledger *ledger, const struct lt_ledger_event *event,
			   uint64_t nr_pages)
{
	struct lt_requester *requester;
	size_t index;
	int err = get_requester(ledger, event, true, &index);

	if (err)
		return err;
	requester = &ledger->requesters.v[index];
	requester->nr_released++;
	requester->nr_pages_released += nr_pages;
	requester->nr_pages_old += nr_pages;
	return add_stray(ledger, event);
}

/*
 * What is known of its pages: outstanding ones are released, released ones were so twice. Not so
 * where no allocation was seen: allocations may not be recorded.
 */
static int release_known(struct lt_ledger *ledger, const struct lt_ledger_event *event,
			 struct lt_allocation *out, uint64_t *nr_known)
{
	struct lt_allocation *at = lt_ledger_from(&ledger->allocations, event->pfns.start_pfn);
	bool is_again = false;

	for (; at < ledger->allocations.v + ledger->allocations.nr &&
	       at->pfns.start_pfn < event->pfns.end_pfn;
	     at++) {
		const uint64_t nr_pages = lt_range_nr_common(at->pfns, event->pfns);

		*nr_known += nr_pages;
		out->requester = at->requester;
		if (!at->is_released) {
			const bool is_unsure = at->is_unsure_before &&
					       is_soon(event->ts_ns, at->since_ns, LATE_NS);

			if (is_unsure && nr_pages < lt_range_nr_pages(at->pfns))
				doubt(ledger, at); /* of the rest too */
			out->is_doubtful |= is_unsure || at->is_doubtful;
			account_release(ledger, at, nr_pages, event->ts_ns);
		} else if (!is_again && !at->is_doubtful &&
			   !ledger->requesters.v[at->requester].is_unknown) {
			is_again = true;
			if (add_again(ledger, at, event))
				return -ENOMEM;
		}
	}
	return is_again ? add_stray(ledger, event) : 0;
}

int lt_ledger_release(struct lt_ledger *ledger, const struct lt_ledger_event *event)
{
	struct lt_allocation released = { .pfns = event->pfns,
					  .released_ns = event->ts_ns,
					  .is_released = true };
	uint64_t nr_known = 0;
	int err;

	ledger->has_releases = true;
	if (ledger->is_full || !lt_range_nr_pages(event->pfns))
		return 0;
	note_time(ledger, event->ts_ns);
	if (is_late(ledger, event))
		return 0;
	err = release_known(ledger, event, &released, &nr_known);
	if (!err && nr_known < lt_range_nr_pages(event->pfns)) {
		released.is_doubtful = true;
		err = release_unknown(ledger, event, lt_range_nr_pages(event->pfns) - nr_known);
	}
	if (!err && !nr_known)
		err = get_requester(ledger, event, true, &released.requester);
	if (!err)
		err = lt_ledger_cut(&ledger->allocations, event->pfns);
	return err ? err : keep(ledger, &released);
}

/* Which of its workers the kernel takes for a request says nothing. */
static const char *name_caller(struct lt_strings *strings, const char *comm, size_t len)
{
	if (len > 8 && !memcmp(comm, "kworker/", 8))
		len = 7;
	return lt_strings_format(strings, "%.*s", (int)len, comm);
}

int lt_ledger_event_of(const struct lt_attempt *attempt, struct lt_strings *strings,
		       struct lt_ledger_event *out)
{
	const struct lt_try *last =
		attempt->tries.nr ? &attempt->tries.v[attempt->tries.nr - 1] : NULL;
	const char *dash = attempt->caller ? strrchr(attempt->caller, '-') : NULL;
	struct lt_ledger_event event = {
		.ts_ns = attempt->ts_ns,
		.area_name = attempt->area_name,
		.stack = attempt->stack,
	};

	if (attempt->failed || attempt->is_open || !last || !last->ok)
		return 0;
	event.pfns = last->pfns;
	if (attempt->latency_ns.known)
		event.ts_ns = lt_num_add(attempt->ts_ns, attempt->latency_ns);
	if (dash) {
		event.caller =
			name_caller(strings, attempt->caller, (size_t)(dash - attempt->caller));
		if (!event.caller)
			return -ENOMEM;
	}
	*out = event;
	return 1;
}

void lt_ledger_gap(struct lt_ledger *ledger, struct lt_num ts_ns)
{
	if (!lt_ledger_has_any(ledger))
		return;
	lt_ledger_drop_released(&ledger->allocations);
	lt_vec_each(allocation, &ledger->allocations)
		doubt(ledger, allocation);
	lt_vec_each(requester, &ledger->requesters) {
		requester->growth = (struct lt_growth){ 0 };
		requester->nr_pages_old = 0;
	}
	ledger->late.nr = 0;
	ledger->stray.nr = 0;
	if (!ts_ns.known || !ledger->gap_ns.known || ledger->gap_ns.val != ts_ns.val)
		ledger->nr_gaps++;
	ledger->gap_ns = ts_ns.known ? ts_ns : ledger->to_ns;
}

void lt_ledger_reach(struct lt_ledger *ledger, struct lt_num ts_ns)
{
	if (!ledger->from_ns.known)
		return;
	if (ts_ns.known && ts_ns.val > ledger->to_ns.val)
		ledger->to_ns = ts_ns;
	lt_vec_each(requester, &ledger->requesters)
		lt_growth_reach(&requester->growth, ledger->to_ns.val);
}

int lt_ledger_identify(struct lt_ledger *ledger, const struct lt_areas *areas,
		       struct lt_strings *strings)
{
	int err = 0;

	lt_vec_each(requester, &ledger->requesters) {
		if (!err)
			err = lt_holder_name_of(requester->stack, strings, &requester->driver);
		if (requester->area_name)
			requester->area = lt_areas_find_name(areas, requester->area_name);
		if (requester->area == LT_NO_AREA)
			requester->area = lt_areas_find_pfn(areas, requester->first_pfn);
	}
	return err;
}

struct lt_num lt_ledger_oldest_ns(const struct lt_ledger *ledger, size_t requester)
{
	struct lt_num oldest_ns = { 0 };

	lt_vec_each(allocation, &ledger->allocations)
		if (allocation->requester == requester && !allocation->is_released &&
		    allocation->since_ns.known &&
		    (!oldest_ns.known || allocation->since_ns.val < oldest_ns.val))
			oldest_ns = allocation->since_ns;
	return oldest_ns;
}

bool lt_ledger_has_any(const struct lt_ledger *ledger)
{
	return ledger->requesters.nr;
}

uint64_t lt_ledger_nr_pages_old(const struct lt_ledger *ledger, const struct lt_requester *of)
{
	uint64_t nr_pages = of->nr_pages_old;

	lt_vec_each(requester, &ledger->requesters)
		if (requester->is_unknown && requester->area_name == of->area_name)
			nr_pages += requester->nr_pages_old;
	return nr_pages;
}

void lt_ledger_free(struct lt_ledger *ledger)
{
	lt_vec_free(&ledger->allocations);
	lt_vec_free(&ledger->requesters);
	lt_vec_free(&ledger->again);
	lt_vec_free(&ledger->late);
	lt_vec_free(&ledger->stray);
}
