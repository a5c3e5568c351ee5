// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of kcore. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source/kcore/kcore_file.h"

const char fuzz_seeds[] = "kcore";

static void read_pages(const struct lt_kcore_file *file)
{
	static unsigned char pages[8 * LT_STRUCT_PAGE_MAX];

	for (uint64_t pfn = 0; pfn < 1 << 16; pfn += 1 << 12) {
		int err = lt_kcore_file_read_pages(file, pfn, 8, pages);

		if (err && err != -EFAULT && err != -EINVAL)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_kcore_file file = { .fd = -7 };
	struct lt_diag diag = { 0 };
	int fd = memfd_create("kcore", MFD_CLOEXEC), err;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	err = lt_kcore_file_open(fd, &file, &diag);
	if (err && file.fd != -7)
		abort();
	if (!err) {
		read_pages(&file);
		lt_kcore_file_close(&file);
	}
	close(fd);
	return 0;
}
