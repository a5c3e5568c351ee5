// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads /proc/vmstat into the memory. */
#include "source/tables/vmstat.h"

#include <stdlib.h>

#include "source/source.h"

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
