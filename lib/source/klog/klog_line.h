/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_LINE_H
#define LT_SOURCE_KLOG_KLOG_LINE_H

#include "base/compiler.h"
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

/* The words of one line in another form than they have in the log; lt_klog_scratch_fini() frees it. */
struct lt_klog_scratch {
	char *buf;
	size_t len, size;
	bool has_no_json; /* an object in it has no end */
};

/* Room for a line of @len bytes, whatever was there is forgotten. 0 or -ENOMEM. */
int lt_klog_scratch_reset(struct lt_klog_scratch *scratch, size_t len) __must_check __nonnull_all;

/* Keep @len bytes of @p, as a line of their own; false where there is no room. */
bool lt_klog_scratch_add(struct lt_klog_scratch *scratch, const char *p, size_t len,
			 struct lt_text *out);

void lt_klog_scratch_fini(struct lt_klog_scratch *scratch);

/**
 * struct lt_klog_line - a line of a kernel log
 * @text:      the message, or what follows its tag
 * @tag:       the message's text up to its first colon, where the log has a column for it (logcat);
 *	       empty otherwise
 * @key:       of a field, where the log has a line for each: @text is its value; empty otherwise
 * @ts_ns:     when it was printed, ns since boot; unknown where the prefix does not say
 * @by:	       who printed it
 * @is_others: the prefix says that not the kernel wrote the line
 * @is_users:  its facility is "user", which a C library makes of the kernel's, 0, where it sends the
 *	       line of a klogd: not the kernel's unless it is tagged
 * @is_tagged: the prefix says that the kernel did
 * @has_time:  the prefix has a time of day
 * @is_cut:    the next message begins in the middle of this one's line: its last word may be cut
 * @nr_repeats: how often the message came once more, where a logger folded it; 0 if it is itself
 * @boot_id:   of the boot that it is of, as the log tells it beside the line; empty if it does not
 * @host:      whose kernel printed it, as a syslog daemon or a journal tells it; empty if none does
 * @after:     what is left of the line behind the message; mostly empty
 */
struct lt_klog_line {
	struct lt_text text;
	struct lt_span tag, key, boot_id, host;
	struct lt_num ts_ns;
	struct lt_klog_context by;
	bool is_others, is_users, is_tagged, has_time, is_cut;
	unsigned int nr_repeats;
	struct lt_text after;
};

/**
 * lt_klog_line_split() - part a line of a kernel log into prefix and message
 * @scratch: reset for a line as long as @raw; @out may point into it
 *
 * Whoever kept the log, or passed it on, put something else before the message;
 * klog_line.c has the table. What none of them explains stays part of the
 * message, so that a message quoted in somebody else's line is not taken for
 * the kernel's.
 *
 * Return: false if the prefix says that not the kernel wrote the line; @out->after is set even so.
 */
bool lt_klog_line_split(struct lt_text raw, struct lt_klog_scratch *scratch,
			struct lt_klog_line *out);

/* Consume "@tag: ", in the message or as its column. */
bool lt_klog_line_tag(struct lt_klog_line *line, const char *tag);

/*
 * Whether two lines may tell of one thing: no two stamps further apart than
 * @ns, no stamps in the wrong order. Unknown ones say nothing.
 */
bool lt_klog_is_soon(struct lt_num before, struct lt_num after, uint64_t ns);

#endif
