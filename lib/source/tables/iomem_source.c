// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads /proc/iomem into the memory. */
#include "source/tables/iomem.h"

#include <errno.h>
#include <stdlib.h>

#include "source/source.h"

static int read_iomem(struct lt_snapshot *snap, struct lt_diag *diag)
{
	const struct lt_num page_size = snap->kernel.page_size;
	struct lt_iomem iomem;
	struct lt_buf buf;
	int err = lt_root_read(snap->root, "/proc/iomem", &buf);

	if (err)
		return err;
	lt_diag_path(diag, "/proc/iomem");
	if (page_size.known && page_size.val) {
		err = lt_iomem_parse(buf.data, buf.len, page_size.val, &iomem, diag);
	} else {
		lt_diag_set(diag, "of no use: the page size is not known");
		err = -ENODATA;
	}
	free(buf.data);
	if (err)
		return err;
	snap->memory.ram = iomem.ram;
	snap->memory.reserved = iomem.reserved;
	return 0;
}

const struct lt_source lt_source_iomem = {
	.name = "iomem",
	.where = "/proc/iomem",
	.proves = "where memory is, and what of it was reserved at boot",
	.options = { "PROC_FS" },
	.mount = LT_MOUNT_PROC,
	.stage = LT_STAGE_TABLES,
	.pace = LT_PACE_NEVER,
	.read = read_iomem,
};
