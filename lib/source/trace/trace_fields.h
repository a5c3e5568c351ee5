/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_FIELDS_H
#define LT_SOURCE_TRACE_TRACE_FIELDS_H

#include <stdbool.h>

#include "base/num.h"
#include "base/range.h"
#include "base/text.h"
#include "model/attempt.h"

/**
 * struct lt_trace_fields - what a cma event tells
 * @has_name, @name: of the area; 5.10 tells none
 * @is_open_count: of cma_alloc_start: the kernel emits no end if the area has not as many pages
 *		(6.1 and 6.12)
 * @has_page:	of an end: it got pages
 * @pfn:	of the range
 * @count:	pages
 * @align:	as an order
 * @ret:	positive errno
 * @nr_available, @nr_total: of cma_alloc_start (7.2): pages of the area not given out, and all
 */
struct lt_trace_fields {
	bool has_name, has_page, is_open_count;
	struct lt_span name;
	struct lt_num pfn, count, align, ret, nr_available, nr_total;
};

/**
 * lt_trace_fields_parse() - the fields of a cma_alloc event
 * @at:      behind "EVENT: "
 * @has_pfn: the event's first field after the name is "pfn="
 *
 * Return: false if a field makes no sense or there is no count.
 */
bool lt_trace_fields_parse(struct lt_text at, bool has_pfn, struct lt_trace_fields *out);

/**
 * lt_trace_info_parse() - the fields of cma_alloc_info
 * @out:    as of an end, without @ret
 * @counts: those that are there
 *
 * Return: false if a field makes no sense or there is no count of pages.
 */
bool lt_trace_info_parse(struct lt_text at, struct lt_trace_fields *out,
			 struct lt_attempt_counts *counts);

/* Add what mm_alloc_contig_migrate_range_info tells of one range; false if it makes no sense. */
bool lt_trace_migration_parse(struct lt_text at, struct lt_attempt_counts *counts);

/**
 * lt_trace_test_parse() - the fields of test_pages_isolated
 * @pfns:    what was tested
 * @fin_pfn: the first page in the way; unknown if there is none
 */
bool lt_trace_test_parse(struct lt_text at, struct lt_range *pfns, struct lt_num *fin_pfn);

#endif
