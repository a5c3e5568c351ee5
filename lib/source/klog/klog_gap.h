/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_GAP_H
#define LT_SOURCE_KLOG_KLOG_GAP_H

#include "base/compiler.h"
#include "source/klog/klog_line.h"

/* Whether @line says that messages of the kernel are missing here; @raw is all of it, as it stands. */
bool lt_klog_is_gap(const struct lt_klog_line *line, struct lt_text raw) __nonnull_all;

#endif
