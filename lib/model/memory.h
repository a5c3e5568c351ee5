/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_MEMORY_H
#define LT_MODEL_MEMORY_H

#include <stdbool.h>

#include "base/num.h"
#include "base/range.h"

/* System-wide facts that bear on CMA and pins. */
struct lt_memory {
	/* meminfo, in KiB as printed there */
	struct lt_num mem_total_kib, mem_available_kib, cma_total_kib, cma_free_kib;
	bool cma_total_is_logged;    /* @cma_total_kib is of a memory info in the log */
	struct lt_num percpu_kib;    /* one of the last rows before those of CMA (4.20 and later) */
	struct lt_num huge_page_kib; /* Hugepagesize: behind those of CMA, with hugetlbfs */
	struct lt_num active_file_kib, inactive_file_kib, slab_reclaimable_kib, swap_free_kib;
	/* vmstat, in pages; acquired alone is inflated by migration, compare it with released */
	struct lt_num nr_free_cma, nr_foll_pin_acquired, nr_foll_pin_released;
	/* vmstat, in calls (6.1 and later) */
	struct lt_num cma_alloc_success, cma_alloc_fail;
	/* iomem, in PFNs, ascending: where memory is, and what of it was reserved at boot */
	struct lt_ranges ram, reserved;
};

#endif
