// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of iomem. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>

#include "source/tables/iomem.h"

const char fuzz_seeds[] = "iomem";

static void check(const struct lt_ranges *ranges)
{
	lt_vec_each(range, ranges)
		if (range->start_pfn >= range->end_pfn)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_iomem iomem = { 0 };
	struct lt_diag diag = { 0 };
	int err = lt_iomem_parse((const char *)data, size, 4096, &iomem, &diag);

	if (err && ((err != -EBADMSG && err != -EACCES) || iomem.ram.nr || !diag.why[0]))
		abort();
	check(&iomem.ram);
	check(&iomem.reserved);
	for (size_t i = 1; i < iomem.ram.nr; i++)
		if (iomem.ram.v[i].start_pfn < iomem.ram.v[i - 1].end_pfn)
			abort();
	lt_iomem_fini(&iomem);
	return 0;
}
