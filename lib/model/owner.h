/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_OWNER_H
#define LT_MODEL_OWNER_H

#include <stdint.h>

#include "base/num.h"
#include "base/vec.h"
#include "model/stack.h"
#include "model/when.h"

/**
 * struct lt_owner - who allocated a block of pages (one page_owner record)
 * @pfn:		first page
 * @order:		1 << order pages
 * @pid:		thread that allocated it; 5.10 does not tell
 * @tgid:		its process
 * @comm:		its name then; NULL if not told
 * @ts_ns:		when, ns since boot
 * @start:		when that process began, if it still runs
 * @gfp:		flags in words "GFP_KERNEL|__GFP_ZERO", or the mask "0x..." where they are missing
 * @migratetype:	of the allocation: "Movable", "Unmovable", ...
 * @block_migratetype:	of the pageblock: "CMA"; "Isolate" while an allocation is in flight
 * @migrate_reason:	why it was last moved; NULL if it never was. "longterm_pin" says that the page
 *			was once moved for a pin, not that it is pinned now
 * @stack:		of the allocation; NULL if none was printed
 *
 * Allocated by is not mapped by and not pinned by. Strings are interned.
 */
struct lt_owner {
	uint64_t pfn;
	unsigned int order;
	struct lt_num pid, tgid, ts_ns;
	const char *comm, *gfp, *migratetype, *block_migratetype, *migrate_reason;
	const struct lt_stack *stack;
	struct lt_when start;
};

LT_VEC_OF(lt_owners, struct lt_owner);

#endif
