/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KCORE_KCORE_FOLIO_H
#define LT_SOURCE_KCORE_KCORE_FOLIO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "model/folio.h"

/**
 * struct lt_kcore_page - a page, as three files tell of it
 * @refcount:   page._refcount
 * @mapcount:   page._mapcount, which is the type of a page that cannot be mapped
 * @mapping:    page.mapping, never followed
 * @kpf:        its word in /proc/kpageflags
 * @kpagecount: its word in /proc/kpagecount; 0 unless it is part of a larger folio
 * @is_there:   it has a struct page
 * @is_stable:  the struct page was the same before and after @kpf was read
 */
struct lt_kcore_page {
	int32_t refcount, mapcount;
	uint64_t mapping, kpf, kpagecount;
	bool is_there, is_stable;
};

/**
 * struct lt_kcore_folios - puts neighbours together to folios and free blocks
 * @each:        called with each in ascending order; neighbours that are free are one block
 * @arg:         passed to @each
 * @no_mapcount: the kernel does not count how often a page of a large folio is mapped
 * @folio:       the last one, not told yet; none if its nr_pages is 0
 * @entire:      how often all of it is mapped at once
 * @parts:       how often its pages are mapped one by one
 */
struct lt_kcore_folios {
	int (*each)(const struct lt_folio *folio, void *arg);
	void *arg;
	bool no_mapcount;
	struct lt_folio folio;
	int64_t entire, parts;
};

/* Take the next page: 0, or what @each returned. */
int lt_kcore_folios_add(struct lt_kcore_folios *folios, uint64_t pfn,
			const struct lt_kcore_page *page) __must_check __nonnull_all;

/**
 * lt_kcore_folios_end() - tell the last one
 * @is_cut: the next page, which was not looked at, may belong to it
 */
int lt_kcore_folios_end(struct lt_kcore_folios *folios, bool is_cut) __must_check __nonnull_all;

#endif
