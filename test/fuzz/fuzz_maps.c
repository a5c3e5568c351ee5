// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of maps. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/process/maps.h"

const char fuzz_seeds[] = "maps";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_text text, line;

	lt_text_init(&text, (const char *)data, size);
	while (lt_text_line(&text, &line)) {
		struct lt_vma vma = { .start = 1, .end = 2 };
		struct lt_diag diag = { 0 };
		int err = lt_maps_parse_line(line, &vma, &diag);

		if (err ? vma.start != 1 || vma.end != 2 || !diag.why[0]
			: vma.start >= vma.end || vma.name.p < line.pos ||
				    vma.name.p + vma.name.len != line.end)
			abort();
	}
	return 0;
}
