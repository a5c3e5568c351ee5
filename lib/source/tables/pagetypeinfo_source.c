// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads /proc/pagetypeinfo into the zones. */
#include "source/tables/pagetypeinfo.h"

#include <stdlib.h>

#include "source/source.h"

static int read_pagetypeinfo(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_buf buf;
	int err = lt_root_read(snap->root, "/proc/pagetypeinfo", &buf);

	if (err)
		return err;
	lt_diag_path(diag, "/proc/pagetypeinfo");
	err = lt_pagetypeinfo_parse(buf.data, buf.len, snap->strings, &snap->zones,
				    &snap->kernel.pageblock_order, diag);
	free(buf.data);
	return err;
}

const struct lt_source lt_source_pagetypeinfo = {
	.name = "pagetypeinfo",
	.where = "/proc/pagetypeinfo",
	.proves = "free pages of each migrate type and order, the HIGHATOMIC reserve",
	.options = { "PROC_FS" },
	.mount = LT_MOUNT_PROC,
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_NEVER, /* the kernel walks its free lists under a lock */
	.read = read_pagetypeinfo,
};
