// SPDX-License-Identifier: GPL-2.0-only
/* What is pinned or allocated is what was asked for, and is listed. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

#define PIN_BIAS 1024 /* references of one pin, on a small folio */

static void test_pin_one(uint32_t flags)
{
	char *p = map_pages(1, true);
	struct ltpin_page_state before, during, after;
	uint64_t pfn = 0;
	uint32_t id = 0;

	printf("# one page, flags %u\n", flags);
	settle();
	before = page_state(pfn_of(p));
	is(pin(device, p, 1, flags, &pfn, &id), 0, "pin");
	is(pfn, pfn_of(p), "its PFN is the one in pagemap");
	ok(id && id != LTPIN_ID_ALL, "its id is %u", id);
	is(foll_pins(), 1, "one pin outstanding in vmstat");
	is(number_in("/proc/self/status", "VmPin"), page_size / 1024, "VmPin");
	settle();
	during = page_state(pfn);
	is(during.pfn, pfn, "state is about this page");
	is(during.nr_pages, 1, "a small folio");
	is(during.refcount, 1 + PIN_BIAS, "references");
	is(during.pins, 1, "pins");
	is(during.mapcount, 1, "mappings");
	ok(!(during.flags & (LTPIN_PAGE_UNSTABLE | LTPIN_PAGE_PINS_EXACT)), "stable, not exact");
	ok((during.flags & LTPIN_PAGE_ANON) && (during.flags & LTPIN_PAGE_SWAPBACKED) &&
		   (during.flags & LTPIN_PAGE_UPTODATE) && !(during.flags & LTPIN_PAGE_FILE),
	   "anonymous");
	is(unpin(device, id), 0, "unpin");
	after = page_state(pfn);
	is(after.refcount, 1, "references after");
	is(after.pins, 0, "pins after");
	is(number_in("/proc/self/status", "VmPin"), 0, "VmPin after");
	is(unpin(device, id), -ENOENT, "unpin again");
	print_state(&before);
	print_state(&during);
	print_state(&after);
	unmap_pages(p, 1);
}

static void test_pin_many(void)
{
	const size_t nr = 20000;
	char *p = map_pages(nr, false);
	uint64_t *pfns = calloc(nr, sizeof(*pfns)), wrong = 0;
	uint64_t limit = get_info().max_pages;
	struct pages pages;
	struct list list;
	uint32_t id;

	set_limit("max_pages", nr + 1);
	/* Every second page first, so that neighbours are not. */
	for (size_t i = 0; i < nr; i += 2)
		p[i * page_size] = 1;
	is(pin(device, p, nr, LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE, pfns, &id), 0,
	   "pin 20000 pages");
	for (size_t i = 0; i < nr; i++)
		wrong += pfns[i] != pfn_of(p + i * page_size);
	is(wrong, 0, "all PFNs are those in pagemap");
	is(foll_pins(), nr, "pins outstanding in vmstat");
	is(get_info().pinned, nr, "pages pinned in info");

	prctl(PR_SET_NAME, "other name");
	list = get_list(pfns);
	is(list.nr_holds, 1, "one entry in the list");
	is(list.id, id, "its id");
	is(list.kind, LTPIN_KIND_PIN, "its kind");
	is(list.flags, LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE, "its flags");
	is(list.pid, getpid(), "its process");
	ok(!strcmp(list.comm, "module_test"), "its name then: %s", list.comm);
	prctl(PR_SET_NAME, "module_test");
	is(list.nr_pages, nr, "its size");
	ok(list.listed_pages == nr && !list.wrong, "its runs cover the same PFNs");
	ok(list.nr_messages == list.nr_more + 1 && list.nr_more, "%llu runs in %u messages",
	   (unsigned long long)list.nr_runs, list.nr_messages);
	ok(list.ts_ns > 0 && list.ts_ns < 4000000000000ULL, "made %llu ns after boot",
	   (unsigned long long)list.ts_ns);

	is(dump_pages(0, ~0ULL, LTPIN_FILTER_PINNED, &pages), 0, "dump of all pinned pages");
	is(pages.nr, nr, "as many as pinned");
	wrong = 0;
	for (size_t i = 0; i < pages.nr; i++)
		wrong += pages.state[i].pins != 1 ||
			 (i && pages.state[i].pfn <= pages.state[i - 1].pfn);
	is(wrong, 0, "each once, in order, with one pin");
	free(pages.state);
	is(pin(device, p, 1, 0, NULL, NULL), 0, "pin the first again");
	is(page_state(pfns[0]).pins, 2, "it has two pins");
	is(unpin(device, LTPIN_ID_ALL), 0, "unpin all");
	is(unpin(device, LTPIN_ID_ALL), 0, "unpin all, with nothing there");
	set_limit("max_pages", limit);
	unmap_pages(p, nr);
	free(pfns);
	nothing_held("after unpin all");
}

static void test_alloc(void)
{
	uint32_t id, size = 8192;
	uint64_t pfn = 0;
	struct list list;
	struct pages pages;
	uint64_t refs = 0;
	int err;

	is(alloc(device, size, area_base, area_end, &pfn, &id), 0, "8192 pages in the area");
	ok(in_area(pfn) && in_area(pfn + size - 1), "PFN 0x%llx", (unsigned long long)pfn);
	is(get_info().allocated, size, "in info");
	list = get_list(NULL);
	is(list.kind, LTPIN_KIND_ALLOC, "in the list");
	is(list.nr_runs, 1, "one run");
	is(list.listed_pages, size, "its pages");
	dump_pages(pfn, pfn + size, LTPIN_FILTER_IN_USE, &pages);
	for (size_t i = 0; i < pages.nr; i++)
		refs += pages.state[i].refcount;
	is(pages.nr, size, "a record for each page");
	is(refs, size, "one reference each");
	free(pages.state);
	is(unpin(device, id), -ENOENT, "unpin does not release it");
	is(release(device, id), 0, "release");
	is(alloc(device, size, area_end, area_end + 1, &pfn, &id), -ENXIO, "elsewhere");
	is(alloc(device, area_end - area_base + 1, 0, 0, &pfn, &id), -ENOMEM, "too large");
	is(alloc(device, 4, 0, 0, &pfn, &id), 0, "without bounds");
	is(release(device, LTPIN_ID_ALL), 0, "release all");
	err = alloc(device, 1, area_base, area_end, NULL, NULL);
	ok(!err || (err == -ENXIO && !has_single_pages()), "a single page: %s",
	   err ? "not from CMA" : "from CMA");
	release(device, LTPIN_ID_ALL);
	nothing_held("after release");
}

/* Allocated and released on one CPU, CMA pages head its list: faults get them. */
static void test_prime(void)
{
	size_t nr = 128, landed = 0;
	char *p = map_pages(nr, false);

	p[0] = 1;
	madvise(p, page_size, MADV_DONTNEED);
	prime_area(nr);
	for (size_t i = 0; i < nr; i++) {
		p[i * page_size] = 1;
		landed += in_area(pfn_of(p + i * page_size));
	}
	ok(landed >= nr / 5, "prime: %zu of %zu faults land in CMA", landed, nr);
	unmap_pages(p, nr);
}

/* Enough of them to need many messages, and released out of order. */
static void test_many_holds(void)
{
	enum { NR = 3000 };
	char *p = map_pages(1, true);
	uint32_t ids[NR], failed = 0;

	for (int i = 0; i < NR; i++)
		failed += pin(device, p, 1, 0, NULL, &ids[i]) != 0;
	is(failed, 0, "3000 pins of one page");
	is(page_state(pfn_of(p)).pins, NR, "its pins");
	is(get_list(NULL).nr_holds, NR, "all are in the list");
	for (int i = 0; i < NR; i += 3)
		failed += unpin(device, ids[i]) != 0;
	is(failed, 0, "unpin every third");
	is(get_list(NULL).nr_holds, NR - NR / 3, "the others are in the list");
	is(get_list(NULL).id, ids[NR - 1], "the last one last");
	for (int i = NR - 1; i >= 0; i--)
		failed += unpin(device, ids[i]) != 0;
	is(failed, NR / 3, "unpin all, from the last; those again fail");
	unmap_pages(p, 1);
	nothing_held("after that");
}

void test_pins(void)
{
	for (uint32_t flags = 0; flags < 8; flags++)
		test_pin_one(flags);
	test_pin_many();
	test_many_holds();
}

void test_allocations(void)
{
	test_alloc();
	test_prime();
}
