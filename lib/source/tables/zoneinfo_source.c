// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads /proc/zoneinfo into the zones. */
#include "source/tables/zoneinfo.h"

#include <stdlib.h>

#include "source/source.h"

static int read_zoneinfo(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_buf buf;
	int err = lt_root_read(snap->root, "/proc/zoneinfo", &buf);

	if (err)
		return err;
	lt_diag_path(diag, "/proc/zoneinfo");
	err = lt_zoneinfo_parse(buf.data, buf.len, snap->strings, &snap->zones, diag);
	free(buf.data);
	if (!err)
		lt_kernel_infer_page_size(&snap->kernel, &snap->memory, &snap->zones);
	return err;
}

const struct lt_source lt_source_zoneinfo = {
	.name = "zoneinfo",
	.where = "/proc/zoneinfo",
	.proves = "zones, watermarks, per-CPU lists and free CMA pages",
	.options = { "PROC_FS" },
	.mount = LT_MOUNT_PROC,
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_ALWAYS,
	.read = read_zoneinfo,
};
