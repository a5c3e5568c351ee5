/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_DMA_BUF_H
#define LT_SOURCE_PROCESS_DMA_BUF_H

#include "base/compiler.h"
#include "base/diag.h"
#include "model/dma_buf.h"

/**
 * lt_dma_buf_parse() - parse /sys/kernel/debug/dma_buf/bufinfo
 * @out: untouched on failure
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int lt_dma_buf_parse(const char *buf, size_t len, struct lt_strings *strings,
		     struct lt_dma_bufs *out, struct lt_diag *diag) __must_check __nonnull_at(3, 4);

/**
 * lt_dma_buf_parse_fdinfo() - parse /proc/PID/fdinfo/FD
 * @out: without devices; untouched unless 1 is returned
 *
 * Return: 1 if it is that of a dma-buf, 0 if of another file, -ENOMEM.
 */
int lt_dma_buf_parse_fdinfo(const char *buf, size_t len, struct lt_strings *strings,
			    struct lt_dma_buf *out) __must_check __nonnull_at(3, 4);

#endif
