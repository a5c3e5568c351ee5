// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * udmabuf - a dma-buf made of pages of a memfd that lie in CMA
 *
 *	udmabuf NAME BASE NR_PAGES
 *
 * BASE is the first PFN of an area in CMA debugfs. The memfd is closed and no longer mapped, so
 * that the buffer alone has the pages. Prints "PFN 0x1c2f7 VADDR 0x0" for each page, then "ready",
 * and gives them back at the end of its standard input. Up to 6.10 the driver takes references and
 * no pins, and so the pages stay in CMA.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "place.h"

#define NR_PRIMED 64 /* what a per-CPU list takes at once */
#define NR_TRIES 50

static void prime(const char *area)
{
	int nr = 0;

	while (nr < NR_PRIMED && area_write(area, "alloc", 1))
		nr++;
	if (!nr || !area_write(area, "free", nr))
		die("cannot prime the list of this CPU");
}

/* Whether all pages of @memory are in the area, of which the first is @base. */
static bool is_inside(const char *memory, size_t nr, uint64_t base, uint64_t end)
{
	for (size_t i = 0; i < nr; i++) {
		uint64_t pfn = pfn_of(memory + i * page_size);

		if (pfn < base || pfn >= end)
			return false;
	}
	return true;
}

static char *map_file(int *fd, size_t size)
{
	char *memory;

	*fd = memfd_create("buffer", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	if (*fd < 0 || ftruncate(*fd, size) || fcntl(*fd, F_ADD_SEALS, F_SEAL_SHRINK))
		die("memfd: %s", strerror(errno));
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	return memory;
}

/* A file all of whose pages are in the area; its first touch makes the page table. */
static char *get_file(const char *area, size_t nr, uint64_t base, uint64_t end, int *fd)
{
	for (int i = 0; i < NR_TRIES; i++) {
		char *memory = map_file(fd, nr * page_size);

		*memory = 1;
		madvise(memory, page_size, MADV_REMOVE);
		prime(area);
		for (size_t j = 0; j < nr; j++)
			memory[j * page_size] = 1;
		if (is_inside(memory, nr, base, end))
			return memory;
		munmap(memory, nr * page_size);
		close(*fd);
	}
	die("got no pages in the area");
}

static int make_buffer(int fd, size_t size)
{
	struct udmabuf_create create = { .memfd = fd, .size = size };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	int buffer = device < 0 ? -1 : ioctl(device, UDMABUF_CREATE, &create);

	if (buffer < 0)
		die("/dev/udmabuf: %s", strerror(errno));
	close(device);
	return buffer;
}

/* All of the area, and where it ends. */
static uint64_t end_of(const char *area, uint64_t base)
{
	char path[512];
	unsigned long count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/count", area);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%lu", &count) != 1)
		die("%s: %s", path, strerror(errno));
	fclose(file);
	return base + count;
}

int main(int argc, char **argv)
{
	uint64_t base;
	char area[256], byte, *memory;
	size_t nr;
	int fd;

	place_init("udmabuf");
	if (argc != 4)
		die("usage: udmabuf NAME BASE NR_PAGES");
	prctl(PR_SET_NAME, argv[1]);
	base = strtoull(argv[2], NULL, 0);
	nr = strtoul(argv[3], NULL, 0);
	if (!find_area(base, area, sizeof(area)))
		die("no area begins at %s", argv[2]);
	stay_on_this_cpu();
	memory = get_file(area, nr, base, end_of(area, base), &fd);
	make_buffer(fd, nr * page_size);
	for (size_t i = 0; i < nr; i++)
		printf("PFN 0x%llx VADDR 0x0\n",
		       (unsigned long long)pfn_of(memory + i * page_size));
	munmap(memory, nr * page_size);
	close(fd);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
