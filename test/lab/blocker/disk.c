// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk - a page of CMA that a disk, or a file system, keeps where it is
 *
 *	disk BASE direct DEVICE		a page of ours that is being written by O_DIRECT
 *	disk BASE writeback FILE	a page of a file that is being written back
 *	disk BASE clean|dirty FILE	a page of a file that stays in the cache, written back or not
 *	disk BASE superblock DEVICE DIR	the buffer of a mounted ext2's superblock
 *
 * BASE is the first PFN of an area in CMA debugfs. Prints "PFN 0x1c2f7 VADDR 0x7f…", then
 * "ready"; VADDR is 0 where we do not map the page. A disk that takes its time makes the first two
 * last: then they end, with 0. The others end with standard input.
 *
 * The kernel takes pages for files and buffers from the same lists as for processes, so priming
 * this CPU's list works for them as well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "place.h"

#define NR_PRIMED 64 /* what a per-CPU list takes at once */
#define NR_TRIES 50
#define OFFSET (8 << 20) /* on the disk, far from a file system's own blocks */

static char area[256];
static uint64_t first_pfn, end_pfn;

static void prime(void)
{
	int nr = 0;

	while (nr < NR_PRIMED && area_write(area, "alloc", 1))
		nr++;
	if (!nr || !area_write(area, "free", nr))
		die("cannot prime the list of this CPU");
}

static bool is_in_area(uint64_t pfn)
{
	return pfn >= first_pfn && pfn < end_pfn;
}

static void tell(uint64_t pfn, const void *page)
{
	printf("PFN 0x%llx VADDR 0x%lx\nready\n", (unsigned long long)pfn, (unsigned long)page);
	fflush(stdout);
}

static char *map_page(int fd, off_t offset)
{
	char *page = mmap(NULL, page_size, PROT_READ | (fd < 0 ? PROT_WRITE : 0),
			  fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, offset);

	if (page == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	return page;
}

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

/* The page of a file that is in the cache. */
static uint64_t cached_pfn(int fd, off_t offset)
{
	char *page = map_page(fd, offset);
	uint64_t pfn;

	(void)*(volatile char *)page;
	pfn = pfn_of(page);
	munmap(page, page_size);
	return pfn;
}

/* --- direct --- */

static void write_direct(const char *device)
{
	int fd = open_or_die(device, O_WRONLY | O_DIRECT);

	for (int i = 0; i < NR_TRIES; i++) {
		char *page = map_page(-1, 0);

		*page = 1; /* the page table is there afterwards */
		madvise(page, page_size, MADV_DONTNEED);
		prime();
		*page = 1;
		if (is_in_area(pfn_of(page))) {
			tell(pfn_of(page), page);
			if (pwrite(fd, page, page_size, OFFSET) != page_size)
				die("%s: %s", device, strerror(errno));
			return;
		}
		munmap(page, page_size);
	}
	die("got no page in the area");
}

/* --- writeback --- */

/*
 * Write to a file until a page of it is in the area: its PFN, and where in the file it is. The first
 * page makes the disk read what is known for the others: these come at once.
 */
static uint64_t write_page(const char *file, int fd, off_t *offset)
{
	char *buffer = map_page(-1, 0);

	memset(buffer, 'x', page_size);
	for (*offset = 0; *offset < NR_TRIES * page_size; *offset += page_size) {
		uint64_t pfn;

		prime();
		if (pwrite(fd, buffer, page_size, *offset) != page_size)
			die("%s: %s", file, strerror(errno));
		pfn = cached_pfn(fd, *offset);
		if (is_in_area(pfn))
			return pfn;
	}
	die("got no page in the area");
}

static void write_back(const char *file)
{
	int fd = open_or_die(file, O_RDWR | O_CREAT | O_TRUNC);
	off_t offset;
	uint64_t pfn = write_page(file, fd, &offset);

	if (sync_file_range(fd, offset, page_size, SYNC_FILE_RANGE_WRITE))
		die("%s: %s", file, strerror(errno));
	tell(pfn, NULL);
	sync_file_range(fd, offset, page_size, SYNC_FILE_RANGE_WAIT_AFTER);
}

/* --- clean, dirty --- */

static void until_end_of_input(void)
{
	char discarded[64];

	while (read(STDIN_FILENO, discarded, sizeof(discarded)) > 0)
		;
}

static void keep_cached(const char *file, bool is_dirty)
{
	int fd = open_or_die(file, O_RDWR | O_CREAT | O_TRUNC);
	off_t offset;
	uint64_t pfn = write_page(file, fd, &offset);

	if (!is_dirty && syncfs(fd)) /* its bitmap may be in the area as well */
		die("%s: %s", file, strerror(errno));
	tell(pfn, NULL);
	until_end_of_input();
}

/* --- superblock --- */

static void drop_caches(void)
{
	int fd = open_or_die("/proc/sys/vm/drop_caches", O_WRONLY);

	sync();
	if (write(fd, "3", 1) != 1)
		die("drop_caches: %s", strerror(errno));
	close(fd);
}

static void keep_mounted(const char *device, const char *dir)
{
	for (int i = 0; i < NR_TRIES; i++) {
		int fd;
		uint64_t pfn;

		drop_caches();
		prime();
		if (mount(device, dir, "ext2", 0, NULL))
			die("mount: %s", strerror(errno));
		fd = open_or_die(device, O_RDONLY);
		pfn = cached_pfn(fd, 0);
		close(fd);
		if (is_in_area(pfn)) {
			tell(pfn, NULL);
			until_end_of_input();
		}
		if (umount(dir))
			die("umount: %s", strerror(errno));
		if (is_in_area(pfn))
			return;
	}
	die("got no page in the area");
}

static uint64_t area_pages(void)
{
	char path[300], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/count", area);
	fd = open_or_die(path, O_RDONLY);
	if (read(fd, text, sizeof(text) - 1) <= 0)
		die("%s: %s", path, strerror(errno));
	close(fd);
	return strtoull(text, NULL, 10);
}

int main(int argc, char **argv)
{
	place_init("disk");
	if (argc < 4)
		die("usage: disk BASE direct DEVICE | writeback|clean|dirty FILE | superblock DEVICE DIR");
	first_pfn = strtoull(argv[1], NULL, 0);
	if (!find_area(first_pfn, area, sizeof(area)))
		die("no area at %s in CMA debugfs", argv[1]);
	end_pfn = first_pfn + area_pages();
	stay_on_this_cpu();
	if (!strcmp(argv[2], "direct"))
		write_direct(argv[3]);
	else if (!strcmp(argv[2], "writeback"))
		write_back(argv[3]);
	else if (!strcmp(argv[2], "clean") || !strcmp(argv[2], "dirty"))
		keep_cached(argv[3], argv[2][0] == 'd');
	else if (!strcmp(argv[2], "superblock") && argc > 4)
		keep_mounted(argv[3], argv[4]);
	else
		die("unknown: %s", argv[2]);
	return 0;
}
