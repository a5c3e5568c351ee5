/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_QUIET_H
#define LT_SOURCE_KLOG_KLOG_QUIET_H

#include "base/compiler.h"
#include "base/needles.h"
#include "source/klog/klog_line.h"

/* The words that make a line worth more than a glance. */
void lt_klog_quiet_init(struct lt_needles *words) __nonnull_all;

/**
 * lt_klog_is_quiet() - whether nothing can be read of a line but when, by whom and of which boot it is
 * @line: as it stands in the log, without what ends it
 * @out:  these, if so; all zero before
 *
 * Where nothing was begun by the lines before, the parser would make nothing else of it. False says
 * nothing: another envelope, or a word that may mean something.
 */
bool lt_klog_is_quiet(const struct lt_needles *words, struct lt_span line, struct lt_klog_line *out)
	__nonnull_all;

/* Take a plain record of a journal, a line of JSON. False for any other, and without a time. */
bool lt_klog_quiet_journal(struct lt_text raw, struct lt_klog_line *out);

#endif
