// SPDX-License-Identifier: GPL-2.0-only
/* Maps memory that changes while the module is asked to pin it. */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

#define NR_MAPS 8
#define NR_PAGES_MAX 512
#define HUGE_SIZE (2UL << 20)

/* Addresses and sizes change under the feet of those who use them: that is the point. */
static _Atomic(char *) maps[NR_MAPS];
static _Atomic size_t sizes[NR_MAPS];

static char *map(size_t size, int prot, int flags, int fd)
{
	return mmap(NULL, size, prot, flags | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
}

/* A file in memory, whose end may lie before that of the mapping. */
static char *map_file(size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char *at;

	if (fd < 0 || ftruncate(fd, size / (1 + below(2))))
		return MAP_FAILED;
	at = map(size, PROT_READ | PROT_WRITE, below(2) ? MAP_SHARED : MAP_PRIVATE, fd);
	close(fd);
	return at;
}

static char *map_any(size_t size)
{
	const int both = PROT_READ | PROT_WRITE;
	char *at;

	switch (below(6)) {
	case 0:
		return map(size, both, MAP_SHARED, -1);
	case 1:
		return map_file(size);
	case 2:
		return map(size, PROT_READ, MAP_PRIVATE, -1);
	case 3:
		return map(HUGE_SIZE, both, MAP_PRIVATE | MAP_HUGETLB, -1);
	case 4:
		at = map(size, both, MAP_PRIVATE, -1);
		if (at != MAP_FAILED)
			madvise(at, size, MADV_HUGEPAGE);
		return at;
	default:
		return map(size, both, MAP_PRIVATE | (below(2) ? MAP_POPULATE : 0), -1);
	}
}

static void replace(size_t i)
{
	size_t size = below(4) ? (1 + below(NR_PAGES_MAX)) * page_size : HUGE_SIZE;
	char *at = map_any(size), *old;

	if (at == MAP_FAILED)
		at = map(size, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
	old = atomic_exchange(&maps[i], at == MAP_FAILED ? NULL : at);
	if (old)
		munmap(old, sizes[i]);
	sizes[i] = size;
}

void memory_init(void)
{
	for (size_t i = 0; i < NR_MAPS; i++)
		replace(i);
}

/* One mapping goes, moves, loses its pages or its rights. */
void memory_change(void)
{
	static const int advice[] = { MADV_DONTNEED, MADV_REMOVE,    MADV_FREE,
				      MADV_HUGEPAGE, MADV_MERGEABLE, MADV_DONTFORK };
	size_t i = below(NR_MAPS), size = sizes[i];
	char *at = maps[i];

	switch (below(4)) {
	case 0:
		replace(i);
		break;
	case 1:
		if (at)
			mprotect(at, size, below(4));
		break;
	case 2:
		if (at)
			munmap(at + size / 2 / page_size * page_size, page_size);
		break;
	default:
		if (at)
			madvise(at, size, advice[below(sizeof(advice) / sizeof(advice[0]))]);
	}
}

/* Mostly of a mapping; or of the vDSO and of the device memory before it; or anywhere. */
uint64_t any_address(void)
{
	size_t i = below(NR_MAPS), size = sizes[i];

	switch (below(10)) {
	case 0:
		return strange_number() & -(uint64_t)page_size;
	case 1:
		return getauxval(AT_SYSINFO_EHDR) - below(5) * page_size;
	default:
		return (uintptr_t)maps[i] + below(size / page_size + 1) * page_size;
	}
}
