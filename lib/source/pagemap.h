/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGEMAP_H
#define LT_SOURCE_PAGEMAP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * /proc/PID/pagemap is an array of these, one per virtual page: bit 63 says
 * that the page is present, then bits 0 to 54 are its PFN, 0 for a reader
 * without CAP_SYS_ADMIN. In a page that is not present they mean something else.
 */
typedef uint64_t lt_pagemap_entry;

#define LT_PAGEMAP_PFN_MASK (((uint64_t)1 << 55) - 1)

static inline bool lt_pagemap_is_present(lt_pagemap_entry entry)
{
	return entry >> 63;
}

static inline uint64_t lt_pagemap_pfn(lt_pagemap_entry entry)
{
	return entry & LT_PAGEMAP_PFN_MASK;
}

#endif
