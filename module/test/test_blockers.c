// SPDX-License-Identifier: GPL-2.0-only
/* The page that an allocation fails on is told, as it is at that instant, to whom listens. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

#define NR_PAGES 128
#define PIN_REFS 1024
#define WAIT_MS 10000	/* for what must come; a message takes some ms */
#define DRIFT_NS 500000000	/* by which an emulated machine's CPUs may differ in the time */

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

static void check_message(const struct blocker *b, uint64_t pfn)
{
	is(b->pfn, pfn, "the page is the pinned one");
	ok(b->start <= b->pfn && b->pfn < b->end, "in the range that was tested");
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

static void test_pinned(int sock, char *page, uint64_t pfn)
{
	uint64_t seq = get_info().next_blocker, pinned_ns = last_hold_ts();
	struct blocker b = { 0 };
	uint32_t id;

	is(take_all(), -ENOMEM, "somebody listens: the allocation fails");
	is(next_blocker(sock, WAIT_MS, &b), 1, "it is told");
	check_message(&b, pfn);
	is(b.seq, seq, "its number is what INFO said");
	pin(device, page, 1, 0, NULL, &id);
	ok(b.ts_ns + DRIFT_NS > pinned_ns && b.ts_ns < last_hold_ts() + DRIFT_NS,
	   "told when: %llu ns after boot", (unsigned long long)b.ts_ns);
	unpin(device, id);
}

/* Reads what was sent so far. Returns how many there were, and the last one. */
static uint64_t read_all(int sock, struct blocker *last)
{
	uint64_t nr = 0, next = get_info().next_blocker;

	while (last->seq + 1 != next && next_blocker(sock, WAIT_MS, last) == 1)
		nr++;
	return nr;
}

/* Of two listeners one does not read: it loses, the other one does not. */
static void test_storm(int sock)
{
	uint64_t seq = get_info().next_blocker, nr_sent, nr_got = 0, nr_slow = 0;
	struct blocker b = { .seq = seq - 1 }, slow_b;
	int slow = join_blockers(), small = 4096, err;

	setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (int i = 0; i < 100; i++) {
		take_all();
		nr_got += read_all(sock, &b);
	}
	nr_sent = get_info().next_blocker - seq;
	ok(nr_sent >= 100, "a storm: %llu were sent", (unsigned long long)nr_sent);
	is(nr_got, nr_sent, "the fast reader misses nothing");
	while ((err = next_blocker(slow, 0, &slow_b)) == 1)
		nr_slow++;
	is(err, -ENOBUFS, "the slow one is told that it does");
	while (next_blocker(slow, 0, &slow_b) == 1)
		nr_slow++;
	ok(nr_slow && nr_slow < nr_sent, "it has %llu", (unsigned long long)nr_slow);
	take_all();
	is(next_blocker(slow, WAIT_MS, &slow_b), 1, "the next message arrives");
	is(slow_b.seq - seq, nr_sent, "and its number tells how many are missing");
	read_all(sock, &b);
	close(slow);
}

void test_blockers(void)
{
	char *pages = map_pages(NR_PAGES, false), *page;
	struct blocker b = { 0 };
	uint64_t pfn = 0;
	uint32_t id;
	int sock;

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
	sock = join_blockers();
	ok(sock >= 0, "join the group");
	test_pinned(sock, page, pfn);
	test_storm(sock);
	is(unpin(device, id), 0, "unpin");
	is(take_all(), 0, "it succeeds then");
	while (next_blocker(sock, 0, &b) == 1)
		ok(b.pfn != pfn, "what is told of it is not that page");
	release(device, LTPIN_ID_ALL);
	close(sock);
	unmap_pages(pages, NR_PAGES);
	nothing_held("after blockers");
}
