/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TUI_SAID_H
#define CLI_TUI_SAID_H

#include "analyse/blocking_page.h"

/*
 * What causes say of one snapshot, for views that show attempts of a later one: an attempt that the
 * snapshot does not have is not evaluated yet, for its pages were read before it was made.
 */

LT_VEC_OF(said_attempts, size_t);

/**
 * struct said - causes of a snapshot
 * @snap:    it; NULL if nothing is evaluated. Must outlive this
 * @by_time: its failed attempts
 */
struct said {
	const struct lt_snapshot *snap;
	struct lt_causes causes;
	struct lt_blocking_pages blocking;
	struct said_attempts by_time;
};

/* 0, or -ENOMEM with @said empty; to be freed with said_fini() */
int said_make(struct said *said, const struct lt_snapshot *snap);
void said_fini(struct said *said);

/* Of a page of @said->snap; NULL if no failure is known to come from it. */
const struct lt_cause_page *said_of_page(const struct said *said, const struct lt_pin *pin);

/* Of the page of which most is established for @attempt, of any snapshot; NULL if none is. */
const struct lt_cause_page *said_of_attempt(const struct said *said,
					    const struct lt_attempt *attempt);

#endif
