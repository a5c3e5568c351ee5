/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_NOW_H
#define LT_BASE_NOW_H

#include <stdint.h>
#include <time.h>

/* ns since boot; stops in suspend, like the clocks of printk and the trace. */
static inline uint64_t lt_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline uint64_t lt_now_ms(void)
{
	return lt_now_ns() / 1000000;
}

#endif
