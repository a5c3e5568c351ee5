// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of trace now. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/trace/trace_now.h"

const char fuzz_seeds[] = "trace_stats";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t now_ns = 7;

	/* A failure changes nothing. */
	if (lt_trace_now_parse((const char *)data, size, &now_ns) && now_ns != 7)
		abort();
	return 0;
}
