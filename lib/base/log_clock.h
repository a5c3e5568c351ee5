/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_LOG_CLOCK_H
#define LT_BASE_LOG_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/**
 * lt_log_clock_ns() - what time it is by the clock of the kernel log and of page_owner
 * @out: ns, of a moment during the call
 *
 * Return: 0; -ENOSYS without CONFIG_PERF_EVENTS; -EACCES or -EPERM without CAP_PERFMON where
 * kernel.perf_event_paranoid asks for it; another negative errno.
 */
int lt_log_clock_ns(uint64_t *out) __must_check __nonnull_all;

/* The time of the first record of that kind in a ring of perf: 0, or -ENODATA if there is none. */
int lt_log_clock_parse(const void *records, size_t len, uint64_t *out) __must_check __nonnull_at(3);

#endif
