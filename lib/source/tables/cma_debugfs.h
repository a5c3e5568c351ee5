/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_CMA_DEBUGFS_H
#define LT_SOURCE_TABLES_CMA_DEBUGFS_H

#include <stddef.h>

#include "base/diag.h"
#include "model/area.h"

/**
 * lt_cma_bitmap_parse() - the file "bitmap" of a CMA area
 * @nr_bits: of the range; bits past it are cleared
 * @out:     owned by the caller (free(@out->words)); untouched on failure
 *
 * Return: 0; -ENOMEM; -EBADMSG for text that is not such words, or fewer than @nr_bits need.
 */
int lt_cma_bitmap_parse(const char *buf, size_t len, size_t nr_bits, struct lt_bitmap *out,
			struct lt_diag *diag);

#endif
