/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_DEVICE_PIN_COUNTERS_H
#define LT_ACT_DEVICE_PIN_COUNTERS_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/num.h"

/* nr_foll_pin_acquired and nr_foll_pin_released of /proc/vmstat: pages, ever, system-wide. */
struct lt_pin_counters {
	struct lt_num acquired, released;
};

/**
 * lt_pin_counters_read() - read both
 * @refresh: fold in what each CPU still keeps to itself. Waits for every CPU,
 *	     so not while one may be stuck; does nothing for other users than root.
 *
 * Return: 0 or negative errno.
 */
int lt_pin_counters_read(bool refresh, struct lt_pin_counters *out) __must_check __nonnull_all;

/* Pages pinned now: acquired - released. */
static inline struct lt_num lt_pin_counters_held(const struct lt_pin_counters *counters)
{
	return lt_num_sub(counters->acquired, counters->released);
}

#endif
