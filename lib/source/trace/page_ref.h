/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_PAGE_REF_H
#define LT_SOURCE_TRACE_PAGE_REF_H

#include "base/compiler.h"
#include "source/trace/trace_event.h"

/**
 * struct lt_page_ref - a change of a page's reference count
 * @pfn: the page; of a folio its head
 * @val: what was added, negative if taken away
 */
struct lt_page_ref {
	uint64_t pfn;
	int64_t val;
};

/* The event below "events", and a filter that lets nothing but pins through. */
#define LT_PAGE_REF_EVENT "page_ref/page_ref_mod"
#define LT_PAGE_REF_FILTER "val == 1024 || val == 1023 || val == -1024"

/**
 * lt_page_ref_parse() - take an event apart
 * @out: set if it returns 1
 *
 * Return: 1; 0 for an event of something else; -EBADMSG with why in @diag.
 */
int lt_page_ref_parse(const struct lt_trace_event *event, struct lt_page_ref *out,
		      struct lt_diag *diag) __must_check __nonnull_at(1, 2);

/* How many pins that is: 1, -1 for one that ended, or 0 for something else. */
int lt_page_ref_pins(const struct lt_page_ref *ref) __must_check __nonnull_all;

#endif
