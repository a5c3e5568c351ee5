/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PFNS_H
#define LT_MODEL_PFNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/range.h"
#include "base/vec.h"

/* Page frames, or other numbers: collected in any order, then made a set. */
LT_VEC_OF(lt_pfns, uint64_t);

/* Append @pfn: 0 or -ENOMEM. */
int lt_pfns_add(struct lt_pfns *pfns, uint64_t pfn) __must_check __nonnull_all;

/* Keep each of those from index @first on once, where it came first. 0 or -ENOMEM. */
int lt_pfns_drop_repeats(struct lt_pfns *pfns, size_t first) __must_check;

/* Put in ascending order, each once. */
void lt_pfns_sort(struct lt_pfns *pfns);

/* The first of the sorted @pfns that is not below @pfn, or NULL. */
const uint64_t *lt_pfns_from(const struct lt_pfns *pfns, uint64_t pfn);

/* Whether one of the sorted @pfns is in @range. */
bool lt_pfns_has_any(const struct lt_pfns *pfns, struct lt_range range);

#endif
