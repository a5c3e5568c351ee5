// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds where in a process given pages are mapped. */
#include "source/process/process_pfns.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "source/process/pagemap.h"

#define NR_ENTRIES 512 /* per read */

static int add_pfn(struct lt_ranges *runs, uint64_t pfn)
{
	struct lt_range *run = runs->nr ? &runs->v[runs->nr - 1] : NULL;

	if (!run || run->end_pfn != pfn) {
		run = lt_vec_push(runs);
		if (!run)
			return -ENOMEM;
		run->start_pfn = pfn;
	}
	run->end_pfn = pfn + 1;
	return 0;
}

static int add_entries(struct lt_ranges *runs, const lt_pagemap_entry *entries, size_t nr)
{
	int err = 0;

	for (size_t i = 0; i < nr && !err; i++) {
		uint64_t pfn = lt_pagemap_pfn(entries[i]);

		if (lt_pagemap_is_present(entries[i]))
			err = pfn ? add_pfn(runs, pfn) : -EPERM;
	}
	return err;
}

static int read_entries(int fd, uint64_t page, uint64_t nr_pages, struct lt_ranges *out)
{
	lt_pagemap_entry entries[NR_ENTRIES];
	int err = 0;

	while (nr_pages && !err) {
		size_t nr = nr_pages < NR_ENTRIES ? (size_t)nr_pages : NR_ENTRIES;
		ssize_t n =
			pread(fd, entries, nr * sizeof(*entries), (off_t)(page * sizeof(*entries)));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < (ssize_t)sizeof(*entries))
			return n < 0 ? -errno : 0; /* past the end of its memory */
		nr = (size_t)n / sizeof(*entries);
		err = add_entries(out, entries, nr);
		page += nr;
		nr_pages -= nr;
	}
	return err;
}

int lt_process_pfns(const struct lt_root *root, uint64_t tid, uint64_t addr, uint64_t nr_pages,
		    struct lt_ranges *out)
{
	uint64_t page = addr / (uint64_t)sysconf(_SC_PAGESIZE);
	char path[64];
	int fd, err;

	if (nr_pages > LT_PROCESS_PFNS_MAX)
		nr_pages = LT_PROCESS_PFNS_MAX;
	snprintf(path, sizeof(path), "/proc/%" PRIu64 "/pagemap", tid);
	fd = lt_root_openat(root, path, O_RDONLY);
	if (fd < 0)
		return fd;
	err = read_entries(fd, page, nr_pages, out);
	close(fd);
	return err;
}
