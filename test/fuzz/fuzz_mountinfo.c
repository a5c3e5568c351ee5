// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to what finds a mount in mountinfo. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/mountinfo.h"

const char fuzz_seeds[] = "mountinfo";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct lt_span type;

	if (lt_mountinfo_find(text, size, 254u << 20 | 1, &type) &&
	    (!type.len || type.p < text || type.p + type.len > text + size))
		abort();
	return 0;
}
