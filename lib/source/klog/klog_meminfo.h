/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_MEMINFO_H
#define LT_SOURCE_KLOG_KLOG_MEMINFO_H

#include "source/klog/klog_line.h"

/**
 * struct lt_klog_meminfo - the memory info that was printed last
 * @is_open:	   its end has not come yet
 * @is_in_zone:	   the second line of a zone is to come
 * @is_complete:   it has, so that the sums are those of all zones
 * @free_kib:	   free outside CMA, over all zones
 * @min_kib:	   the zones' watermarks "min"
 * @nr_pages_ram:  "pages RAM"; unknown if it has not come
 * @nr_pages_cma:  "pages cma reserved"; unknown if it has not come
 */
struct lt_klog_meminfo {
	bool is_open, is_in_zone, is_complete;
	struct lt_num ts_ns;
	struct lt_klog_context by;
	struct lt_num free_kib, min_kib, nr_pages_ram, nr_pages_cma;
};

/* Take a line of a memory info. False if it is none. */
bool lt_klog_meminfo_parse(struct lt_klog_meminfo *info, struct lt_klog_line line);

#endif
