/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_STACK_H
#define LT_SOURCE_TRACE_TRACE_STACK_H

#include <stdbool.h>

#include "base/compiler.h"
#include "source/trace/trace_event.h"

/* Deeper stacks lose their outermost frames. */
#define LT_TRACE_FRAMES_MAX 64

/* Whether this is no event of its own, but the stack of the one before of its task. */
bool lt_trace_event_is_stack(const struct lt_trace_event *event);

/**
 * lt_trace_stack_add() - intern the stack of an event
 * @stacks: may be NULL without frames
 * @frames: interned, innermost first; those of tracing itself are left out
 * @out:    untouched if nothing is left
 *
 * Return: 0 or -ENOMEM.
 */
int lt_trace_stack_add(struct lt_stacks *stacks, const char *const *frames, size_t nr,
		       const struct lt_stack **out) __must_check;

#endif
