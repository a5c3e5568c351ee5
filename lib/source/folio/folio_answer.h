/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_FOLIO_FOLIO_ANSWER_H
#define LT_SOURCE_FOLIO_FOLIO_ANSWER_H

#include "base/compiler.h"
#include "base/json.h"
#include "base/range.h"
#include "model/folio.h"

/*
 * Folios in an answer (answer.h): pfn, nr_pages, refcount, mapcount, pins,
 * flags (LTPIN_PAGE_*). A count below 0, which is one that is not known or was
 * read while it changed, is left out, and is -1 when it is taken from there.
 */
void lt_folio_answer_add(struct lt_json *json, const struct lt_folio *folio);

/* Take one record: 0, -EBADMSG or -ENOMEM. */
int lt_folio_answer_parse(struct lt_folios *out, const struct lt_json_value *record)
	__must_check __nonnull_all;

/*
 * Once all are there: put them in order. A folio that lies in two ranges was kept with each, and
 * stays once; where two of different times overlap, the first stays.
 */
void lt_folio_answer_sort(struct lt_folios *folios);

/* Call @each for those that lie in @pfns, in ascending order: 0, or what @each returned. */
int lt_folio_answer_ask(const struct lt_folios *folios, struct lt_range pfns,
			int (*each)(const struct lt_folio *folio, void *arg), void *arg)
	__must_check __nonnull_at(1);

#endif
