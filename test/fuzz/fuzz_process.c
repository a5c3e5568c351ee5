// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of process. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>

#include "source/process/io_uring.h"
#include "source/process/process_status.h"

const char fuzz_seeds[] = "process";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_process_status status = { 0 };
	struct lt_io_uring ring = { 0 };
	struct lt_diag diag = { 0 };
	int err = lt_process_status_parse((const char *)data, size, &status, &diag);

	if (err ? err != -EBADMSG || status.pid.known || !diag.why[0] : !status.pid.known)
		abort();
	if (!lt_io_uring_parse((const char *)data, size, 4096, &ring) &&
	    (ring.nr_buffers || ring.nr_pages.known))
		abort();
	return 0;
}
