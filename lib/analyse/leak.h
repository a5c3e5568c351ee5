/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_LEAK_H
#define LT_ANALYSE_LEAK_H

#include "analyse/finding.h"
#include "base/compiler.h"
#include "model/ledger.h"

/**
 * struct lt_leak - whether the device memory of one requester grows
 * @is_suspected: it does, all through the time looked at, and what it keeps is older than anything
 *		  that it released
 * @confidence:	  likely or a hint
 * @begin_ns:	  from when on it was looked at
 * @floor:	  pages: the least that was outstanding in each quarter of that time
 * @nr_kept:	  allocations of that time that are outstanding, and twice as old as the oldest that was
 *		  released; all that are outstanding, if none was released
 * @nr_pages_kept: their pages
 * @oldest_ns:	  when the first of them was made
 *
 * Fragmentation is something else: what is outstanding comes and goes, and is spread over the area.
 */
struct lt_leak {
	bool is_suspected;
	enum lt_confidence confidence;
	uint64_t begin_ns;
	uint64_t floor[LT_GROWTH_QUARTERS];
	uint64_t nr_kept, nr_pages_kept;
	struct lt_num oldest_ns;
};

/* Of requester @index. */
struct lt_leak lt_leak_of(const struct lt_ledger *ledger, size_t index) __nonnull_all;

#endif
