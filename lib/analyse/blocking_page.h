/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_BLOCKING_PAGE_H
#define LT_ANALYSE_BLOCKING_PAGE_H

#include "analyse/cause.h"
#include "base/compiler.h"

/**
 * struct lt_blocking_page - a page that made attempts fail, as the last one of them has it
 * @pfn:     as it was named
 * @attempt: the last one, by its index in the snapshot
 * @said:    of the page; belongs to the causes
 */
struct lt_blocking_page {
	uint64_t pfn;
	size_t attempt;
	const struct lt_cause_page *said;
};

/* Ascending, one a page. */
LT_VEC_OF(lt_blocking_pages, struct lt_blocking_page);

/* List the pages of @causes, which are @snap's and must outlive @out. 0 or -ENOMEM. */
int lt_blocking_pages_make(const struct lt_snapshot *snap, const struct lt_causes *causes,
			   struct lt_blocking_pages *out) __must_check __nonnull_all;

/* What is said of the folio @pin; NULL if no attempt is known to have failed for it. */
const struct lt_cause_page *lt_blocking_pages_find(const struct lt_blocking_pages *pages,
						   const struct lt_snapshot *snap,
						   const struct lt_pin *pin);

#endif
