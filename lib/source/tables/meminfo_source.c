// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads /proc/meminfo into the memory. */
#include "source/tables/meminfo.h"

#include <stdlib.h>

#include "source/source.h"

static int read_meminfo(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_buf buf;
	int err = lt_root_read(snap->root, "/proc/meminfo", &buf);

	if (err)
		return err;
	lt_diag_path(diag, "/proc/meminfo");
	err = lt_meminfo_parse(buf.data, buf.len, &snap->memory, diag);
	free(buf.data);
	return err;
}

const struct lt_source lt_source_meminfo = {
	.name = "meminfo",
	.where = "/proc/meminfo",
	.proves = "how much memory there is, and how much of CMA is free",
	.options = { "PROC_FS" },
	.mount = LT_MOUNT_PROC,
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_ALWAYS,
	.read = read_meminfo,
};
