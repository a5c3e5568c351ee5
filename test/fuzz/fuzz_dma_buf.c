// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of dma buf. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>

#include "source/process/dma_buf.h"

const char fuzz_seeds[] = "dma_buf";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_dma_bufs bufs = { 0 };
	struct lt_holders holders = { 0 };
	struct lt_dma_buf one = { 0 };
	struct lt_diag diag = { 0 };
	int err = lt_dma_buf_parse((const char *)data, size, strings, &bufs, &diag);

	if (err && (err != -EBADMSG || bufs.nr || !diag.why[0]))
		abort();
	lt_vec_each(buf, &bufs) {
		struct lt_holder like = { .name = buf->exporter };

		if (!buf->exporter || buf->devices.nr > LT_DEVICES_MAX ||
		    lt_holders_add_dma_buf(&holders, &like, buf, lt_num(4096)))
			abort();
	}
	if (lt_dma_buf_parse_fdinfo((const char *)data, size, strings, &one) == 1 && !one.exporter)
		abort();
	lt_holders_free(&holders);
	lt_dma_bufs_free(&bufs);
	lt_strings_free(strings);
	return 0;
}
