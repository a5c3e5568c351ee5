/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_DIFF_H
#define CLI_RENDER_DIFF_H

#include "model/fact.h"
#include "render/text.h"

/**
 * struct diff - two reports, and what differs
 * @names:   what the user called them; safe to print
 * @sources: of which one was read for one of them alone; others are left out
 */
struct diff {
	const char *names[2];
	const struct lt_fact_sheet *sheets[2];
	const struct lt_differences *differences, *sources;
};

/* Whether the source of @difference was read for the first report (0) alone, or the second (1). */
bool diff_is_read_in(const struct lt_difference *difference, int i);

/*
 * What became of something from the first report to the second. Where a source was read for one
 * of them alone, what only one has is neither new nor gone.
 */
enum diff_change { DIFF_CHANGED, DIFF_NEW, DIFF_GONE, DIFF_ONLY_IN_A, DIFF_ONLY_IN_B };

enum diff_change diff_change_of(const struct diff *diff, const struct lt_difference *difference);

/* Whether the failure of the second one's headline is also in the first. */
bool diff_is_seen_before(const struct diff *diff);

/* What a fact is called: "reserved: pages lent", in JSON "reserved: nr_lent"; not if another says it. */
bool diff_is_shown(const struct lt_fact *fact);
void diff_put_key(FILE *out, const struct lt_fact *fact);

void diff_print_text(struct text *text, const struct diff *diff);
void diff_print_markdown(FILE *out, const struct diff *diff);

#endif
