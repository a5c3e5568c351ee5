/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_QUIET_H
#define LT_SOURCE_KLOG_KLOG_QUIET_H

#include "base/compiler.h"
#include "base/needles.h"
#include "base/num.h"
#include "base/text.h"

/* The words that make a line worth more than a glance. */
void lt_klog_quiet_init(struct lt_needles *words) __nonnull_all;

/**
 * lt_klog_is_quiet() - whether nothing can be read of a line but its stamp
 * @line:  as it stands in the log, without what ends it
 * @ts_ns: set if so
 *
 * Where nothing was begun by the lines before, the parser would make nothing else of it. False says
 * nothing: another envelope, or a word that may mean something.
 */
bool lt_klog_is_quiet(const struct lt_needles *words, struct lt_span line, struct lt_num *ts_ns)
	__nonnull_all;

#endif
