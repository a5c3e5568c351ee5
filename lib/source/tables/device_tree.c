// SPDX-License-Identifier: LGPL-2.1-or-later
/* Properties of device tree nodes: raw bytes. What they mean is in device_tree_source.c. */
#include "source/tables/device_tree.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

bool lt_device_tree_has_string(const char *buf, size_t len, const char *string)
{
	size_t want = strlen(string) + 1;

	for (size_t at = 0; at < len;) {
		const char *end = memchr(buf + at, '\0', len - at);

		if (!end)
			return false;
		if ((size_t)(end + 1 - (buf + at)) == want && !memcmp(buf + at, string, want))
			return true;
		at = (size_t)(end + 1 - buf);
	}
	return false;
}

static uint64_t parse_cells(const unsigned char *cell, uint64_t nr)
{
	uint64_t val = 0;

	for (uint64_t i = 0; i < nr * 4; i++)
		val = val << 8 | cell[i];
	return val;
}

int lt_device_tree_parse_cell(const char *buf, size_t len, uint64_t *out, struct lt_diag *diag)
{
	if (len != 4) {
		lt_diag_set(diag, "expected one cell of 4 bytes, not %zu bytes", len);
		return -EBADMSG;
	}
	*out = parse_cells((const unsigned char *)buf, 1);
	return 0;
}

int lt_device_tree_parse_reg(const char *buf, size_t len, struct lt_device_tree_cells cells,
			     uint64_t *base, uint64_t *size, struct lt_diag *diag)
{
	const unsigned char *bytes = (const unsigned char *)buf;
	uint64_t entry = (cells.nr_address + cells.nr_size) * 4, first = 0, extent;

	if (cells.nr_address > 2 || !cells.nr_size || cells.nr_size > 2) {
		lt_diag_set(diag, "addresses of %" PRIu64 " and sizes of %" PRIu64 " cells",
			    cells.nr_address, cells.nr_size);
		return -EBADMSG;
	}
	if (!len || len % entry || len / entry > 4096) {
		lt_diag_set(diag, "%zu bytes are not entries of %" PRIu64, len, entry);
		return -EBADMSG;
	}
	if (cells.nr_address)
		first = parse_cells(bytes, cells.nr_address);
	extent = parse_cells(bytes + cells.nr_address * 4, cells.nr_size);
	if (!extent || extent > UINT64_MAX - first) {
		lt_diag_set(diag, "no sense in a size of 0x%" PRIx64, extent);
		return -EBADMSG;
	}
	if (cells.nr_address)
		*base = first;
	*size = extent;
	return (int)(len / entry);
}
