/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WINDOW_COUNT_H
#define LT_ANALYSE_WINDOW_COUNT_H

#include "model/snapshot.h"

/**
 * struct lt_window_count - the ranges that a request could get, and what became of them
 * @given_out: passed over, since cma_alloc() had given out pages of them (the bitmap)
 * @passed:    tried, and obtained
 * @blocked:   tried, and busy
 * @not_tried: the search ended before it came to them
 *
 * What is not known is unknown: @given_out and @not_tried also need the place of the area.
 */
struct lt_window_count {
	struct lt_num given_out, passed, blocked, not_tried;
};

/*
 * Count those of @attempt; nothing is known unless each range that it tried is on record. @snap,
 * which has the areas, may be NULL.
 */
void lt_window_count_make(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
			  struct lt_window_count *out);

#endif
