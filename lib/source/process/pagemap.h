/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_PAGEMAP_H
#define LT_SOURCE_PROCESS_PAGEMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "model/snapshot.h"

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

/*
 * What the search came to, for a capture, and from there: 0, what the search
 * returned then, or why that could not be read.
 */
void lt_pagemap_keep(const struct lt_snapshot *snap, int err, const struct lt_diag *diag);
int lt_pagemap_replay(struct lt_snapshot *snap, struct lt_diag *diag) __must_check __nonnull_at(1);

/**
 * lt_pagemap_own_page() - a page of ours, private and just written
 * @out: its PFN
 *
 * Return: 0; -EPERM if PFNs are hidden from us; another negative errno.
 */
int lt_pagemap_own_page(const struct lt_root *root, uint64_t *out) __must_check __nonnull_all;

#endif
