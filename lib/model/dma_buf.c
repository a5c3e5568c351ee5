// SPDX-License-Identifier: LGPL-2.1-or-later
/* Holds exporters of dma-bufs and their buffers. */
#include "model/dma_buf.h"

#include <errno.h>
#include <stdlib.h>

void lt_dma_bufs_free(struct lt_dma_bufs *bufs)
{
	lt_vec_each(buf, bufs)
		lt_vec_free(&buf->devices);
	lt_vec_free(bufs);
}

const struct lt_dma_buf *lt_dma_bufs_find(const struct lt_dma_bufs *bufs, uint64_t ino)
{
	lt_vec_each(buf, bufs)
		if (buf->ino.known && buf->ino.val == ino)
			return buf;
	return NULL;
}

static int add_device(struct lt_names *devices, const char *device)
{
	const char **slot;

	lt_vec_each(old, devices)
		if (*old == device) /* interned */
			return 0;
	if (devices->nr == LT_DEVICES_MAX)
		return 0;
	slot = lt_vec_push(devices);
	if (!slot)
		return -ENOMEM;
	*slot = device;
	return 0;
}

int lt_holders_add_dma_buf(struct lt_holders *holders, const struct lt_holder *like,
			   const struct lt_dma_buf *buf, struct lt_num page_size)
{
	struct lt_holder *holder = lt_holders_get(holders, like);
	int err = 0;

	if (!holder)
		return -ENOMEM;
	holder->nr_buffers = lt_num(holder->nr_buffers.val + 1);
	if (page_size.known && page_size.val)
		holder->nr_pages = lt_num(holder->nr_pages.val + buf->size / page_size.val);
	if (holder->pid.known)
		return 0;
	lt_vec_each(device, &buf->devices)
		err = err ? err : add_device(&holder->devices, *device);
	return err;
}
