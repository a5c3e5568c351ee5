// SPDX-License-Identifier: GPL-2.0-only
/* The page that an allocation fails on is told, as it is at that instant, to whom listens. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

#define NR_PAGES 128
#define PIN_REFS 1024
#define NR_RECORDS 4096	   /* that the module keeps */
#define WAIT_MS 10000	   /* for what must come; a message takes some ms */
#define DRIFT_NS 500000000 /* by which an emulated machine's CPUs may differ in the time */

/* A page of ours in the middle of the area, which every large allocation then needs; or NULL. */
static char *page_in_area(char *pages)
{
	for (size_t i = 0; i < NR_PAGES; i++) {
		char *page = pages + i * page_size;

		page[0] = 1;
		if (in_area(pfn_of(page)))
			return page;
	}
	return NULL;
}

/* All of the area: there is one range to try. */
static int take_all(void)
{
	return alloc(device, area_end - area_base, area_base, area_end, NULL, NULL);
}

static uint64_t last_hold_ts(void)
{
	return get_list(NULL).ts_ns;
}

static void test_nobody_listens(void)
{
	uint64_t before = get_info().next_blocker;

	is(take_all(), -ENOMEM, "nobody listens: the allocation fails");
	is(get_info().next_blocker, before, "  and nothing is looked at");
}

static void check_message(const struct ltpin_blocker *b, uint64_t pfn)
{
	is(b->pfn, pfn, "the page is the pinned one");
	ok(b->start_pfn <= b->pfn && b->pfn < b->end_pfn, "in the range that was tested");
	is(b->pid, getpid(), "who asked: process");
	is(b->tid, syscall(SYS_gettid), "  thread");
	ok(!strcmp(b->comm, "module_test"), "  name %s", b->comm);
	print_state(&b->state);
	is(b->state.pfn, pfn, "its state");
	is(b->state.nr_pages, 1, "  a small folio");
	is(b->state.refcount, 1 + PIN_REFS, "  references");
	is(b->state.pins, 1, "  pins");
	is(b->state.mapcount, 1, "  mappings");
	ok((b->state.flags & LTPIN_PAGE_ANON) && !(b->state.flags & LTPIN_PAGE_UNSTABLE),
	   "  anonymous, stable");
}

static void test_pinned(int fd, char *page, uint64_t pfn)
{
	uint64_t seq = get_info().next_blocker, pinned_ns = last_hold_ts();
	struct ltpin_blocker b = { 0 };
	uint32_t id;

	is(take_all(), -ENOMEM, "somebody listens: the allocation fails");
	is(next_blocker(fd, WAIT_MS, &b), 1, "it is told");
	check_message(&b, pfn);
	is(b.seq, seq, "its number is what INFO said");
	pin(device, page, 1, 0, NULL, &id);
	ok(b.ts_ns + DRIFT_NS > pinned_ns && b.ts_ns < last_hold_ts() + DRIFT_NS,
	   "told when: %llu ns after boot", (unsigned long long)b.ts_ns);
	unpin(device, id);
}

/* Reads what was sent so far. Returns how many there were, and the last one. */
static uint64_t read_all(int fd, struct ltpin_blocker *last)
{
	uint64_t nr = 0, next = get_info().next_blocker;

	while (last->seq + 1 != next && next_blocker(fd, WAIT_MS, last) == 1)
		nr++;
	return nr;
}

/* Two listeners, one of which reads late: it gets what the ring still has. */
static void test_storm(int fd)
{
	uint64_t seq = get_info().next_blocker, nr_sent, nr_got = 0, nr_slow = 1;
	struct ltpin_blocker b = { .seq = seq - 1 }, slow_b;
	int slow = open_listener();

	for (int i = 0; i < 100; i++) {
		take_all();
		nr_got += read_all(fd, &b);
	}
	nr_sent = get_info().next_blocker - seq;
	ok(nr_sent >= 100, "a storm: %llu were seen", (unsigned long long)nr_sent);
	is(nr_got, nr_sent, "the fast reader misses nothing");
	is(next_blocker(slow, WAIT_MS, &slow_b), 1, "the slow one reads after it");
	is(slow_b.seq, nr_sent > NR_RECORDS ? seq + nr_sent - NR_RECORDS : seq,
	   "from the oldest that is still there");
	while (next_blocker(slow, 0, &slow_b) == 1)
		nr_slow++;
	is(nr_slow, nr_sent < NR_RECORDS ? nr_sent : NR_RECORDS, "to the last one");
	is(slow_b.seq, b.seq, "which is the same");
	close(slow);
}

/* More than the ring holds: what is missing is seen from the numbers. */
static void test_overrun(int fd)
{
	uint64_t seq = get_info().next_blocker, nr_sent;
	struct ltpin_blocker b;

	/* A kernel that tries no range names none: that fails below, and ends here. */
	for (int i = 0; i < 4 * NR_RECORDS && get_info().next_blocker - seq <= NR_RECORDS + 10; i++)
		take_all();
	nr_sent = get_info().next_blocker - seq;
	is(next_blocker(fd, WAIT_MS, &b), 1, "overrun: there is more to read");
	is(b.seq - seq, nr_sent - NR_RECORDS, "and the number tells how many are missing");
	while (next_blocker(fd, 0, &b) == 1)
		;
}

static void *give_up(void *arg)
{
	(void)arg;
	usleep(100000);
	take_all();
	return NULL;
}

/* Reads that must not be, and one that waits for what comes. */
static void test_read(void)
{
	int fd = open_device(), late = open_listener();
	struct ltpin_blocker b[2] = { 0 };
	pthread_t thread;

	is(read(fd, b, sizeof(b)) < 0 ? -errno : 0, -EINVAL, "a read without listening");
	is(listen_to(fd), 0, "listen");
	is(listen_to(fd), 0, "listen again");
	is(read(fd, b, sizeof(*b) - 1) < 0 ? -errno : 0, -EINVAL, "a read of less than a record");
	is(read(late, b, sizeof(*b)) < 0 ? -errno : 0, -EAGAIN, "nothing is there, and no wait");
	pthread_create(&thread, NULL, give_up, NULL);
	is(read(fd, b, sizeof(b)), sizeof(*b), "a read waits for a record, and takes whole ones");
	pthread_join(thread, NULL);
	take_all();
	is(syscall(SYS_read, late, 8, sizeof(*b)) < 0 ? -errno : 0, -EFAULT, "a read to nowhere");
	close(late);
	close(fd);
}

void test_blockers(void)
{
	char *pages = map_pages(NR_PAGES, false), *page;
	struct ltpin_blocker b = { 0 };
	uint64_t pfn = 0;
	uint32_t id;
	int fd;

	if (!(get_info().caps & LTPIN_CAP_BLOCKERS)) {
		skip("blockers", "this kernel does not tell them");
		return;
	}
	prime_area(NR_PAGES);
	page = page_in_area(pages);
	settle();
	if (!page || pin(device, page, 1, 0, &pfn, &id) || !in_area(pfn)) {
		ok(false, "a page in the area, pinned");
		return;
	}
	test_nobody_listens();
	fd = open_listener();
	ok(fd >= 0, "listen");
	test_pinned(fd, page, pfn);
	test_storm(fd);
	test_overrun(fd);
	test_read();
	while (next_blocker(fd, 0, &b) == 1)
		;
	is(unpin(device, id), 0, "unpin");
	is(take_all(), 0, "it succeeds then");
	while (next_blocker(fd, 0, &b) == 1)
		ok(b.pfn != pfn, "what is told of it is not that page");
	release(device, LTPIN_ID_ALL);
	close(fd);
	unmap_pages(pages, NR_PAGES);
	nothing_held("after blockers");
}
