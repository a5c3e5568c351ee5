/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_DMA_BUF_H
#define LT_MODEL_DMA_BUF_H

#include "base/compiler.h"
#include "base/strings.h"
#include "model/holder.h"

/**
 * struct lt_dma_buf - a buffer that devices share
 * @exporter: the driver it comes from
 * @name:     as a process chose to call it; NULL if none did
 * @size:     bytes
 * @nr_refs:  references to its file: descriptors, mappings, the kernel's own
 * @ino:      its inode number, by which all sources speak of it
 * @devices:  attached to it, the first LT_DEVICES_MAX
 *
 * Whether its memory is contiguous, and from where, nothing tells.
 */
struct lt_dma_buf {
	const char *exporter, *name;
	uint64_t size;
	struct lt_num nr_refs, ino;
	struct lt_names devices;
};

LT_VEC_OF(lt_dma_bufs, struct lt_dma_buf);

void lt_dma_bufs_free(struct lt_dma_bufs *bufs);

/* The buffer of this inode number, or NULL. */
const struct lt_dma_buf *lt_dma_bufs_find(const struct lt_dma_bufs *bufs, uint64_t ino);

/**
 * lt_holders_add_dma_buf() - count one buffer
 * @like:      what it counts for: an exporter (its name alone), or a process with it
 * @page_size: unknown leaves the pages unknown
 *
 * Return: 0 or -ENOMEM.
 */
int lt_holders_add_dma_buf(struct lt_holders *holders, const struct lt_holder *like,
			   const struct lt_dma_buf *buf, struct lt_num page_size)
	__must_check __nonnull_all;

#endif
