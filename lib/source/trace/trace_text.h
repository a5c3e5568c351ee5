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
 * struct lt_trace_text - a text trace that is being read
 * @strings: interns the frames of stacks
 * @stacks:  where they go; NULL to pass over them
 * @sink:    who is told
 */
struct lt_trace_text {
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	const struct lt_trace_sink *sink;
	/* private */
	unsigned int nr_lines, nr_understood, nr_skipped, first_skipped;
	bool has_events, is_damaged; /* behind the last event */
};

/* Take the next whole events. 0; what the sink stopped with; -ENOMEM. */
int lt_trace_text_feed(struct lt_trace_text *text, const char *buf, size_t len) __must_check;

/*
 * After the last of them. @diag: nr_skipped counts lines that belong to no trace; may be NULL. 0, or
 * -EBADMSG for text that has neither the header of a trace nor an event.
 */
int lt_trace_text_end(const struct lt_trace_text *text, struct lt_diag *diag) __must_check;

/* Whether an event may begin in @line, whatever comes before it. */
bool lt_trace_text_may_begin(struct lt_text line);

/* All of that for whole events in memory: a saved trace, or what one read of trace_pipe gave. */
int lt_trace_text_parse(const char *buf, size_t len, struct lt_strings *strings,
			struct lt_stacks *stacks, const struct lt_trace_sink *sink,
			struct lt_diag *diag) __must_check;

#endif
