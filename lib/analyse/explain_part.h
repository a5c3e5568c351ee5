/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_EXPLAIN_PART_H
#define LT_ANALYSE_EXPLAIN_PART_H

#include "analyse/explain.h"
#include "base/compiler.h"

/* The parts of lt_explain_make(), in their order; all return 0 or -ENOMEM. */

/* explain_state.c: what there is to search: pages, memory, kernel. */
int lt_explain_read_state(struct lt_explain *explain) __must_check __nonnull_all;

/* explain_obstacle.c: what is in the way, and whose it is. */
int lt_explain_find_obstacles(struct lt_explain *explain) __must_check __nonnull_all;

/* explain_gain.c: largest allocation, gain of each owner, cheapest window, size of the area. */
int lt_explain_evaluate(struct lt_explain *explain) __must_check __nonnull_all;

/* explain_words.c */
int lt_explain_report(struct lt_explain *explain) __must_check __nonnull_all;

#endif
