/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_EVENT_H
#define LT_SOURCE_TRACE_TRACE_EVENT_H

#include "base/num.h"
#include "base/text.h"
#include "model/stack.h"

/**
 * struct lt_trace_event - one event as the kernel recorded it
 * @ts_ns:  since boot; unknown if the trace clock does not count seconds
 * @cpu:    where it happened; unknown if the trace does not tell
 * @pid:    the thread
 * @comm:   its name then; "<...>" if the kernel no longer knew it
 * @name:   without its group: "cma_alloc_start"
 * @fields: what the kernel prints behind "name: "
 * @stack:  of the thread in the kernel, innermost first; NULL if none was recorded
 *
 * Whoever made the text chose its bytes: it enters the model through
 * lt_strings_add() alone. Spans are valid only during the call that hands the
 * event out; @stack lives as long as its pool.
 */
struct lt_trace_event {
	struct lt_num ts_ns, cpu;
	uint64_t pid;
	struct lt_span comm, name;
	struct lt_text fields;
	const struct lt_stack *stack;
};

#endif
