// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of selftest. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/saved/selftest.h"

const char fuzz_seeds[] = "selftest";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_selftest selftest = { 0 };
	struct lt_diag diag = { 0 };

	if (lt_selftest_parse((const char *)data, size, strings, &selftest, &diag) &&
	    (selftest.cases.nr || !diag.why[0]))
		abort();
	lt_vec_each(result, &selftest.cases)
		if (!result->name || !lt_outcome_name(result->outcome))
			abort();
	lt_selftest_fini(&selftest);
	lt_strings_free(strings);
	return 0;
}
