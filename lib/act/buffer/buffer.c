// SPDX-License-Identifier: LGPL-2.1-or-later
/* Maps memory to be pinned, and finds where its pages are. */
#include "act/buffer/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "act/device/live.h"
#include "base/array_size.h"
#include "base/root.h"

/* An entry of pagemap: bit 63 "present", bits 0 to 54 the PFN (0 without CAP_SYS_ADMIN). */
#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_PFN ((1ULL << 55) - 1)

#define THP "/sys/kernel/mm/transparent_hugepage"

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* Read a small file of the running system as text; false if there is none. */
static bool read_line(const char *path, char *line, size_t size)
{
	int fd = lt_live_open(path, O_RDONLY);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, line, size - 1);
	close(fd);
	line[got > 0 ? got : 0] = '\0';
	return got > 0;
}

static int check_thp(size_t *nr_unit, struct lt_diag *diag)
{
	char line[64];
	size_t size;

	if (!read_line(THP "/hpage_pmd_size", line, sizeof(line))) {
		lt_diag_set(diag, "this kernel has no transparent huge pages "
				  "(CONFIG_TRANSPARENT_HUGEPAGE)");
		return -EOPNOTSUPP;
	}
	size = strtoul(line, NULL, 10);
	if (!read_line(THP "/enabled", line, sizeof(line)) || strstr(line, "[never]") ||
	    size < page_size()) {
		lt_diag_set(diag, "transparent huge pages are switched off (" THP "/enabled)");
		return -EOPNOTSUPP;
	}
	*nr_unit = size / page_size();
	return 0;
}

/* A descriptor of memory without a name; udmabuf wants to seal its size. */
static int open_memfd(unsigned int flags)
{
	int fd = memfd_create("ltpin", MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);

	return fd < 0 ? -errno : fd;
}

/* The kernel's default size of huge page. */
static int check_hugetlb(size_t *nr_unit, struct lt_diag *diag)
{
	int fd = open_memfd(MFD_HUGETLB);
	struct stat st;
	int err;

	if (fd < 0) {
		lt_diag_set(diag, "this kernel has no huge pages to map (CONFIG_HUGETLBFS)");
		return -EOPNOTSUPP;
	}
	err = fstat(fd, &st);
	close(fd);
	if (err)
		return -EOPNOTSUPP;
	*nr_unit = (size_t)st.st_blksize / page_size();
	return 0;
}

/*
 * A file without a name on a disk, in some directory that we may write to.
 * Memory file systems, and others without a device, have a major number of 0.
 */
static int open_disk_file(void)
{
	static const char *const dirs[] = { ".", "/var/tmp", "/tmp" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		int fd = open(dirs[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		struct stat st;

		if (fd < 0)
			continue;
		if (!fstat(fd, &st) && major(st.st_dev))
			return fd;
		close(fd);
	}
	return -EOPNOTSUPP;
}

static int check_file(struct lt_diag *diag)
{
	int fd = open_disk_file();

	if (fd < 0) {
		lt_diag_set(diag, "no file system on a disk is writable in the current directory, "
				  "/var/tmp or /tmp");
		return fd;
	}
	close(fd);
	return 0;
}

int lt_backing_check(enum lt_backing backing, size_t *nr_unit, struct lt_diag *diag)
{
	*nr_unit = 1;
	switch (backing) {
	case LT_BACKING_THP:
		return check_thp(nr_unit, diag);
	case LT_BACKING_HUGETLB:
		return check_hugetlb(nr_unit, diag);
	case LT_BACKING_FILE:
		return check_file(diag);
	default:
		return 0;
	}
}

/* Begins where a unit may: transparent huge pages are aligned, and the rest is given back. */
static int map_anon(struct lt_buffer *buffer, size_t size)
{
	size_t align = buffer->nr_unit * buffer->page_size, lead;
	char *addr = mmap(NULL, size + align - buffer->page_size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (addr == MAP_FAILED)
		return -ENOMEM;
	lead = (align - (uintptr_t)addr % align) % align;
	if (lead)
		munmap(addr, lead);
	if (align - buffer->page_size > lead)
		munmap(addr + lead + size, align - buffer->page_size - lead);
	buffer->addr = addr + lead;
	madvise(buffer->addr, size, buffer->nr_unit > 1 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	return 0;
}

static int map_file(struct lt_buffer *buffer, size_t size)
{
	char *addr;

	buffer->fd = buffer->backing == LT_BACKING_FILE
			     ? open_disk_file()
			     : open_memfd(buffer->backing == LT_BACKING_HUGETLB ? MFD_HUGETLB : 0);
	if (buffer->fd < 0)
		return buffer->fd;
	addr = ftruncate(buffer->fd, (off_t)size)
		       ? MAP_FAILED
		       : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, buffer->fd, 0);
	if (addr == MAP_FAILED) {
		close(buffer->fd);
		return -ENOMEM;
	}
	buffer->addr = addr;
	return 0;
}

/*
 * Page tables now, so that later no other allocation comes between the pages.
 * Huge pages have theirs allocated along with each.
 */
static int make_page_tables(const struct lt_buffer *buffer, size_t size)
{
	/* No page table covers less than this. */
	size_t step = buffer->page_size * (buffer->page_size / sizeof(uint64_t));

	if (buffer->nr_unit > 1)
		return 0;
	for (size_t at = 0; at < size; at += step)
		buffer->addr[at] = 1;
	buffer->addr[size - 1] = 1;
	madvise(buffer->addr, size, MADV_DONTNEED);
	if (buffer->fd >= 0 && (ftruncate(buffer->fd, 0) || ftruncate(buffer->fd, (off_t)size)))
		return -errno;
	return 0;
}

int lt_buffer_map(enum lt_backing backing, size_t nr_pages, struct lt_buffer *out)
{
	struct lt_buffer buffer = { .page_size = page_size(), .backing = backing, .fd = -1 };
	int err = lt_backing_check(backing, &buffer.nr_unit, NULL);
	size_t size;

	if (err)
		return err;
	buffer.nr_pages = (nr_pages + buffer.nr_unit - 1) / buffer.nr_unit * buffer.nr_unit;
	size = buffer.nr_pages * buffer.page_size;
	if (backing == LT_BACKING_ANON || backing == LT_BACKING_THP)
		err = map_anon(&buffer, size);
	else
		err = map_file(&buffer, size);
	if (err)
		return err;
	err = make_page_tables(&buffer, size);
	if (err)
		lt_buffer_unmap(&buffer);
	else
		*out = buffer;
	return err;
}

void lt_buffer_unmap(struct lt_buffer *buffer)
{
	if (buffer->addr) {
		munmap(buffer->addr, buffer->nr_pages * buffer->page_size);
		if (buffer->fd >= 0)
			close(buffer->fd);
	}
	*buffer = (struct lt_buffer){ 0 };
}

void lt_buffer_touch(const struct lt_buffer *buffer)
{
	for (size_t i = 0; i < buffer->nr_pages; i++)
		((volatile char *)buffer->addr)[i * buffer->page_size] = 1;
}

int lt_pagemap_open(void)
{
	struct lt_buffer probe;
	uint64_t pfn = 0;
	int fd = lt_live_open("/proc/self/pagemap", O_RDONLY), err;

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

static bool is_whole(const uint64_t *pfns, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!pfns[0] || pfns[0] % nr || pfns[i] != pfns[0] + i)
			return false;
	return true;
}

size_t lt_buffer_count_whole(const struct lt_buffer *buffer, const uint64_t *pfns)
{
	size_t found = 0;

	for (size_t i = 0; i < buffer->nr_pages; i += buffer->nr_unit)
		if (is_whole(pfns + i, buffer->nr_unit))
			found += buffer->nr_unit;
	return found;
}

size_t lt_areas_count_pfns(const struct lt_areas *areas, const uint64_t *pfns, size_t nr)
{
	size_t found = 0;

	for (size_t i = 0; i < nr; i++)
		found += pfns[i] && lt_areas_find_pfn(areas, pfns[i]) != LT_NO_AREA;
	return found;
}
