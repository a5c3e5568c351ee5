// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds where pages are, and takes pages of an area through CMA debugfs. */
#define _GNU_SOURCE
#include "place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CMA_DEBUGFS "/sys/kernel/debug/cma"

long page_size;

static const char *program;
static int pagemap;

void place_init(const char *name)
{
	program = name;
	page_size = sysconf(_SC_PAGESIZE);
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (pagemap < 0)
		die("pagemap: %s", strerror(errno));
}

void die(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", program);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

uint64_t pfn_of(const void *page)
{
	uint64_t entry = 0;
	off_t offset = (uintptr_t)page / page_size * sizeof(entry);

	if (pread(pagemap, &entry, sizeof(entry), offset) != sizeof(entry))
		die("pagemap: %s", strerror(errno));
	return entry >> 63 ? entry & ((1ULL << 55) - 1) : 0;
}

static int area_open(const char *area, const char *file, int flags)
{
	char path[512];

	snprintf(path, sizeof(path), CMA_DEBUGFS "/%s/%s", area, file);
	return open(path, flags | O_CLOEXEC);
}

bool find_area(uint64_t base_pfn, char *name, size_t size)
{
	DIR *dir = opendir(CMA_DEBUGFS);
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		int fd = area_open(entry->d_name, "base_pfn", O_RDONLY);
		char text[32] = "";

		if (fd < 0)
			continue;
		if (read(fd, text, sizeof(text) - 1) > 0)
			found = strtoull(text, NULL, 10) == base_pfn;
		close(fd);
		if (found)
			snprintf(name, size, "%s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool area_write(const char *area, const char *file, int nr_pages)
{
	int fd = area_open(area, file, O_WRONLY);
	bool ok = fd >= 0 && dprintf(fd, "%d", nr_pages) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

void stay_on_this_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity: %s", strerror(errno));
}
