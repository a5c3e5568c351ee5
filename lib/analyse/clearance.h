/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_CLEARANCE_H
#define LT_ANALYSE_CLEARANCE_H

#include "base/compiler.h"
#include "model/pfns.h"
#include "model/snapshot.h"

/*
 * When pages were last shown to be held by nothing: a request was given them, or the test of a range
 * passed over them and stopped at a later page.
 */

/**
 * struct lt_clearances - the last time for each of some pages
 * @pfns:   sorted
 * @ts_ns:  by the same index, of the trace's clock; unknown if it was never shown
 */
struct lt_clearances {
	struct lt_pfns pfns;
	LT_VEC_OF(lt_clearance_times, struct lt_num) ts_ns;
};

/* For the pages that the kernel named in @snap. 0 or -ENOMEM; freed with lt_clearances_free(). */
int lt_clearances_make(const struct lt_snapshot *snap, struct lt_clearances *out)
	__must_check __nonnull_all;
void lt_clearances_free(struct lt_clearances *clearances);

/* The last time that @pfn was shown to be free; unknown if it never was. */
struct lt_num lt_clearances_last(const struct lt_clearances *clearances, uint64_t pfn);

#endif
