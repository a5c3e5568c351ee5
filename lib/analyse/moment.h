/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_MOMENT_H
#define LT_ANALYSE_MOMENT_H

#include "model/snapshot.h"

/**
 * lt_moment() - when something was, on the clock of the kernel log and of page_owner
 * @clock:  the clocks as they were read; without readings a trace is taken to show the log's clock,
 *	    give or take a tick, unless it is known to show another one
 * @source: whose time @when is
 */
struct lt_when lt_moment(const struct lt_clock_set *clock, enum lt_attempt_source source,
			 struct lt_when when);

/* When a range of @attempt was tried, or else from its begin to its end; on its own clock. */
struct lt_when lt_moment_of_try(const struct lt_attempt *attempt, const struct lt_try *tried);

#endif
