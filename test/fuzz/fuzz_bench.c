// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of bench. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/saved/bench.h"

const char fuzz_seeds[] = "bench";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_bench bench = { 0 };
	struct lt_diag diag = { 0 };

	if (lt_bench_parse((const char *)data, size, strings, &bench, &diag)) {
		if (bench.release || !diag.why[0])
			abort();
	} else if (lt_bench_is_drained(&bench) && !bench.reserve.in_scope.during.known) {
		abort();
	}
	lt_bench_fini(&bench);
	lt_strings_free(strings);
	return 0;
}
