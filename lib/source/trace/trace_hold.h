/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_HOLD_H
#define LT_SOURCE_TRACE_TRACE_HOLD_H

#include "base/compiler.h"
#include "source/trace/trace_event.h"

/*
 * Gives events their stacks. The kernel records a stack as an event of its own, after
 * the event that it belongs to and with events of other processors between: each event
 * is held until the next one of its task.
 */
struct lt_trace_hold;

/**
 * lt_trace_hold_new() - start with nothing held
 * @on_event:  gets the events with their stacks; 0, or negative errno to end
 * @has_stack: whether a stack is recorded with this one; the others are not held. NULL: with any
 *
 * Return: NULL when out of memory.
 */
struct lt_trace_hold *lt_trace_hold_new(int (*on_event)(const struct lt_trace_event *, void *),
					bool (*has_stack)(const struct lt_trace_event *, void *),
					void *arg);
void lt_trace_hold_free(struct lt_trace_hold *hold);

/* The next event of its task, or its stack. 0 or negative errno. */
int lt_trace_hold_push(struct lt_trace_hold *hold, const struct lt_trace_event *event)
	__must_check __nonnull_all;

/* No stack will come any more: let go what is held, in the order of arrival. */
int lt_trace_hold_flush(struct lt_trace_hold *hold) __must_check __nonnull_all;

#endif
