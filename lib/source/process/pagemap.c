// SPDX-License-Identifier: LGPL-2.1-or-later
/* Entries of pagemap. */
#include "source/process/pagemap.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int lt_pagemap_own_page(const struct lt_root *root, uint64_t *out)
{
	volatile char here = 1;
	uint64_t page = (uintptr_t)&here / (uint64_t)sysconf(_SC_PAGESIZE);
	lt_pagemap_entry entry = 0;
	int fd = lt_root_openat(root, "/proc/self/pagemap", O_RDONLY);
	int err = 0;

	if (fd < 0)
		return fd;
	if (pread(fd, &entry, sizeof(entry), (off_t)(page * sizeof(entry))) < 0)
		err = -errno;
	close(fd);
	if (!err && !lt_pagemap_pfn(entry))
		err = -EPERM;
	if (!err)
		*out = lt_pagemap_pfn(entry);
	return err;
}
