// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /proc/vmstat, one counter a line, in pages or in events:
 *
 *	NAME " " NUMBER
 *
 * nr_free_cma and nr_foll_pin_* are in 5.10, 6.1, 6.12 and 7.2;
 * cma_alloc_success and cma_alloc_fail (calls, not pages) from 6.1, with
 * CONFIG_CMA and CONFIG_VM_EVENT_COUNTERS. Fixtures: all that have proc/vmstat.
 */
#include "source/tables/vmstat.h"

#include <stddef.h>

#include "source/counters.h"

int lt_vmstat_parse(const char *buf, size_t len, struct lt_memory *out, struct lt_diag *diag)
{
	static const struct lt_counter wanted[] = {
		{ "nr_free_cma", offsetof(struct lt_memory, nr_free_cma) },
		{ "nr_foll_pin_acquired", offsetof(struct lt_memory, nr_foll_pin_acquired) },
		{ "nr_foll_pin_released", offsetof(struct lt_memory, nr_foll_pin_released) },
		{ "cma_alloc_success", offsetof(struct lt_memory, cma_alloc_success) },
		{ "cma_alloc_fail", offsetof(struct lt_memory, cma_alloc_fail) },
		{ NULL, 0 },
	};
	static const struct lt_counters vmstat = { " ", "", wanted };

	return lt_counters_parse(&vmstat, buf, len, out, diag);
}
