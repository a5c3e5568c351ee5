/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_SEARCHES_H
#define LT_SOURCE_TRACE_TRACE_SEARCHES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/attempt.h"
#include "source/trace/trace_track.h"

/* Tasks in the middle of an attempt; more are never seen at once, unless events were lost. */
#define LT_TRACE_SEARCHES_MAX 1024

/**
 * struct lt_trace_search - what one task is doing
 * @pid:	the task
 * @serial:	rises with each new search
 * @is_started:	its start was seen
 * @is_torn:	some of its events may be lost
 * @is_cut:	events were lost after those that it has: what comes may be of the task's next one
 * @is_migrating: it is emptying a range that was not tested yet
 * @has_track, @track: the first page of its last range that the kernel says was in the way
 * @attempt:	what is known so far
 */
struct lt_trace_search {
	struct lt_trace_search *next;
	uint64_t pid, serial;
	bool is_started, is_torn, is_cut, is_migrating, has_track;
	struct lt_trace_track track;
	struct lt_attempt attempt;
};

/* By task. Zero-initialised is empty. */
struct lt_trace_searches {
	struct lt_trace_search *buckets[LT_TRACE_SEARCHES_MAX];
	uint64_t serial;
	unsigned int nr;
	bool is_torn;  /* from before the first */
	bool has_lost; /* since: one that comes up without its start may have lost more */
};

void lt_trace_searches_fini(struct lt_trace_searches *searches);

/* Where the link to the task's search is, or belongs. Good until one is added or dropped. */
struct lt_trace_search **lt_trace_search_find(struct lt_trace_searches *searches, uint64_t pid);

/* The link to the one that is there for longest; NULL if there is none. */
struct lt_trace_search **lt_trace_search_oldest(struct lt_trace_searches *searches);

/* A new one where lt_trace_search_find() found none; NULL when out of memory. */
struct lt_trace_search *lt_trace_search_add(struct lt_trace_searches *searches,
					    struct lt_trace_search **at, uint64_t pid);

void lt_trace_search_drop(struct lt_trace_searches *searches, struct lt_trace_search **at);

/* An event was lost: of any search there is, or of those that come up without their start. */
void lt_trace_searches_damage(struct lt_trace_searches *searches);

/* The same of many events: a search may have ended, and its task's next one begun. */
void lt_trace_searches_tear(struct lt_trace_searches *searches);

#endif
