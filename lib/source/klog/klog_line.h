/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_LINE_H
#define LT_SOURCE_KLOG_KLOG_LINE_H

#include "base/num.h"
#include "base/text.h"

/**
 * struct lt_klog_context - who printed a line, where the prefix says so
 * @is_task:	  task @id
 * @is_interrupt: an interrupt or the like on CPU @id
 * @comm:	  name of the task; empty if not told
 */
struct lt_klog_context {
	bool is_task, is_interrupt;
	uint64_t id;
	struct lt_span comm;
};

/* Whether the prefixes name two tasks, or two CPUs. */
bool lt_klog_context_is_other(const struct lt_klog_context *a, const struct lt_klog_context *b);

/**
 * struct lt_klog_line - a line of a kernel log
 * @text:  the message, or what follows its tag
 * @tag:   the message's text up to its first colon, where the log has a column for it (logcat);
 *	   empty otherwise
 * @ts_ns: when it was printed, ns since boot; unknown where the prefix does not say
 * @by:    who printed it
 */
struct lt_klog_line {
	struct lt_text text;
	struct lt_span tag;
	struct lt_num ts_ns;
	struct lt_klog_context by;
};

/**
 * lt_klog_line_split() - part a line of a kernel log into prefix and message
 *
 * Whoever kept the log put something else before the message; klog_line.c
 * lists the forms. What none of them explains stays part of the message, so
 * that a message quoted in somebody else's line is not taken for the kernel's.
 *
 * Return: false if the prefix says that not the kernel wrote the line.
 */
bool lt_klog_line_split(struct lt_text raw, struct lt_klog_line *out);

/* Consume "@tag: ", in the message or as its column. */
bool lt_klog_line_tag(struct lt_klog_line *line, const char *tag);

/*
 * Whether two lines may tell of one thing: no two stamps further apart than
 * @ns, no stamps in the wrong order. Unknown ones say nothing.
 */
bool lt_klog_is_soon(struct lt_num before, struct lt_num after, uint64_t ns);

#endif
