/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_NUMBER_H
#define LT_SOURCE_NUMBER_H

#include "base/compiler.h"
#include "base/diag.h"
#include "base/num.h"
#include "base/root.h"

/* Files that hold one decimal number and a newline, as debugfs and sysfs print it. */

/* Return: 0, or -EBADMSG with @out untouched. */
int lt_number_parse(const char *buf, size_t len, struct lt_num *out, struct lt_diag *diag)
	__must_check __nonnull_at(3);

/**
 * lt_number_read() - read such a file
 * @out:  untouched on failure
 * @diag: on failure names the file and what is wrong with it
 *
 * Return: 0, or negative errno.
 */
int lt_number_read(const struct lt_root *root, const char *path, struct lt_num *out,
		   struct lt_diag *diag) __must_check __nonnull_at(1, 3);

#endif
