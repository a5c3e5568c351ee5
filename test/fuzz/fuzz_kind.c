// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of kind. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "source/given/kind.h"

const char fuzz_seeds[] = "proc dmesg.txt trace page_owner .json .log page_pinner dma_buf";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const struct lt_kind *kind = lt_kind_find(text, size, true);

	if (kind && (!kind->name || (kind->use >= LT_KIND_TABLE) != (kind->path != NULL)))
		abort();
	if (size > LT_KIND_SAMPLE)
		lt_kind_find(text, LT_KIND_SAMPLE, false);
	/* What is a log by any of its lines is known as such, unless it is something else. */
	if (lt_kind_log(text, size) && !kind)
		abort();
	return 0;
}
