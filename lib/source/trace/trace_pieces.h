/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_PIECES_H
#define LT_SOURCE_TRACE_TRACE_PIECES_H

#include <stddef.h>

#include "base/compiler.h"

/**
 * lt_trace_pieces_read() - read a text trace, which may be longer than memory
 * @fd: from where it stands
 * @fn: gets it piece by piece, each from a line on that an event may begin in. 0, or negative errno
 *	to end
 *
 * Return: 0; what @fn stopped with; -EFBIG where LT_ROOT_READ_MAX bytes belong to one event; -ENOMEM
 * or another negative errno.
 */
int lt_trace_pieces_read(int fd, int (*fn)(const char *buf, size_t len, void *arg), void *arg)
	__must_check __nonnull_at(2);

#endif
