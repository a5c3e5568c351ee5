/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_WATCH_WATCH_PINS_H
#define LT_ACT_WATCH_WATCH_PINS_H

#include "base/compiler.h"
#include "model/area.h"
#include "model/attempt.h"
#include "source/page/page_state.h"

/**
 * struct lt_watch_pins - samples what is pinned around attempts, but not around each
 * @next_ns:        not to look again before this
 * @next_failed_ns: the same, but after a failure
 * @nr_scans:       areas looked through so far
 * @scan_ns:        what that took
 */
struct lt_watch_pins {
	uint64_t next_ns, next_failed_ns, nr_scans, scan_ns;
};

/* Attempts that stay where they are. */
LT_VEC_OF(lt_attempt_refs, struct lt_attempt *);

/**
 * lt_watch_pins_sample() - what is pinned in the areas of attempts now
 * @fresh: attempts that have just ended; @sampled and @pinned of them are set, unless it is too
 *	   early to look again, or nobody could tell
 *
 * Attempts in one area share one look. Failures are rare, so they are worth more: that whether one
 * is sampled depends on how it ended does not distort the odds ratio, as long as it does not
 * depend on pins. Return: 0 or -ENOMEM.
 */
int lt_watch_pins_sample(struct lt_watch_pins *pins, const struct lt_page_state *state,
			 const struct lt_areas *areas, const struct lt_attempt_refs *fresh)
	__must_check __nonnull_all;

#endif
