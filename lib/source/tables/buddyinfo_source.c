// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads /proc/buddyinfo into the zones. */
#include "source/tables/buddyinfo.h"

#include <stdlib.h>

#include "source/source.h"

static int read_buddyinfo(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_buf buf;
	int err = lt_root_read(snap->root, "/proc/buddyinfo", &buf);

	if (err)
		return err;
	lt_diag_path(diag, "/proc/buddyinfo");
	err = lt_buddyinfo_parse(buf.data, buf.len, snap->strings, &snap->zones, diag);
	free(buf.data);
	return err;
}

const struct lt_source lt_source_buddyinfo = {
	.name = "buddyinfo",
	.where = "/proc/buddyinfo",
	.proves = "free blocks of each order, where pagetypeinfo may not be read",
	.options = { "PROC_FS" },
	.mount = LT_MOUNT_PROC,
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_NEVER, /* the kernel walks its free lists under a lock */
	.read = read_buddyinfo,
};
