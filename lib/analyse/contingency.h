/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CONTINGENCY_H
#define LT_ANALYSE_CONTINGENCY_H

#include <stdbool.h>

/* Attempts by whether a pinned page was in their reach, and by how they ended: the 2x2 table. */
struct lt_contingency {
	unsigned int pinned_failed, pinned_ok, clean_failed, clean_ok;
};

/* Add one attempt. */
void lt_contingency_count(struct lt_contingency *table, bool failed, bool pinned);

/* An odds ratio with its 95% interval. */
struct lt_odds {
	double ratio, ci95[2];
};

/**
 * lt_contingency_odds() - the odds of failing with a pinned page in reach, against without
 * @table: if one cell is 0, 0.5 is added to each (Haldane-Anscombe)
 * @out:   its interval is Woolf's; untouched on failure
 *
 * Return: false if a row or a column of the table is empty: there is nothing to compare.
 */
bool lt_contingency_odds(const struct lt_contingency *table, struct lt_odds *out);

/* Fisher's exact test, two-sided: all tables of the same margins that are no more probable. */
double lt_contingency_p(const struct lt_contingency *table);

#endif
