/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_WATCH_H
#define CLI_RENDER_WATCH_H

#include "analyse/report.h"
#include "model/pin_tally.h"
#include "model/watch_counts.h"
#include "render/text.h"

/* What `ltpin watch` tells: an attempt at a time, and what it all comes to in the end. */

/**
 * struct watch_summary - the end of watching
 * @report:      on all that was seen
 * @counts:      of the following; of a saved trace only attempts and failures
 * @watched_ns:  for how long; unknown for a saved trace
 * @page_states: who told the state of pages, NULL if nobody did
 * @pins:	 calls that pinned; NULL if they were not watched
 */
struct watch_summary {
	const struct lt_report *report;
	struct lt_watch_counts counts;
	struct lt_num watched_ns;
	const char *page_states;
	const struct lt_pin_tally *pins;
};

/* A failure is a short block, with @is_verbose with all of its ranges; a success is a line. */
void watch_print_attempt(struct text *text, const struct lt_snapshot *snap,
			 const struct lt_attempt *attempt, const struct lt_cause *cause,
			 bool is_verbose);

/* A page that made it fail; @seen is what was found out about it, NULL if nobody looked. */
void watch_print_page(struct text *text, const struct lt_cause_page *page,
		      const struct lt_blocker *seen);

/* 0 or -ENOMEM. */
int watch_print_summary(struct text *text, const struct watch_summary *summary);

#endif
