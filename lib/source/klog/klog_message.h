/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_MESSAGE_H
#define LT_SOURCE_KLOG_KLOG_MESSAGE_H

#include "base/compiler.h"
#include "source/klog/klog.h"
#include "source/klog/klog_attempt.h"
#include "source/klog/klog_line.h"

/* CMA_MAX_NAME */
#define LT_KLOG_AREA_NAME_MAX 64

/**
 * struct lt_klog_parser - one boot of a log, as far as it has been read
 * @wants_node_name: a device tree area was created, its name comes next
 * @broken_name:     @broken_len characters of an area's name, from the line before, without its
 *		     newline
 * @is_taken:	     the line tells of a failure, a busy range or messages kept back, and was
 *		     understood; to be cleared before the next
 * @nr_skipped:	     lines that were not
 */
struct lt_klog_parser {
	struct lt_strings *strings;
	struct lt_klog klog;
	struct lt_klog_attempts attempts;
	bool wants_node_name, is_taken;
	char broken_name[LT_KLOG_AREA_NAME_MAX];
	size_t broken_len;
	unsigned int nr_skipped;
};

/* What cma_alloc() returns. Where the end of a line was lost, another number may be half of one. */
bool lt_klog_is_whole_errno(uint64_t err);

/* Take a message in. 0 or -ENOMEM. */
int lt_klog_message_parse(struct lt_klog_parser *parser, struct lt_klog_line *line)
	__must_check __nonnull_all;

#endif
