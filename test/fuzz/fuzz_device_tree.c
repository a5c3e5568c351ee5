// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of device tree. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/tables/device_tree.h"

const char fuzz_seeds[] = "device_tree";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;

	lt_device_tree_has_string(bytes, size, "shared-dma-pool");
	for (uint64_t nr_address = 0; nr_address < 4; nr_address++) {
		for (uint64_t nr_size = 0; nr_size < 4; nr_size++) {
			uint64_t base = 7, extent = 7;
			struct lt_diag diag = { 0 };
			struct lt_device_tree_cells cells = { nr_address, nr_size };
			int nr =
				lt_device_tree_parse_reg(bytes, size, cells, &base, &extent, &diag);

			if (nr < 0 ? base != 7 || extent != 7 || !diag.why[0]
				   : !nr || !extent || (nr_address && base > UINT64_MAX - extent))
				abort();
		}
	}
	return 0;
}
