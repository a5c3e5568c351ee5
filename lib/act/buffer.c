// SPDX-License-Identifier: LGPL-2.1-or-later
#include "act/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/root.h"

/* An entry of pagemap: bit 63 "present", bits 0 to 54 the PFN (0 without CAP_SYS_ADMIN). */
#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_PFN	((1ULL << 55) - 1)

int lt_buffer_map(enum lt_backing backing, size_t nr_pages, struct lt_buffer *out)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE), size = nr_pages * page_size;
	/* No page table covers less than this. */
	size_t step = page_size * (page_size / sizeof(uint64_t));
	char *addr;

	if (backing != LT_BACKING_ANON)
		return -EOPNOTSUPP;
	addr = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (addr == MAP_FAILED)
		return -ENOMEM;
	madvise(addr, size, MADV_NOHUGEPAGE);
	/* Page tables now, so that later no other allocation comes between the pages. */
	for (size_t at = 0; at < size; at += step)
		addr[at] = 1;
	addr[size - 1] = 1;
	madvise(addr, size, MADV_DONTNEED);
	*out = (struct lt_buffer){
		.addr = addr,
		.nr_pages = nr_pages,
		.page_size = page_size,
		.backing = backing,
		.fd = -1,
	};
	return 0;
}

void lt_buffer_unmap(struct lt_buffer *buffer)
{
	if (buffer->addr)
		munmap(buffer->addr, buffer->nr_pages * buffer->page_size);
	*buffer = (struct lt_buffer){ 0 };
}

void lt_buffer_touch(const struct lt_buffer *buffer)
{
	for (size_t i = 0; i < buffer->nr_pages; i++)
		((volatile char *)buffer->addr)[i * buffer->page_size] = 1;
}

static int open_self_pagemap(void)
{
	struct lt_root *root;
	int fd = lt_root_open(NULL, &root);

	if (fd)
		return fd;
	fd = lt_root_openat(root, "/proc/self/pagemap", O_RDONLY);
	lt_root_close(root);
	return fd;
}

int lt_pagemap_open(void)
{
	struct lt_buffer probe;
	uint64_t pfn = 0;
	int fd = open_self_pagemap(), err;

	if (fd < 0)
		return fd;
	err = lt_buffer_map(LT_BACKING_ANON, 1, &probe);
	if (!err) {
		lt_buffer_touch(&probe);
		err = lt_buffer_pfns(&probe, fd, &pfn);
		lt_buffer_unmap(&probe);
	}
	if (!err && !pfn)
		err = -EPERM;
	if (err)
		close(fd);
	return err ? err : fd;
}

int lt_buffer_pfns(const struct lt_buffer *buffer, int pagemap, uint64_t *pfns)
{
	size_t done = 0, size = buffer->nr_pages * sizeof(*pfns);
	off_t start = (off_t)((uintptr_t)buffer->addr / buffer->page_size * sizeof(*pfns));

	while (done < size) {
		ssize_t got = pread(pagemap, (char *)pfns + done, size - done, start + (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EIO;
		done += (size_t)got;
	}
	for (size_t i = 0; i < buffer->nr_pages; i++)
		pfns[i] = pfns[i] & PAGEMAP_PRESENT ? pfns[i] & PAGEMAP_PFN : 0;
	return 0;
}

size_t lt_areas_count_pfns(const struct lt_areas *areas, const uint64_t *pfns, size_t nr)
{
	size_t found = 0;

	for (size_t i = 0; i < nr; i++)
		found += pfns[i] && lt_areas_find_pfn(areas, pfns[i]) != LT_NO_AREA;
	return found;
}
