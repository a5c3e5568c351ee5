/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_NOW_H
#define LT_SOURCE_TRACE_TRACE_NOW_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/strings.h"

/* The time in a text of per_cpu/cpu0/stats: 0, or -EBADMSG if it has none. */
int lt_trace_now_parse(const char *buf, size_t len, uint64_t *now_ns) __must_check __nonnull_at(3);

/* The clock in use in a text of trace_clock, interned; NULL if none is marked. 0 or -ENOMEM. */
int lt_trace_clock_name(const char *buf, size_t len, struct lt_strings *strings, const char **out)
	__must_check __nonnull_at(3, 4);

#endif
