// SPDX-License-Identifier: LGPL-2.1-or-later
/* Has the table of sources. */
#include "source/source.h"

const struct lt_source *const lt_sources[] = {
	/* page size and totals before anything that counts pages */
	&lt_source_kernel,
	&lt_source_kconfig,
	&lt_source_meminfo,
	&lt_source_vmstat,
	&lt_source_zoneinfo,
	&lt_source_pagetypeinfo,
	&lt_source_buddyinfo,
	/* areas, the most trusted first: a later one completes, never overrides */
	&lt_source_cma_debugfs,
	&lt_source_module_areas,
	&lt_source_cma_sysfs,
	&lt_source_klog,
	&lt_source_iomem, /* the log may tell the page size */
	&lt_source_device_tree,
	&lt_source_trace,
	&lt_source_attempts,
	&lt_source_selftest,
	&lt_source_dma_buf,
	&lt_source_module,
	&lt_source_kcore, /* what the module, if loaded, tells better */
	&lt_source_page_pinner,
	&lt_source_page_owner,
	&lt_source_kpageflags,
	&lt_source_module_files, /* of those that kpageflags calls so */
	&lt_source_pagemap,
	&lt_source_dma_buf_users,
	&lt_source_process_pins,
	&lt_source_pin_probes,
	NULL,
};
