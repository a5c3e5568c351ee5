// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/meminfo, one counter a line:
 *
 *	NAME ":" blanks NUMBER [" kB"]
 *
 * Read in 5.10, 6.1, 6.12 and 7.2 (fs/proc/meminfo.c): the rows kept here are
 * printed alike by all, in KiB whatever the page size. CmaTotal and CmaFree
 * are there with CONFIG_CMA alone. Fixtures: all that have proc/meminfo.
 */
#include "source/tables/meminfo.h"

#include <stddef.h>

#include "source/counters.h"

int lt_meminfo_parse(const char *buf, size_t len, struct lt_memory *out, struct lt_diag *diag)
{
	static const struct lt_counter wanted[] = {
		{ "MemTotal", offsetof(struct lt_memory, mem_total_kib) },
		{ "MemAvailable", offsetof(struct lt_memory, mem_available_kib) },
		{ "SwapFree", offsetof(struct lt_memory, swap_free_kib) },
		{ "Active(file)", offsetof(struct lt_memory, active_file_kib) },
		{ "Inactive(file)", offsetof(struct lt_memory, inactive_file_kib) },
		{ "SReclaimable", offsetof(struct lt_memory, slab_reclaimable_kib) },
		{ "Percpu", offsetof(struct lt_memory, percpu_kib) },
		{ "CmaTotal", offsetof(struct lt_memory, cma_total_kib) },
		{ "CmaFree", offsetof(struct lt_memory, cma_free_kib) },
		{ "Hugepagesize", offsetof(struct lt_memory, huge_page_kib) },
		{ NULL, 0 },
	};
	static const struct lt_counters meminfo = { ":", " kB", wanted };

	return lt_counters_parse(&meminfo, buf, len, out, diag);
}
