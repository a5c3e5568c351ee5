/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_FILE_H
#define LT_BASE_FILE_H

#include "base/root.h"

/* Files that the user names; kernel paths go through base/root.h. */

/**
 * lt_file_open() - open a file for reading, "-" being standard input
 *
 * Return: a descriptor the caller closes, or negative errno.
 */
int lt_file_open(const char *path);

/* Read such a file to EOF; as lt_root_read(). */
int lt_file_read(const char *path, struct lt_buf *out);

#endif
