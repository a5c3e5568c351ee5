/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_FOLIO_FOLIO_ANSWER_H
#define LT_SOURCE_FOLIO_FOLIO_ANSWER_H

#include "base/json.h"
#include "base/range.h"
#include "model/folio.h"

/*
 * Folios in an answer (answer.h): pfn, nr_pages, refcount, mapcount, pins,
 * flags (LTPIN_PAGE_*). A count below 0, which is one that is not known or was
 * read while it changed, is left out, and is -1 when it is taken from there.
 */
void lt_folio_answer_add(struct lt_json *json, const struct lt_folio *folio);

/**
 * struct lt_folio_reading - the folios of a range, from an answer
 * @pfns:     the range
 * @each:     called for each folio in it; NULL to read none
 * @arg:      passed to @each
 * @next_pfn: 0 at first; a folio that lies in two ranges was kept with each, and is told once
 */
struct lt_folio_reading {
	struct lt_range pfns;
	int (*each)(const struct lt_folio *folio, void *arg);
	void *arg;
	uint64_t next_pfn;
};

/* Take one record: 0, what @each returned, or -EBADMSG. */
int lt_folio_answer_take(struct lt_folio_reading *in, const struct lt_json_value *record);

#endif
