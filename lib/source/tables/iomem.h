/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_IOMEM_H
#define LT_SOURCE_TABLES_IOMEM_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/range.h"

/* Ascending. */
struct lt_iomem {
	struct lt_ranges ram;	   /* "System RAM" */
	struct lt_ranges reserved; /* in it: what firmware and boot code keep for themselves */
};

/**
 * lt_iomem_parse() - pick the memory out of /proc/iomem
 * @page_size: in bytes
 * @out:       whole pages; freed with lt_iomem_fini(); untouched on failure
 *
 * Return: 0; -EACCES if every address is hidden; -EBADMSG; -ENOMEM.
 */
int lt_iomem_parse(const char *buf, size_t len, uint64_t page_size, struct lt_iomem *out,
		   struct lt_diag *diag) __must_check __nonnull_at(4);

void lt_iomem_fini(struct lt_iomem *iomem);

#endif
