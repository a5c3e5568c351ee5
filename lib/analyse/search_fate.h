/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_SEARCH_FATE_H
#define LT_ANALYSE_SEARCH_FATE_H

#include <stdbool.h>

#include "model/folio.h"

/* What becomes of a page when cma_alloc() wants it. */
enum lt_fate {
	LT_FATE_UNKNOWN,   /* nobody looked, or what was seen does not tell */
	LT_FATE_FREE,	   /* free, if only on a per-CPU list, which is emptied first */
	LT_FATE_RECLAIMED, /* clean page cache: dropped, and moved only if that fails */
	LT_FATE_MOVED,	   /* migrated, which takes a free page elsewhere */
	LT_FATE_ALLOCATED, /* given out by cma_alloc(): windows avoid it */
	/* these stay where they are, and make the window fail */
	LT_FATE_PINNED,
	LT_FATE_HELD,	   /* has references that no mapping or cache explains */
	LT_FATE_UNMOVABLE, /* the kernel's or a driver's own */
	LT_NR_FATES,
};

/*
 * How the kernel that searches differs from the others; told by what it shows,
 * never by its release.
 */
enum lt_search_kernel {
	LT_SEARCH_UNKNOWN,
	LT_SEARCH_5_10, /* vmstat does not count cma_alloc() calls */
	LT_SEARCH_6_1,	/* it does */
	LT_SEARCH_7_2,	/* and debugfs shows an area as ranges */
};

/* "free", "moved", "pinned", ... */
const char *lt_fate_name(enum lt_fate fate);

static inline bool lt_fate_is_blocking(enum lt_fate fate)
{
	return fate >= LT_FATE_PINNED && fate < LT_NR_FATES;
}

/* Bounds what can be allocated: stays, is given out, or may stay. */
static inline bool lt_fate_is_obstacle(enum lt_fate fate)
{
	return lt_fate_is_blocking(fate) || fate == LT_FATE_ALLOCATED || fate == LT_FATE_UNKNOWN;
}

/* What becomes of the pages of @folio, if cma_alloc() did not give them out. */
enum lt_fate lt_fate_of(const struct lt_folio *folio, enum lt_search_kernel kernel);

#endif
