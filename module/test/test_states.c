// SPDX-License-Identifier: GPL-2.0-only
/* Page states are true, for memory whose state is known by other ways. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

#define NR_HUGEPAGES "/proc/sys/vm/nr_hugepages"

static void test_huge(void)
{
	size_t size = 2 << 20, nr = size / page_size;
	char *base =
		mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *p = (char *)(((uintptr_t)base + size - 1) & ~(size - 1));
	struct ltpin_page_state state;
	uint64_t pfn = 0;
	uint32_t id;

	madvise(p, size, MADV_HUGEPAGE);
	p[0] = 1;
	state = page_state(pfn_of(p));
	if (state.nr_pages != nr) {
		skip("huge page", "got none");
		return;
	}
	print_state(&state);
	is(state.mapcount, 1, "huge page: one mapping");
	is(state.pins, 0, "no pins");
	ok(state.flags & LTPIN_PAGE_PINS_EXACT, "counted exactly");
	ok(state.flags & LTPIN_PAGE_COMPOUND, "compound");
	is(pin(device, p + 7 * page_size, 1, LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE, &pfn, &id), 0,
	   "pin its eighth page");
	is(pfn, pfn_of(p) + 7, "PFN");
	state = page_state(pfn);
	print_state(&state);
	is(state.pfn, pfn - 7, "state is of the head, below the range");
	is(state.nr_pages, nr, "whole folio");
	is(state.pins, 1, "one pin");
	unpin(device, id);
	is(page_state(pfn).pins, 0, "no pins after");
	/* Mapped by pages, partly. */
	madvise(p, 3 * page_size, MADV_DONTNEED);
	state = page_state(pfn);
	print_state(&state);
	is(state.mapcount, nr - 3, "mappings after three pages are gone");
	munmap(base, 2 * size);
}

static void test_hugetlb(void)
{
	size_t size = 2 << 20;
	struct ltpin_page_state state;
	char *p = MAP_FAILED;
	uint32_t id;

	if (write_to(NR_HUGEPAGES, "2")) {
		p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	}
	if (p == MAP_FAILED) {
		skip("hugetlb page", "got none");
		return;
	}
	p[0] = 1;
	is(pin(device, p + 9 * page_size, 3, LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE, NULL, &id), 0,
	   "pin three pages of a hugetlb page");
	state = page_state(pfn_of(p) + 100);
	print_state(&state);
	is(state.pfn, pfn_of(p), "its head");
	is(state.nr_pages, size / page_size, "its size");
	ok(state.flags & LTPIN_PAGE_HUGETLB, "hugetlb");
	is(state.pins, 3, "three pins");
	is(state.mapcount, 1, "one mapping");
	is(unpin(device, id), 0, "unpin");
	munmap(p, size);
	write_to(NR_HUGEPAGES, "0");
}

static void test_shmem(void)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	struct ltpin_page_state state;
	char *p, *q;

	if (fd < 0 || ftruncate(fd, page_size))
		bail("memfd");
	p = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	q = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	p[0] = q[0] = 1;
	settle();
	state = page_state(pfn_of(p));
	print_state(&state);
	ok((state.flags & LTPIN_PAGE_FILE) && (state.flags & LTPIN_PAGE_SWAPBACKED) &&
		   !(state.flags & LTPIN_PAGE_ANON),
	   "shared memory: a file's page, backed by swap");
	is(state.mapcount, 2, "mapped twice");
	/* A page that is not on an LRU list yet is in a batch, with a reference. */
	is(state.refcount, 3 + !(state.flags & LTPIN_PAGE_LRU), "and in the page cache");
	close(fd);
	munmap(p, page_size);
	munmap(q, page_size);
}

static long long nr_free_pages(void)
{
	number_in("/proc/sys/vm/stat_refresh", NULL);
	return number_in("/proc/vmstat", "nr_free_pages");
}

/*
 * Free blocks add up to what the kernel counts, but for the message buffers in
 * flight. Workers empty the per-CPU lists meanwhile: some dump hits a quiet moment.
 */
static void test_free_pages(void)
{
	long long before, after, nr_free, low, high;
	struct pages pages;

	for (int i = 0; i < 10; i++) {
		settle();
		usleep(100000);
		before = nr_free_pages();
		nr_free = 0;
		dump_pages(0, 1ULL << 40, 0, &pages);
		for (size_t j = 0; j < pages.nr; j++) {
			if (pages.state[j].flags & LTPIN_PAGE_BUDDY)
				nr_free += pages.state[j].nr_pages;
		}
		free(pages.state);
		after = nr_free_pages();
		low = (before < after ? before : after) - 16;
		high = (before < after ? after : before) + 16;
		if (nr_free >= low && nr_free <= high && high - low < 256)
			break;
	}
	ok(nr_free >= low && nr_free <= high, "%lld pages in free blocks, the kernel has %lld",
	   nr_free, before);
}

/* Every page of memory once, of all kinds. */
static void test_all_pages(void)
{
	static const struct {
		uint64_t flag;
		const char *name;
	} kinds[] = {
		{ LTPIN_PAGE_RESERVED, "some are reserved" },
		{ LTPIN_PAGE_SLAB, "some are slabs" },
		{ LTPIN_PAGE_PGTABLE, "some are page tables" },
		{ LTPIN_PAGE_ANON, "some are anonymous" },
		{ LTPIN_PAGE_FILE, "some are files" },
		{ LTPIN_PAGE_LRU, "some are on an LRU list" },
	};
	long long nr = 0, nr_free = 0, backward = 0, unstable = 0;
	struct pages pages;
	uint64_t seen = 0;

	is(dump_pages(0, 1ULL << 40, 0, &pages), 0, "dump of all memory");
	for (size_t i = 0; i < pages.nr; i++) {
		const struct ltpin_page_state *s = &pages.state[i];

		nr += s->nr_pages;
		seen |= s->flags;
		unstable += !!(s->flags & LTPIN_PAGE_UNSTABLE);
		backward += i && s->pfn < s[-1].pfn + s[-1].nr_pages;
	}
	printf("# %zu records in %zu messages, %lld pages, %lld unstable\n", pages.nr,
	       pages.nr_messages, nr, unstable);
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		ok(seen & kinds[i].flag, "%s", kinds[i].name);
	is(backward, 0, "ascending, no overlap");
	ok(unstable < 10, "few unstable");
	free(pages.state);
	dump_pages(area_base, area_end, LTPIN_FILTER_NO_FREE, &pages);
	for (size_t i = 0; i < pages.nr; i++)
		nr_free += !!(pages.state[i].flags & LTPIN_PAGE_BUDDY);
	is(nr_free, 0, "filter: no free block");
	free(pages.state);

	/* From the middle of a free block. */
	dump_pages(area_base, area_end, 0, &pages);
	for (size_t i = 0; i < pages.nr; i++) {
		struct ltpin_page_state whole = pages.state[i], half;

		if (!(whole.flags & LTPIN_PAGE_BUDDY) || whole.nr_pages < 256)
			continue;
		half = page_state(whole.pfn + whole.nr_pages / 2 + 3);
		ok(half.pfn == whole.pfn && half.nr_pages == whole.nr_pages,
		   "from the middle of a free block");
		break;
	}
	free(pages.state);
}

void test_states(void)
{
	test_huge();
	test_hugetlb();
	test_shmem();
	test_free_pages();
	test_all_pages();
}
