/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_DUMP_PAGE_H
#define LT_SOURCE_KLOG_KLOG_DUMP_PAGE_H

#include "base/compiler.h"
#include "base/vec.h"
#include "source/klog/klog_line.h"

/* A page that alloc_contig_range() could not migrate, as the kernel dumped it. */
struct lt_klog_page {
	uint64_t pfn;
	struct lt_num refcount, mapcount;
	struct lt_num ts_ns;
	struct lt_klog_context by;
};

LT_VEC_OF(lt_klog_pages, struct lt_klog_page);

/**
 * struct lt_klog_dumps - page dumps
 * @current:	the block that is being read, if @is_open
 * @is_offline: memory offlining announced the next block as its own
 * @pages:	blocks that a contiguous allocation printed, since somebody took them
 */
struct lt_klog_dumps {
	struct lt_klog_page current;
	bool is_open, is_offline;
	struct lt_klog_pages pages;
};

/* Take a line of a page dump: 1 if it was one, 0 if not, or -ENOMEM. */
int lt_klog_dumps_parse(struct lt_klog_dumps *dumps, struct lt_klog_line line)
	__must_check __nonnull_all;

#endif
