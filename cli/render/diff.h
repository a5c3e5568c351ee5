/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_DIFF_H
#define CLI_RENDER_DIFF_H

#include "model/fact.h"
#include "render/text.h"

/**
 * struct diff - two reports, and what differs
 * @names: what the user called them; safe to print
 */
struct diff {
	const char *names[2];
	const struct lt_fact_sheet *sheets[2];
	const struct lt_differences *differences;
};

/* "new", "gone" or "changed". */
const char *diff_change(const struct lt_difference *difference);

/* Whether the failure of the second one's headline is also in the first. */
bool diff_is_seen_before(const struct diff *diff);

void diff_print_text(struct text *text, const struct diff *diff);
void diff_print_markdown(FILE *out, const struct diff *diff);

#endif
