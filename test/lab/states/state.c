// SPDX-License-Identifier: GPL-2.0-or-later
/* What a state is made of, and how all of it is undone. */
#define _GNU_SOURCE
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "ltpin_ioctl.h"

/* Free beside the area: while pages of it are lent, and when memory is exhausted. */
#define SQUEEZED_KIB (12 << 10)
#define EXHAUSTED_KIB (12 << 10)

struct area area;
struct state state = { .blocker = -1 };
int pagemap, kpageflags, ltpin_device;

void die(const char *format, ...)
{
	va_list args;

	fputs("states: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(errno));
	exit(2);
}

/* --- numbers --- */

uint64_t random_state;

uint64_t random_below(uint64_t end)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return end ? random_state % end : 0;
}

uint64_t random_from(uint64_t first, uint64_t last)
{
	return first + random_below(last - first + 1);
}

/* --- pages --- */

#define PFN_MASK ((1ULL << 55) - 1)

/* Where a page is. 0: not present. */
uint64_t pfn_of(const void *page)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry), (uintptr_t)page / PAGE * 8) != sizeof(entry))
		die("pagemap");
	return entry >> 63 ? entry & PFN_MASK : 0;
}

bool is_in_area(uint64_t pfn)
{
	return pfn >= area.base && pfn < area.base + area.nr_pages;
}

/* Drop those of HUGE_PAGES pages that lie in the area. */
void give_back(char *memory)
{
	uint64_t entries[HUGE_PAGES];

	if (pread(pagemap, entries, sizeof(entries), (uintptr_t)memory / PAGE * 8) !=
	    sizeof(entries))
		die("pagemap");
	for (size_t i = 0; i < HUGE_PAGES; i++)
		if (entries[i] >> 63 && is_in_area(entries[i] & PFN_MASK))
			madvise(memory + i * PAGE, PAGE, MADV_DONTNEED);
}

/* Whether flag @bit of /proc/kpageflags is set for a page in the area. */
bool has_flag(const void *page, int bit, bool is_set)
{
	uint64_t flags = 0, pfn = pfn_of(page);

	return is_in_area(pfn) && pread(kpageflags, &flags, sizeof(flags), pfn * 8) == 8 &&
	       (flags >> bit & 1) == is_set;
}

char *map(size_t size, int flags)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap of %zu bytes", size);
	return memory;
}

void touch(char *memory, size_t nr_pages)
{
	for (size_t i = 0; i < nr_pages; i++)
		*(volatile char *)(memory + i * PAGE) = 1;
}

/* A random page of the state's memory that lies in the area; NULL if that is hard to find. */
char *lent_page(int kind)
{
	for (int tries = 0; tries < 200 && state.nr_lent[kind]; tries++) {
		char *page = state.lent[kind] + random_below(state.nr_lent[kind]) * PAGE;

		if (is_in_area(pfn_of(page)))
			return page;
	}
	return NULL;
}

/* Pages in the area, of one kind, whose flag is so. */
size_t count(int kind, int bit, bool is_set)
{
	size_t nr = 0;

	for (size_t i = 0; i < state.nr_lent[kind]; i++)
		nr += has_flag(state.lent[kind] + i * PAGE, bit, is_set);
	return nr;
}

/* --- what states are made of --- */

void lend(size_t nr_pages)
{
	state.lent[ANON] = map(nr_pages * PAGE, MAP_PRIVATE);
	state.nr_lent[ANON] = nr_pages;
	madvise(state.lent[ANON], nr_pages * PAGE, MADV_NOHUGEPAGE);
	touch(state.lent[ANON], nr_pages);
}

/* So that free and lent pages mix. */
void make_holes(void)
{
	const size_t nr_pages = state.nr_lent[ANON];

	for (size_t i = random_below(nr_pages); i > nr_pages / 2; i--)
		madvise(state.lent[ANON] + random_below(nr_pages) * PAGE, PAGE, MADV_DONTNEED);
}

void lend_shared(size_t nr_pages)
{
	state.lent[SHARED] = map(nr_pages * PAGE, MAP_SHARED);
	state.nr_lent[SHARED] = nr_pages;
	touch(state.lent[SHARED], nr_pages);
}

/* Written back are none, some or all. */
void lend_file(const char *path, size_t nr_pages)
{
	state.file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (state.file < 0 || ftruncate(state.file, (off_t)(nr_pages * PAGE)))
		die("%s", path);
	state.lent[SHARED] =
		mmap(NULL, nr_pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, state.file, 0);
	if (state.lent[SHARED] == MAP_FAILED)
		die("mmap of %s", path);
	state.nr_lent[SHARED] = nr_pages;
	touch(state.lent[SHARED], nr_pages);
	if (random_below(3) && msync(state.lent[SHARED], random_from(1, nr_pages) * PAGE, MS_SYNC))
		die("msync");
	if (random_below(3) == 0 && fsync(state.file))
		die("fsync");
}

void unmap(int kind)
{
	if (state.lent[kind])
		munmap(state.lent[kind], state.nr_lent[kind] * PAGE);
	state.lent[kind] = NULL;
	state.nr_lent[kind] = 0;
}

void lend_huge(size_t nr_folios)
{
	size_t nr_pages = (nr_folios + 1) * HUGE_PAGES;
	char *memory = map(nr_pages * PAGE, MAP_PRIVATE);

	state.lent[HUGE] = memory;
	state.nr_lent[HUGE] = nr_pages;
	madvise(memory, nr_pages * PAGE, MADV_HUGEPAGE);
	touch(memory, nr_pages);
}

void hold_in_pipe(char *page)
{
	struct iovec iov = { .iov_base = page, .iov_len = PAGE };

	if (!page || state.nr_pipes == PIPES_MAX)
		return;
	if (pipe(state.pipes[state.nr_pipes]))
		die("pipe");
	if (vmsplice(state.pipes[state.nr_pipes++][1], &iov, 1, 0) != PAGE)
		die("vmsplice");
	state.nr_held++;
}

void hold_by_driver(const char *how, char *page)
{
	if (!page)
		return;
	if (state.blocker < 0)
		state.blocker = open("/dev/blocker", O_WRONLY | O_CLOEXEC);
	if (state.blocker < 0 || dprintf(state.blocker, "%s 0x%lx 1", how, (long)page) < 0)
		die("/dev/blocker: %s", how);
	state.nr_held++;
}

uint64_t read_number(const char *file)
{
	char path[256], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/%s", area.dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		die("%s", path);
	close(fd);
	return strtoull(text, NULL, 10);
}

bool write_area(const char *file, uint64_t nr_pages)
{
	char path[256];
	bool ok;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", area.dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s", path);
	ok = dprintf(fd, "%llu", (unsigned long long)nr_pages) > 0;
	close(fd);
	return ok;
}

/* Allocate as a driver does; the PFN, or 0. */
uint64_t allocate(uint32_t nr_pages, uint32_t flags, uint32_t *id)
{
	struct ltpin_ioc_alloc alloc = {
		.nr_pages = nr_pages,
		.flags = flags,
		.base_pfn = area.base,
		.end_pfn = area.base + area.nr_pages,
	};

	if (ioctl(ltpin_device, LTPIN_IOC_ALLOC, &alloc))
		return 0;
	*id = alloc.id;
	return alloc.pfn;
}

void release(uint32_t id)
{
	ioctl(ltpin_device, LTPIN_IOC_RELEASE, &id);
}

/* Allocations of random sizes, some of which are released again. */
void fragment(unsigned int nr, uint32_t nr_pages_max)
{
	for (unsigned int i = 0; i < nr && state.nr_ids < ALLOCS_MAX; i++)
		if (allocate((uint32_t)random_from(2, nr_pages_max), 0, &state.ids[state.nr_ids]))
			state.nr_ids++;
	for (unsigned int i = state.nr_ids / 2; i; i--) {
		unsigned int victim = (unsigned int)random_below(state.nr_ids);

		release(state.ids[victim]);
		state.ids[victim] = state.ids[--state.nr_ids];
	}
}

static long meminfo_kib(const char *name)
{
	char text[4096] = "", *at;
	int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		die("/proc/meminfo");
	close(fd);
	at = strstr(text, name);
	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

long beside_kib(void)
{
	return meminfo_kib("\nMemFree:") - meminfo_kib("\nCmaFree:");
}

/* Take memory until no more than @kib is free beside the area. */
static void fill(struct filler *filler, long kib, int advice)
{
	filler->size = 512UL << 20;
	filler->memory = map(filler->size, MAP_PRIVATE | MAP_NORESERVE);
	madvise(filler->memory, filler->size, advice);
	for (; filler->nr_touched < filler->size / PAGE && beside_kib() > kib;
	     filler->nr_touched += HUGE_PAGES)
		touch(filler->memory + filler->nr_touched * PAGE, HUGE_PAGES);
}

static void empty(struct filler *filler)
{
	if (filler->memory)
		munmap(filler->memory, filler->size);
	*filler = (struct filler){ 0 };
}

/* The kernel takes from where more is free, so of the area little is left, too. */
void exhaust(void)
{
	relax();
	fill(&state.filler, EXHAUSTED_KIB, MADV_NOHUGEPAGE);
}

/* Huge pages, because that is faster. */
void squeeze(void)
{
	fill(&state.squeezer, SQUEEZED_KIB, MADV_HUGEPAGE);
	for (size_t i = 0; i < state.squeezer.nr_touched; i += HUGE_PAGES)
		give_back(state.squeezer.memory + i * PAGE);
}

void relax(void)
{
	empty(&state.squeezer);
}

/* Have some lent pages swapped out and read back: they are in the swap cache then. */
void swap_some(void)
{
	const size_t nr = state.nr_lent[ANON] / 4;
	char *first = state.lent[ANON] + random_below(state.nr_lent[ANON] - nr) * PAGE;

	madvise(first, nr * PAGE, MADV_PAGEOUT);
	for (size_t i = 0; i < nr; i++)
		(void)*(volatile char *)(first + i * PAGE);
}

/* Three pages that are in the swap cache, from a random one on. */
void hold_swapped(void)
{
	const size_t nr = state.nr_lent[ANON], first = random_below(nr);

	for (size_t i = 0; i < nr && state.nr_held < 3; i++) {
		char *page = state.lent[ANON] + (first + i) % nr * PAGE;

		if (has_flag(page, KPF_SWAPCACHE, true))
			hold_in_pipe(page);
	}
}

void undo(void)
{
	release(LTPIN_ID_ALL);
	if (state.nr_debugfs)
		write_area("free", state.nr_debugfs);
	for (unsigned int i = 0; i < state.nr_pipes; i++) {
		close(state.pipes[i][0]);
		close(state.pipes[i][1]);
	}
	if (state.blocker >= 0)
		close(state.blocker);
	for (int i = 0; i < NR_KINDS; i++)
		unmap(i);
	if (state.file > 0) {
		if (ftruncate(state.file, 0))
			die("ftruncate");
		close(state.file);
	}
	empty(&state.filler);
	relax();
	memset(&state, 0, sizeof(state));
	state.blocker = -1;
}
