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
#include <stdlib.h>

#include "source/counters.h"
#include "source/source.h"

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

/*
 * Reading this file makes the kernel fold its per-CPU differences into the
 * counters: without it acquired and released may be off by some pages each.
 * Only root may; the differences are small, so nothing is said of a failure.
 */
static void refresh_counters(const struct lt_root *root)
{
	struct lt_buf buf;

	if (lt_root_is_live(root) && !lt_root_read(root, "/proc/sys/vm/stat_refresh", &buf))
		free(buf.data);
}

static int read_vmstat(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_buf buf;
	int err;

	refresh_counters(snap->root);
	err = lt_root_read(snap->root, "/proc/vmstat", &buf);
	if (err)
		return err;
	lt_diag_path(diag, "/proc/vmstat");
	err = lt_vmstat_parse(buf.data, buf.len, &snap->memory, diag);
	free(buf.data);
	return err;
}

const struct lt_source lt_source_vmstat = {
	.name = "vmstat",
	.where = "/proc/vmstat",
	.proves = "how many pins are outstanding, and how many cma_alloc() calls failed since boot",
	.options = { "PROC_FS" },
	.mount = LT_MOUNT_PROC,
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_ALWAYS,
	.read = read_vmstat,
};
