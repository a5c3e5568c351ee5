/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_ATTEMPTS_H
#define LT_SOURCE_TRACE_TRACE_ATTEMPTS_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/strings.h"
#include "model/area.h"
#include "model/attempt.h"
#include "source/trace/trace_event.h"

/*
 * Puts allocation attempts together from trace events, one event at a time. What is
 * not yet complete is kept for each task, but not for many: one that is not heard of
 * again is forgotten, so that this can run for days.
 */
struct lt_trace_attempts;

/**
 * struct lt_trace_attempts_options - what the events are, and who is told
 * @strings:    for what attempts name
 * @areas:	known areas, or NULL: a request for more than its area has is told as it
 *		begins, since 6.1 and 6.12 trace no end of it; else when its task asks again
 * @has_ends:	cma_alloc_finish is recorded, so that a task that goes on without it was refused
 * @has_tests:	test_pages_isolated is recorded, so that its absence tells something; without that it
 *		does from the first one on, as somebody may have switched it on then
 * @has_retries: cma_alloc_busy_retry is
 * @on_attempt: one ended; its contents are the callee's. 0, or negative errno to end
 * @on_event:	one that is no part of an attempt; may be NULL. 0, or negative errno to end
 * @arg:	passed on
 */
struct lt_trace_attempts_options {
	struct lt_strings *strings;
	const struct lt_areas *areas;
	bool has_ends, has_tests, has_retries;
	int (*on_attempt)(struct lt_attempt *attempt, void *arg);
	int (*on_event)(const struct lt_trace_event *event, void *arg);
	void *arg;
};

/* @options is copied, what it points to is not. NULL when out of memory. */
struct lt_trace_attempts *lt_trace_attempts_new(const struct lt_trace_attempts_options *options);
void lt_trace_attempts_free(struct lt_trace_attempts *attempts);

/* The next event of its task. 0 or negative errno. */
int lt_trace_attempts_push(struct lt_trace_attempts *attempts, const struct lt_trace_event *event)
	__must_check __nonnull_all;

/* Events were lost here, of whichever tasks. */
void lt_trace_attempts_lost(struct lt_trace_attempts *attempts);

/* What cannot be read stands here: an event of whichever task may be missing. */
void lt_trace_attempts_damaged(struct lt_trace_attempts *attempts);

/* There will be no more: hand out what has not ended (is_open). 0 or negative errno. */
int lt_trace_attempts_finish(struct lt_trace_attempts *attempts) __must_check __nonnull_all;

/* Events that made no sense so far. */
unsigned int lt_trace_attempts_nr_skipped(const struct lt_trace_attempts *attempts);

#endif
