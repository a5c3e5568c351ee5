/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_FOLLOW_TRACE_CLOCK_H
#define LT_ACT_FOLLOW_TRACE_CLOCK_H

#include "act/follow/trace_instance.h"
#include "base/compiler.h"

/**
 * lt_trace_clock_ahead() - how far the clock of a trace buffer is ahead of lt_now_ns()
 * @ahead_ns: negative if it is behind
 *
 * The two begin at different moments of the boot, and NTP slews only one of them.
 * Return: 0, or negative errno with @ahead_ns untouched.
 */
int lt_trace_clock_ahead(const struct lt_trace_instance *instance, int64_t *ahead_ns)
	__must_check __nonnull_all;

#endif
