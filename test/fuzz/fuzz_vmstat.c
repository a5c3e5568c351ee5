// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of vmstat. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "source/tables/vmstat.h"

const char fuzz_seeds[] = "vmstat";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lt_memory before = { .mem_total_kib = { 7, true },
					  .nr_free_cma = { 7, true } };
	struct lt_memory memory = before;
	struct lt_diag diag = { 0 };

	/* A failure says where and why, and changes nothing. */
	if (lt_vmstat_parse((const char *)data, size, &memory, &diag) &&
	    (memcmp(&memory, &before, sizeof(memory)) || !diag.line || !diag.why[0]))
		abort();
	return 0;
}
