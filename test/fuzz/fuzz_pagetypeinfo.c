// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of pagetypeinfo. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>

#include "source/tables/pagetypeinfo.h"

const char fuzz_seeds[] = "pagetypeinfo";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_num pageblock_order = { 0 };
	struct lt_zones zones = { 0 };
	struct lt_diag diag = { 0 };
	int err;

	err = lt_pagetypeinfo_parse((const char *)data, size, strings, &zones, &pageblock_order,
				    &diag);
	if (err &&
	    (err != -EBADMSG || zones.nr || pageblock_order.known || !diag.line || !diag.why[0]))
		abort();
	lt_vec_each(zone, &zones)
		lt_vec_each(type, &zone->types)
			if (!type->name || type->nr_orders > LT_NR_ORDERS_MAX)
				abort();
	lt_zones_free(&zones);
	lt_strings_free(strings);
	return 0;
}
