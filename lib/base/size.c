// SPDX-License-Identifier: LGPL-2.1-or-later
/* Writes sizes for people. */
#include "base/size.h"

#include <inttypes.h>
#include <stdio.h>

struct lt_size lt_size(uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	struct lt_size size;
	unsigned int unit = 0;
	uint64_t scale = 1;

	while (unit < 4 && (bytes / scale >= 1024 || !unit)) {
		scale *= 1024;
		unit++;
	}
	if (bytes % scale == 0)
		snprintf(size.s, sizeof(size.s), "%" PRIu64 " %s", bytes / scale, units[unit]);
	else
		snprintf(size.s, sizeof(size.s), "%.1f %s", (double)bytes / (double)scale,
			 units[unit]);
	return size;
}
