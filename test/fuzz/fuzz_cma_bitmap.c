// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of cma bitmap. */
#include "fuzz.h"

#include <stdlib.h>

#include "source/tables/cma_bitmap.h"

const char fuzz_seeds[] = "bitmap cma";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* One size of range that most seeds have words for, one that cuts a word. */
	static const size_t sizes[] = { 0, 33, 16384, SIZE_MAX };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct lt_bitmap bitmap = { 0 };
		struct lt_diag diag = { 0 };

		if (lt_cma_bitmap_parse((const char *)data, size, sizes[i], &bitmap, &diag)) {
			if (bitmap.words)
				abort();
			continue;
		}
		if (bitmap.nr_bits != sizes[i] || (sizes[i] == 33 && bitmap.words[1] > 1))
			abort();
		free(bitmap.words);
	}
	return 0;
}
