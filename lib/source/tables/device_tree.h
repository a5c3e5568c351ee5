/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_DEVICE_TREE_H
#define LT_SOURCE_TABLES_DEVICE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/num.h"

/* Properties of device tree nodes, as the kernel shows them: raw bytes, numbers big-endian. */

/* Whether @buf is a list of NUL-terminated strings with @string among them. */
bool lt_device_tree_has_string(const char *buf, size_t len, const char *string);

/* A property of one 32-bit cell; -EBADMSG for anything else. */
int lt_device_tree_parse_cell(const char *buf, size_t len, uint64_t *out, struct lt_diag *diag)
	__must_check __nonnull_at(3);

/**
 * struct lt_device_tree_cells - how many cells numbers have
 * @nr_address: those of an address, 0 for "size"; 2 at most
 * @nr_size:    those of a size, 1 or 2
 */
struct lt_device_tree_cells {
	uint64_t nr_address, nr_size;
};

/**
 * lt_device_tree_parse_reg() - the first entry of "reg", or "size" alone
 * @base: the address; untouched for "size"
 * @size: in bytes
 *
 * The kernel takes the first entry of a reserved-memory node and ignores more.
 *
 * Return: how many entries there are, or -EBADMSG with nothing set.
 */
int lt_device_tree_parse_reg(const char *buf, size_t len, struct lt_device_tree_cells cells,
			     uint64_t *base, uint64_t *size, struct lt_diag *diag)
	__must_check __nonnull_at(4, 5);

#endif
