/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_LEDGER_RANGES_H
#define LT_MODEL_LEDGER_RANGES_H

#include "base/compiler.h"
#include "model/ledger.h"

/* The ranges of the ledger, sorted by PFN, without a page in common. */

/* The first that ends behind @pfn, or their end. */
struct lt_allocation *lt_ledger_from(const struct lt_allocations *allocations, uint64_t pfn);

/* The pages that both have. */
struct lt_range lt_ledger_common(struct lt_range a, struct lt_range b);

/* Pages that no other has. 0 or -ENOMEM. */
int lt_ledger_insert(struct lt_allocations *allocations, const struct lt_allocation *allocation)
	__must_check __nonnull_all;

/* Take @pfns out of each; of what is outstanding there remains a rest. 0 or -ENOMEM. */
int lt_ledger_cut(struct lt_allocations *allocations, struct lt_range pfns)
	__must_check __nonnull_all;

/* Keep only what is outstanding. */
void lt_ledger_drop_released(struct lt_allocations *allocations) __nonnull_all;

#endif
