/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_LINE_H
#define LT_SOURCE_KLOG_LINE_H

#include "base/num.h"
#include "base/text.h"

/**
 * lt_klog_line_split() - part a line of a kernel log into prefix and message
 * @line:  advanced to the message
 * @ts_ns: when it was printed, ns since boot; unknown where the prefix does not say
 *
 * Whoever kept the log put something else before the message; klog_line.c
 * lists the forms. What none of them explains stays part of the message, so
 * that a message quoted in somebody else's line is not taken for the kernel's.
 */
void lt_klog_line_split(struct lt_text *line, struct lt_num *ts_ns);

#endif
