// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of attempts. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/saved/attempts.h"

const char fuzz_seeds[] = "attempts";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_attempts attempts = { 0 };
	struct lt_diag diag = { 0 };

	if (lt_attempts_parse((const char *)data, size, strings, stacks, &attempts, NULL, &diag) &&
	    (attempts.nr || !diag.why[0]))
		abort();
	lt_vec_each(attempt, &attempts) {
		if (!attempt->count || !(attempt->nr_pages.known || attempt->nr_pages_max.known))
			abort();
		lt_vec_each(tried, &attempt->tries)
			if (!lt_range_nr_pages(tried->pfns))
				abort();
	}
	lt_attempts_free(&attempts);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
	return 0;
}
