/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_CMA_BITMAP_H
#define LT_SOURCE_TABLES_CMA_BITMAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/vec.h"
#include "model/area.h"

/* The words of the file, freed with lt_vec_free(): a file is read before the size is known. */
LT_VEC_OF(lt_cma_words, uint32_t);

/* Return: 0; -ENOMEM; -EBADMSG for text that is not such words. */
int lt_cma_words_parse(const char *buf, size_t len, struct lt_cma_words *out, struct lt_diag *diag)
	__must_check __nonnull_at(3);

/* Hands @words over as a bitmap of @nr_bits: 0; -ENOMEM; -EBADMSG if there are too few. */
int lt_cma_words_clip(struct lt_cma_words *words, size_t nr_bits, struct lt_bitmap *out,
		      struct lt_diag *diag) __must_check __nonnull_at(3);

/**
 * lt_cma_bitmap_parse() - the file "bitmap" of a CMA area
 * @nr_bits: of the range; bits past it are cleared
 * @out:     owned by the caller (free(@out->words)); untouched on failure
 *
 * Return: 0; -ENOMEM; -EBADMSG for text that is not such words, or fewer than @nr_bits need.
 */
int lt_cma_bitmap_parse(const char *buf, size_t len, size_t nr_bits, struct lt_bitmap *out,
			struct lt_diag *diag) __must_check __nonnull_at(4);

#endif
