// SPDX-License-Identifier: GPL-2.0-or-later
/* A saved report of any bytes is read or refused, and never half. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/saved/saved_report.h"

const char fuzz_seeds[] = "saved_report";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_saved_report report = { 0 };
	struct lt_diag diag = { 0 };
	int err = lt_saved_report_parse((const char *)data, size, strings, &report, &diag);

	if (err ? report.findings.nr || report.headline || !diag.why[0] : !report.headline)
		abort();
	lt_saved_report_fini(&report);
	lt_strings_free(strings);
	return 0;
}
