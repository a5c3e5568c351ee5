/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_PLAIN_H
#define LT_SOURCE_KLOG_KLOG_PLAIN_H

#include "base/text.h"

/* Whether lt_klog_plain() may change @line. */
bool lt_klog_plain_is_needed(struct lt_span line);

/**
 * lt_klog_plain() - a line without what terminals, browsers and mail put into it
 * @is_quoted_printable: the mail says so: every "=XX" is a byte
 * @out:		 room for as much as @line has
 *
 * Return: the part of @out that was filled.
 */
struct lt_span lt_klog_plain(struct lt_span line, bool is_quoted_printable, char *out);

#endif
