// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of klog. */
#include "fuzz.h"

#include <stdlib.h>

#include "model/area.h"
#include "source/klog/klog.h"

const char fuzz_seeds[] = "klog dmesg.txt .log";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_klog klog = { 0 };
	struct lt_areas areas = { 0 };
	struct lt_diag diag = { 0 };

	if (!lt_klog_parse((const char *)data, size, strings, &klog, &diag))
		lt_attempts_locate(&klog.attempts, &areas);
	lt_vec_each(attempt, &klog.attempts)
		if (attempt->failed == attempt->is_open || !attempt->count ||
		    (attempt->is_open && !attempt->tries.nr))
			abort();
	lt_vec_each(attempt, &klog.attempts)
		if ((attempt->largest_free_run.known && !attempt->nr_free.known) ||
		    (attempt->largest_free_run.known &&
		     attempt->largest_free_run.val > attempt->nr_free.val))
			abort();
	if (klog.bitmaps.nr != klog.attempts.nr)
		abort();
	lt_klog_fini(&klog);
	lt_strings_free(strings);
	return 0;
}
