/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_LEDGER_H
#define LT_SOURCE_TRACE_TRACE_LEDGER_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/strings.h"
#include "model/ledger.h"
#include "source/trace/trace_event.h"

/* Allocations and releases of a saved trace, until all are there: events with stacks come late. */
struct lt_trace_ledger;

/*
 * @strings outlive it. @is_counted: the text has the kernel's count of the events that it wrote, so
 * that a begin without lost ones is the begin of all processors. NULL when out of memory.
 */
struct lt_trace_ledger *lt_trace_ledger_new(struct lt_strings *strings, bool is_counted);
void lt_trace_ledger_free(struct lt_trace_ledger *saved);

/* An event as it stands in the text, whatever it is: which processor has one, and when. */
void lt_trace_ledger_see(struct lt_trace_ledger *saved, const struct lt_trace_event *event);

/*
 * Events are missing where the text is now. Before the first one, that is no gap, but the buffer
 * of each processor may begin at another time.
 */
void lt_trace_ledger_lost(struct lt_trace_ledger *saved) __nonnull_all;

/* One that ended. 0 or -ENOMEM. */
int lt_trace_ledger_attempt(struct lt_trace_ledger *saved, const struct lt_attempt *attempt)
	__must_check __nonnull_all;

/* Nothing if it is not cma_release, or makes no sense. 0 or -ENOMEM. */
int lt_trace_ledger_event(struct lt_trace_ledger *saved, const struct lt_trace_event *event)
	__must_check __nonnull_all;

/* All in the order of time. 0 or -ENOMEM, @out to be freed then too. */
int lt_trace_ledger_fill(struct lt_trace_ledger *saved, struct lt_ledger *out)
	__must_check __nonnull_all;

/**
 * lt_trace_release_parse() - what cma_release tells
 * @out: strings are interned
 *
 * Return: 1; 0 if @event is another; -EBADMSG if it makes no sense; -ENOMEM.
 */
int lt_trace_release_parse(const struct lt_trace_event *event, struct lt_strings *strings,
			   struct lt_ledger_event *out) __must_check __nonnull_all;

#endif
