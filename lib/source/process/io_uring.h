/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_IO_URING_H
#define LT_SOURCE_PROCESS_IO_URING_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/num.h"

/**
 * struct lt_io_uring - buffers registered with a ring: they are pinned for long
 * @nr_buffers: how many; may be 0
 * @nr_pages:	that they reach into; unknown if the kernel was too busy to list them
 */
struct lt_io_uring {
	uint64_t nr_buffers;
	struct lt_num nr_pages;
};

/**
 * lt_io_uring_parse() - parse the fdinfo of a ring
 * @page_size: in bytes
 * @out: set if it returns 1
 *
 * Return: 1; 0 if it is that of something else, or not understood.
 */
int lt_io_uring_parse(const char *buf, size_t len, uint64_t page_size, struct lt_io_uring *out)
	__must_check __nonnull_at(4);

#endif
