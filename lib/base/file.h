/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_FILE_H
#define LT_BASE_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/root.h"

/* Files that the user names; kernel paths go through base/root.h. */

/**
 * lt_file_open() - open a file for reading, "-" being standard input
 *
 * Return: a descriptor the caller closes, or negative errno.
 */
int lt_file_open(const char *path) __must_check;

/* The same, or a copy of what is no file, such as a pipe; -EFBIG past @max bytes of it. */
int lt_file_open_seekable(const char *path, uint64_t max) __must_check;

/**
 * lt_file_open_nameless() - a temporary file without a name, which nothing is left of
 * @dir: where; NULL for $TMPDIR or /tmp. Memory takes its place where it cannot be made
 *
 * Return: a descriptor for reading and writing, or negative errno.
 */
int lt_file_open_nameless(const char *dir) __must_check;

/* A stream of its own from the beginning of @fd, whose offset it moves; NULL with errno. */
FILE *lt_file_stream(int fd) __must_check;

/* Write bytes [@from, @to) of a file that can be sought, as far as it has them: 0 or negative errno. */
int lt_file_put(int fd, off_t from, off_t to, FILE *out) __must_check __nonnull_at(4);

/* Write everything: 0 or negative errno. */
int lt_file_write_all(int fd, const void *data, size_t len) __must_check;

/* Read such a file to EOF; as lt_root_read(). */
int lt_file_read(const char *path, struct lt_buf *out) __must_check __nonnull_at(2);

#endif
