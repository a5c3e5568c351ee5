/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_CMA_USE_H
#define LT_SOURCE_TABLES_CMA_USE_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/root.h"

/* Whether somebody allocates from CMA, from whichever area. */

/**
 * struct lt_cma_use - a number that changes with every allocation
 * @source: who told it, NULL if nobody can
 * @number: itself; of no meaning but that
 * @is_sum: it only grows. Else it is what is allocated now: what was given back between two looks
 *	    is not seen
 */
struct lt_cma_use {
	const char *source;
	uint64_t number;
	bool is_sum;
};

/* 0 or negative errno; that nobody tells is no error. */
int lt_cma_use_read(const struct lt_root *root, struct lt_cma_use *out) __must_check __nonnull_all;

/* Whether somebody allocated between @before and @after. False if nobody can tell. */
bool lt_cma_use_differs(const struct lt_cma_use *before, const struct lt_cma_use *after);

#endif
