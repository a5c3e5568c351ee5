// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of buddyinfo. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>

#include "source/tables/buddyinfo.h"

const char fuzz_seeds[] = "buddyinfo";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_zones zones = { 0 };
	struct lt_diag diag = { 0 };
	int err = lt_buddyinfo_parse((const char *)data, size, strings, &zones, &diag);

	if (err ? err != -EBADMSG || zones.nr || !diag.line || !diag.why[0] : !zones.nr)
		abort();
	lt_vec_each(zone, &zones)
		if (zone->free_blocks.nr_orders != zones.v[0].free_blocks.nr_orders)
			abort();
	lt_zones_free(&zones);
	lt_strings_free(strings);
	return 0;
}
