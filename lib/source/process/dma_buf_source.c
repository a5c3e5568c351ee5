// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads bufinfo of dma-buf, and who holds buffers. */
#include "source/process/dma_buf.h"

#include <stdlib.h>

#include "source/source.h"

#define BUFINFO "/sys/kernel/debug/dma_buf/bufinfo"

static int read_dma_buf(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_buf buf;
	int err = lt_root_read(snap->root, BUFINFO, &buf);

	if (err)
		return err;
	lt_diag_path(diag, BUFINFO);
	err = lt_dma_buf_parse(buf.data, buf.len, snap->strings, &snap->dma_bufs, diag);
	free(buf.data);
	lt_vec_each(dma_buf, &snap->dma_bufs) {
		struct lt_holder like = {
			.kind = LT_HOLDER_DMA_BUF,
			.name = dma_buf->exporter,
			.area = LT_NO_AREA,
		};

		err = err ? err
			  : lt_holders_add_dma_buf(&snap->holders, &like, dma_buf,
						   snap->kernel.page_size);
	}
	return err;
}

const struct lt_source lt_source_dma_buf = {
	.name = "dma-buf",
	.where = BUFINFO,
	.proves = "which exporters hold buffers for devices, and their sizes",
	.options = { "DMA_SHARED_BUFFER", "DEBUG_FS" },
	.mount = LT_MOUNT_DEBUGFS,
	.stage = LT_STAGE_ATTEMPTS,
	.pace = LT_PACE_NEVER,
	.read = read_dma_buf,
};
