/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_PIN_TRACE_H
#define LT_SOURCE_TRACE_PIN_TRACE_H

#include "base/compiler.h"
#include "base/strings.h"
#include "model/pin_call.h"
#include "source/trace/trace_event.h"

/*
 * Puts the events of a trace together to calls that pinned: the probes of pin_event.h, and
 * page_ref.h, which names the pages.
 */

/**
 * struct lt_pin_trace_sink - who is told
 * @on_call:  a call returned; its contents are the callee's from then on (lt_pin_call_fini()). It
 *	      has no process yet, and no pages unless the trace names them (is_exact)
 * @on_unpin: a page lost a pin that no call in progress had made; may be NULL
 * @arg:      passed on
 *
 * Both return 0, or a negative errno that ends it.
 */
struct lt_pin_trace_sink {
	int (*on_call)(struct lt_pin_call *call, void *arg);
	int (*on_unpin)(uint64_t pfn, uint64_t tid, void *arg);
	void *arg;
};

/**
 * struct lt_pin_trace - calls in progress
 * @strings:  for names
 * @stacks:   for stacks without the frames of the probe; NULL: they stay as they are
 * @longterm: FOLL_LONGTERM of the kernel that was traced; 0 if not known
 * @pending:  one a thread, the oldest first
 * @nr_not_understood: events that made no sense
 */
struct lt_pin_trace {
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	uint32_t longterm;
	struct lt_pin_calls pending;
	uint64_t nr_not_understood;
};

/* Take an event; one of something else is passed over. 0, -ENOMEM, or what the sink returned. */
int lt_pin_trace_event(struct lt_pin_trace *trace, const struct lt_trace_event *event,
		       const struct lt_pin_trace_sink *sink) __must_check __nonnull_all;

void lt_pin_trace_fini(struct lt_pin_trace *trace);

#endif
