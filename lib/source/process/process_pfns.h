/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_PROCESS_PFNS_H
#define LT_SOURCE_PROCESS_PROCESS_PFNS_H

#include "base/compiler.h"
#include "base/range.h"
#include "base/root.h"

/* Pages of one call that are looked up, 1 GiB of small ones: more take too long to read. */
#define LT_PROCESS_PFNS_MAX (1u << 18)

/**
 * lt_process_pfns() - where a part of a process's memory lies now (/proc/TID/pagemap)
 * @tid:      the process, or any of its threads
 * @addr:     of the first page
 * @nr_pages: of which the first LT_PROCESS_PFNS_MAX are looked up
 * @out:      runs of PFNs in the order of the addresses are appended, pages that are not there
 *	      left out; the caller frees it, also on failure
 *
 * Return: 0; -ENOENT or -ESRCH the thread is gone; -EPERM PFNs are hidden from us; -ENOMEM;
 * another negative errno.
 */
int lt_process_pfns(const struct lt_root *root, uint64_t tid, uint64_t addr, uint64_t nr_pages,
		    struct lt_ranges *out) __must_check __nonnull_all;

#endif
