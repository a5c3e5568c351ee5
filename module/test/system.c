// SPDX-License-Identifier: GPL-2.0-only
/* Reads counters and settles memory of the system for tests of the module. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "system.h"
#include "tap.h"

size_t page_size;
uint64_t area_base, area_end;

static int pagemap;

uint64_t number_in(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	char line[256];
	uint64_t value = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (!key) {
			value = strtoull(line, NULL, 0);
			break;
		}
		if (!strncmp(line, key, strlen(key))) {
			value = strtoull(line + strlen(key) + strspn(line + strlen(key), ": \t"),
					 NULL, 0);
			break;
		}
	}
	if (file)
		fclose(file);
	return value;
}

bool write_to(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	bool written = file && fputs(text, file) >= 0;

	return file && !fclose(file) && written;
}

long long foll_pins(void)
{
	number_in("/proc/sys/vm/stat_refresh", NULL); /* folds the per-CPU counters */
	return number_in("/proc/vmstat", "nr_foll_pin_acquired") -
	       number_in("/proc/vmstat", "nr_foll_pin_released");
}

static void find_area(void)
{
	static const char *const names[] = { "reserved", "cma-reserved" }; /* 6.x, 5.10 */
	char path[128];

	for (int i = 0; i < 2 && !area_end; i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/base_pfn", names[i]);
		area_base = number_in(path, NULL);
		snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/count", names[i]);
		area_end = area_base + number_in(path, NULL);
	}
}

bool in_area(uint64_t pfn)
{
	return pfn >= area_base && pfn < area_end;
}

uint64_t pfn_of(const char *page)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, 8, (uintptr_t)page / page_size * 8) != 8)
		bail("pagemap");
	return entry >> 63 ? entry & ((1ULL << 55) - 1) : 0;
}

char *map_pages(size_t nr_pages, bool touch)
{
	char *p = mmap(NULL, nr_pages * page_size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		bail("mmap");
	madvise(p, nr_pages * page_size, MADV_NOHUGEPAGE);
	for (size_t i = 0; touch && i < nr_pages; i++)
		p[i * page_size] = 1;
	return p;
}

void unmap_pages(char *p, size_t nr_pages)
{
	munmap(p, nr_pages * page_size);
}

void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Compacting all memory begins with draining the batches. */
void settle(void)
{
	write_to("/proc/sys/vm/compact_memory", "1");
}

void system_init(void)
{
	page_size = sysconf(_SC_PAGESIZE);
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (pagemap < 0)
		bail("pagemap");
	if (!area_end)
		find_area();
	if (!area_end)
		bail("default area in CMA debugfs");
}
