/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_LEDGER_H
#define LT_MODEL_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/range.h"
#include "base/strings.h"
#include "base/vec.h"
#include "model/area.h"
#include "model/attempt.h"
#include "model/growth.h"
#include "model/stack.h"

/*
 * The ledger of device allocations: cma_alloc() and cma_release() joined by their pages. What it
 * says of an allocation is what the events say; after events were lost it says so of each
 * allocation from before (is_doubtful), and starts to count anew.
 */

/* So many ranges are kept, and so many requesters told apart. */
#define LT_LEDGER_RANGES_MAX 32768
#define LT_LEDGER_REQUESTERS_MAX 512

/**
 * struct lt_allocation - pages of one allocation, or pages that are known to be released
 * @pfns:	 of it; no two have a page in common
 * @since_ns:	 when it was allocated, on the clock of the trace; unknown: before the record
 * @released_ns: when it was released
 * @requester:	 index into the ledger's requesters
 * @is_released: nothing has allocated these pages since
 * @is_doubtful: events are missing: it may have been released, or after a release allocated again
 * @is_rest:	 a part of the allocation was released
 * @is_unsure_before: the release of what was there before may come late
 */
struct lt_allocation {
	struct lt_range pfns;
	struct lt_num since_ns, released_ns;
	size_t requester;
	bool is_released, is_doubtful, is_rest, is_unsure_before;
};

/* Sorted by PFN. */
LT_VEC_OF(lt_allocations, struct lt_allocation);

/**
 * struct lt_requester - who asked for device memory
 * @area_name:	 of which area; NULL on 5.10
 * @area:	 index into the snapshot's areas, LT_NO_AREA if not known
 * @first_pfn:	 of its first allocation
 * @stack:	 of the requests in the kernel; NULL if none was recorded
 * @driver:	 as @stack names it: a module, or a function; NULL if it does not
 * @caller:	 the task's name at its first request, without its number
 * @is_unknown:	 stands for whoever allocated, before the record, what was released in it
 * @nr_allocated, @nr_pages_allocated: in the record, as the following
 * @nr_released, @nr_pages_released: whole allocations, and pages
 * @nr_parts:	 releases that left a part of an allocation
 * @nr_held, @nr_pages_held: outstanding, as far as the events say
 * @nr_doubtful, @nr_pages_doubtful: of these, those that may have been released
 * @nr_pages_old: released since events were lost last, of what @growth does not count
 * @longest_ns:	 the longest time from allocation to release; unknown if none was seen
 * @growth:	 of the pages that are outstanding for certain, since events were lost last
 */
struct lt_requester {
	const char *area_name;
	size_t area;
	uint64_t first_pfn;
	const struct lt_stack *stack;
	const char *driver, *caller;
	bool is_unknown;
	uint64_t nr_allocated, nr_pages_allocated, nr_released, nr_pages_released, nr_parts;
	uint64_t nr_held, nr_pages_held, nr_doubtful, nr_pages_doubtful, nr_pages_old;
	struct lt_num longest_ns;
	struct lt_growth growth;
};

LT_VEC_OF(lt_requesters, struct lt_requester);

/**
 * struct lt_release_again - a release of pages that were released, and not allocated since
 * @pfns:     of the second release, those pages
 * @first_ns: when they were released
 * @ts_ns:    and when again
 * @caller:   task that did it again; NULL if not known
 * @requester: who had allocated them
 */
struct lt_release_again {
	struct lt_range pfns;
	struct lt_num first_ns, ts_ns;
	const char *caller;
	size_t requester;
};

LT_VEC_OF(lt_releases_again, struct lt_release_again);

/* A release that is not, or not yet, that of a known allocation. */
struct lt_release_open {
	struct lt_range pfns;
	struct lt_num ts_ns;
};

LT_VEC_OF(lt_releases_open, struct lt_release_open);

/**
 * struct lt_ledger - what devices hold, as far as events of their allocations tell
 * @allocations: outstanding, and released
 * @requesters:	 in the order in which they were met
 * @again:	 pages that were released twice
 * @late:	 releases that must come yet: their pages were allocated again
 * @stray:	 releases of the last moments that were of no allocation known
 * @from_ns:	 of the first event
 * @to_ns:	 up to when nothing else happened
 * @gap_ns:	 when events were missing last; unknown if none are known to be missing
 * @nr_gaps:	 how often
 * @nr_again:	 all of @again, which is not kept for ever
 * @has_releases: releases are recorded
 * @has_end:	 @to_ns is not of an event: the record goes on behind the last one
 * @is_full:	 there were too many ranges to keep: nothing can be said of what is outstanding
 *
 * Strings and stacks are interned elsewhere.
 */
struct lt_ledger {
	struct lt_allocations allocations;
	struct lt_requesters requesters;
	struct lt_releases_again again;
	struct lt_releases_open late, stray;
	struct lt_num from_ns, to_ns, gap_ns;
	uint64_t nr_gaps, nr_again;
	bool has_releases, has_end, is_full;
};

/**
 * struct lt_ledger_event - an allocation that succeeded, or a release
 * @area_name: NULL if the event tells none
 * @caller:    the task, without its number
 */
struct lt_ledger_event {
	struct lt_range pfns;
	struct lt_num ts_ns;
	const char *area_name, *caller;
	const struct lt_stack *stack;
};

/* 0 or -ENOMEM. */
int lt_ledger_allocate(struct lt_ledger *ledger, const struct lt_ledger_event *event)
	__must_check __nonnull_all;
int lt_ledger_release(struct lt_ledger *ledger, const struct lt_ledger_event *event)
	__must_check __nonnull_all;

/**
 * lt_ledger_event_of() - the allocation that an attempt was
 * @strings: for the caller: "kworker" for "kworker/0:1-812", "camera" for "camera-812"
 *
 * Return: 1; 0 if it got no pages, or not known which; -ENOMEM.
 */
int lt_ledger_event_of(const struct lt_attempt *attempt, struct lt_strings *strings,
		       struct lt_ledger_event *out) __must_check __nonnull_all;

/* Events are missing here: what is outstanding may be released, what is released allocated. */
void lt_ledger_gap(struct lt_ledger *ledger, struct lt_num ts_ns) __nonnull_all;

/* All is recorded up to @ts_ns. */
void lt_ledger_reach(struct lt_ledger *ledger, struct lt_num ts_ns) __nonnull_all;

/* Say of which area each requester is, and which driver. 0 or -ENOMEM. */
int lt_ledger_identify(struct lt_ledger *ledger, const struct lt_areas *areas,
		       struct lt_strings *strings) __must_check __nonnull_all;

/* When the oldest of its allocations was made that is outstanding; unknown if there is none. */
struct lt_num lt_ledger_oldest_ns(const struct lt_ledger *ledger, size_t requester) __nonnull_all;

/* Whether there is something to say of: an allocation or a release. */
bool lt_ledger_has_any(const struct lt_ledger *ledger);

/*
 * Pages that were released since events were lost last, or since the record began, and allocated
 * before: by @of, or by somebody whom no event names, who may be @of.
 */
uint64_t lt_ledger_nr_pages_old(const struct lt_ledger *ledger, const struct lt_requester *of)
	__nonnull_all;

void lt_ledger_free(struct lt_ledger *ledger);

#endif
