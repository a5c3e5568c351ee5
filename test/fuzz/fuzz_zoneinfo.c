// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of zoneinfo. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>

#include "source/tables/zoneinfo.h"

const char fuzz_seeds[] = "zoneinfo";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_zones zones = { 0 };
	struct lt_diag diag = { 0 };
	int err;

	err = lt_zoneinfo_parse((const char *)data, size, strings, &zones, &diag);
	if (err && (err != -EBADMSG || zones.nr || !diag.line || !diag.why[0]))
		abort();
	lt_vec_each(zone, &zones)
		if (!zone->name || !zone->nr_managed.known)
			abort();
	lt_zones_free(&zones);
	lt_strings_free(strings);
	return 0;
}
