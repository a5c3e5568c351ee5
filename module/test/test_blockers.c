// SPDX-License-Identifier: GPL-2.0-only
/* The page that an allocation fails on is told, as it is at that instant, to whom listens. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
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

/* 5.10 does not say when a request begins. */
static bool has_starts(void)
{
	struct utsname name;

	return !uname(&name) && strncmp(name.release, "5.", 2);
}

/* Address of a function of the kernel; 0: not known. */
static uint64_t address_of(const char *function)
{
	char line[512], name[256];
	FILE *file = fopen("/proc/kallsyms", "r");
	unsigned long long at;
	uint64_t found = 0;

	while (file && !found && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %*c %255s", &at, name) == 2 && !strcmp(name, function))
			found = at;
	}
	if (file)
		fclose(file);
	return found;
}

static bool is_in_stack(const struct ltpin_blocker *b, const char *function)
{
	uint64_t at = address_of(function);

	for (uint32_t i = 0; at && i < b->nr_stack && i < LTPIN_STACK_MAX; i++) {
		if (b->stack[i] - at < 1024)
			return true;
	}
	return false;
}

/* What was asked for, and by whom. */
static void check_request(const struct ltpin_blocker *b)
{
	ok(!strcmp(b->area, "reserved"), "the area: %.63s", b->area);
	is(b->nr_pages, has_starts() ? area_end - area_base : 0, "the size of the request");
	ok(is_in_stack(b, "dma_alloc_attrs"), "the stack of who asked: %u entries", b->nr_stack);
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
	is(b->state.expected, 1, "  references that are accounted for");
	ok(b->state.flags & LTPIN_PAGE_BLOCK_ISOLATED, "  its pageblock is isolated now");
	check_request(b);
}

static struct ltpin_attempts attempts(void)
{
	struct areas areas = { .wanted = area_base };

	get_areas(&areas);
	return areas.attempts;
}

static uint64_t nr_failed(const struct ltpin_attempts *a)
{
	return a->nr_ebusy + a->nr_enomem + a->nr_eintr + a->nr_other + a->nr_unknown;
}

/* Each request to the area is counted, by its end. */
static void test_attempts(void)
{
	struct ltpin_attempts before = attempts(), after;

	is(take_all(), -ENOMEM, "attempts: one fails");
	after = attempts();
	is(nr_failed(&after) - nr_failed(&before), 1, "  and is counted");
	is(after.nr_success, before.nr_success, "  as a failure");
	is(after.fail_pages, area_end - area_base, "  with its size");
	is(after.fail_tid, syscall(SYS_gettid), "  and the thread");
	is(after.fail_errno, has_starts() ? EBUSY : 0,
	   "  and the error, where the kernel tells it");
	is(after.nr_ebusy - before.nr_ebusy, has_starts(), "  by which it is counted");
	is(after.nr_timed - before.nr_timed, has_starts(), "  and timed, where it can be");
	ok(after.max_ns <= after.sum_ns && !after.max_ns == !has_starts(), "  %llu ns at most",
	   (unsigned long long)after.max_ns);
	is(alloc(device, 2, area_base, area_end, NULL, NULL), 0, "  one of two pages succeeds");
	before = after;
	after = attempts();
	is(after.nr_success - before.nr_success, 1, "  and is counted");
	is(nr_failed(&after), nr_failed(&before), "  as a success");
	is(release(device, LTPIN_ID_ALL), 0, "  release");
}

/* Not only the first one: how many must go. */
static void test_all_blockers(char *pages)
{
	uint64_t pfns[NR_PAGES];
	size_t nr_pinned = 0, nr_found = 0;
	struct pages found;
	uint32_t id;

	is(pin(device, pages, NR_PAGES, 0, pfns, &id), 0,
	   "all blockers: pages of the area, pinned");
	is(dump_pages(area_base, area_end, LTPIN_FILTER_BLOCKING, &found), 0, "  asked for");
	for (size_t i = 0; i < NR_PAGES; i++) {
		nr_pinned += in_area(pfns[i]);
		for (size_t j = 0; j < found.nr && in_area(pfns[i]); j++)
			nr_found += found.state[j].pfn == pfns[i];
	}
	ok(nr_pinned && nr_found == nr_pinned, "  each of %zu is told", nr_pinned);
	ok(found.nr < nr_pinned + 64, "  and few others: %zu", found.nr - nr_found);
	for (size_t j = 0; j < found.nr; j++)
		nr_found -= found.state[j].block != LTPIN_BLOCK_CMA || !found.state[j].zone;
	is(nr_found, nr_pinned, "  all in pageblocks of CMA, in a zone");
	free(found.state);
	is(unpin(device, id), 0, "  unpin");
	settle();
	dump_pages(area_base, area_end, LTPIN_FILTER_BLOCKING, &found);
	for (size_t i = 0; i < NR_PAGES; i++) {
		for (size_t j = 0; j < found.nr; j++)
			nr_found -= found.state[j].pfn == pfns[i] && !found.state[j].pins;
	}
	is(nr_found, nr_pinned, "  and none of them afterwards");
	free(found.state);
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
	test_attempts();
	test_all_blockers(pages);
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
