/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_TEXT_H
#define LT_SOURCE_TRACE_TRACE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "source/trace/trace_event.h"

/* What the kernel prints, before the events, of how many it has and has had. */
#define LT_TRACE_COUNTS "# entries-in-buffer/entries-written: "

/**
 * struct lt_trace_sink - who is told what a trace holds
 * @on_event: returns 0, or a negative errno that ends the reading
 * @on_lost:  events are missing here; @nr of them, 0 if the trace does not tell how many
 * @on_damaged: what stands between two events could not be read: an event may be missing there; may be
 *	      NULL
 * @arg:      passed on
 */
struct lt_trace_sink {
	int (*on_event)(const struct lt_trace_event *event, void *arg);
	void (*on_lost)(uint64_t nr, void *arg);
	void (*on_damaged)(void *arg);
	void *arg;
};

/**
 * lt_trace_text_parse() - the events in a text trace
 * @buf:     whole events: a saved trace, or what one read of trace_pipe gave
 * @strings: interns the frames of stacks
 * @stacks:  where they go; NULL to pass over them
 * @diag:    nr_skipped counts lines that belong to no trace; may be NULL
 *
 * Return: 0; what @sink stopped with; -ENOMEM; -EBADMSG for text that has neither
 * the header of a trace nor an event.
 */
int lt_trace_text_parse(const char *buf, size_t len, struct lt_strings *strings,
			struct lt_stacks *stacks, const struct lt_trace_sink *sink,
			struct lt_diag *diag) __must_check;

#endif
