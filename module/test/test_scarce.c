// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory runs out in the middle of a request: at its first allocation, its second, and so on
 * until there are no more. Each time nothing may be left behind.
 *
 * /proc/self/fail-nth makes the kernel refuse this task the nth allocation, or copy from or to
 * user memory, from now on (Documentation/fault-injection/fault-injection.rst). Pages that are
 * lost have no owner whom we could ask: whoever runs this looks for them in page_owner, by the
 * flags of lt_bench_gfp().
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

#define NR_PAGES 32
#define NR_MAX 3000 /* allocations of one request: far more than any makes */

static int fail_nth = -1;
static char *pages;

/* Every allocation may be refused: single pages, those for user space, those that may wait. */
static bool can_fail(void)
{
	const char *dirs[] = { "failslab", "fail_page_alloc" };
	char path[80];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/ignore-gfp-wait", dirs[i]);
		if (!write_to(path, "N"))
			return false;
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/verbose", dirs[i]);
		write_to(path, "0");
	}
	write_to("/sys/kernel/debug/fail_usercopy/verbose", "0");
	write_to("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N");
	write_to("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	fail_nth = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	return fail_nth >= 0;
}

static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth, text, len, 0) != len)
		bail("fail-nth");
}

/* Whether the nth was refused. If not yet, then reading that, or ending it, may be the nth copy. */
static bool disarm(void)
{
	char text[16] = "1";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 0 && errno != EFAULT)
		bail("fail-nth");
	if (pwrite(fail_nth, "0", 1, 0) != 1)
		arm(0);
	return strtoul(text, NULL, 10) == 0;
}

static int ask_pin(void)
{
	return pin(device, pages, NR_PAGES, LTPIN_PIN_LONGTERM | LTPIN_PIN_WRITE, NULL, NULL);
}

static int ask_alloc(void)
{
	return alloc(device, 16, area_base, area_end, NULL, NULL);
}

static int ask_chance(uint64_t base, uint64_t end, uint32_t flags)
{
	struct ltpin_ioc_bench_chance chance = {
		.base_pfn = base,
		.end_pfn = end,
		.nr_samples = 1,
		.nr_cma = 2,
		.nr_other = 2,
		.flags = flags,
	};

	return request(device, LTPIN_IOC_BENCH_CHANCE, &chance);
}

static int ask_chance_in_area(void)
{
	return ask_chance(area_base, area_end, 0);
}

static int ask_chance_in_scope(void)
{
	return ask_chance(area_base, area_end, LTPIN_BENCH_SCOPE | LTPIN_BENCH_GIVE_BACK);
}

/* All memory is the area: then there are no others, and what is met is put by until it is full. */
static int ask_chance_anywhere(void)
{
	return ask_chance(0, 1ULL << 40, 0);
}

static int ask_cost(void)
{
	static struct ltpin_bench_sample samples[4];
	struct ltpin_ioc_bench_cost cost = {
		.samples = (uintptr_t)samples,
		.nr_samples = 4,
		.batch = 4,
		.work = LTPIN_BENCH_PAGE,
	};

	return request(device, LTPIN_IOC_BENCH_COST, &cost);
}

static int ask_reserve(void)
{
	struct ltpin_ioc_bench_reserve reserve = { .nr_pages = 32 };

	return request(device, LTPIN_IOC_BENCH_RESERVE, &reserve);
}

static int ask_open(void)
{
	int fd = open("/dev/" LTPIN_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd < 0;
}

static int ask_listen(void)
{
	int fd = open_listener();

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

static int ask_info(void)
{
	return ask_with(LTPIN_CMD_INFO, false, 0, NULL, 0);
}

static int ask_list(void)
{
	return ask_with(LTPIN_CMD_LIST, true, 0, NULL, 0);
}

static int ask_areas(void)
{
	return ask_with(LTPIN_CMD_AREAS, true, 0, NULL, 0);
}

static int ask_pages(void)
{
	struct pages found;
	int err = dump_pages(area_base, area_base + 1000, 0, &found);

	free(found.state);
	return err;
}

static int ask_file(void)
{
	return get_file(area_base).err;
}

static void fail_each(const char *what, int (*ask)(void))
{
	unsigned int n, nr_failed = 0;
	bool refused = true;

	for (n = 1; n < NR_MAX && refused; n++) {
		int err;

		/* Pages are new each time, and so is the socket: a dump may have ended half way. */
		unmap_pages(pages, NR_PAGES);
		pages = map_pages(NR_PAGES, false);
		reopen_netlink();
		arm(n);
		err = ask();
		refused = disarm();
		nr_failed += err != 0;
		unpin(device, LTPIN_ID_ALL);
		release(device, LTPIN_ID_ALL);
	}
	ok(n > 2 && n < NR_MAX && nr_failed,
	   "%s: each of %u allocations and copies was refused once; "
	   "%u times that failed it",
	   what, n - 2, nr_failed);
	nothing_held(what);
	is(number_in("/proc/self/status", "VmPin"), 0, "  nor counted");
}

#define FAIL_PAGES "/sys/kernel/debug/fail_page_alloc/"

/* Memory in single pages is there, larger blocks are not: as on a device that has run for long. */
static void test_fragmented(void)
{
	const uint32_t flags[] = { LTPIN_PIN_LONGTERM, LTPIN_PIN_LONGTERM | LTPIN_PIN_FAST };
	const uint32_t nr_pages = 4096; /* twice that is below the limit */
	char *p = map_pages(nr_pages, true);
	int err[2];

	write_to(FAIL_PAGES "min-order", "1");
	write_to(FAIL_PAGES "task-filter", "Y");
	write_to(FAIL_PAGES "times", "1000000000"); /* 5.10 takes no -1 */
	write_to(FAIL_PAGES "probability", "100");
	for (int i = 0; i < 2; i++) {
		write_to("/proc/self/make-it-fail", "1");
		err[i] = pin(device, p, nr_pages, flags[i] | LTPIN_PIN_WRITE, NULL, NULL);
		write_to("/proc/self/make-it-fail", "0");
	}
	ok(number_in(FAIL_PAGES "times", NULL) < 1000000000,
	   "fragmented: larger blocks are refused");
	write_to(FAIL_PAGES "probability", "0");
	write_to(FAIL_PAGES "task-filter", "N");
	write_to(FAIL_PAGES "min-order", "0");
	is(err[0], 0, "  a long-term pin needs no more than single pages");
	is(err[1], 0, "  a fast one neither");
	is(unpin(device, LTPIN_ID_ALL), 0, "  unpin");
	unmap_pages(p, nr_pages);
	nothing_held("after fragmentation");
}

void test_scarce(void)
{
	const struct {
		const char *what;
		int (*ask)(void);
	} requests[] = {
		{ "pin", ask_pin },
		{ "alloc", ask_alloc },
		{ "cost", ask_cost },
		{ "chance", ask_chance_in_area },
		{ "chance in scope", ask_chance_in_scope },
		{ "chance anywhere", ask_chance_anywhere },
		{ "reserve", ask_reserve },
		{ "open", ask_open },
		{ "listen", ask_listen },
		{ "info", ask_info },
		{ "list", ask_list },
		{ "areas", ask_areas },
		{ "pages", ask_pages },
		{ "file", ask_file },
	};

	if (!can_fail()) {
		skip("scarce memory", "the kernel cannot be told to refuse an allocation");
		return;
	}
	test_fragmented();
	stay_on(0);
	pages = map_pages(NR_PAGES, false);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		fail_each(requests[i].what, requests[i].ask);
	unmap_pages(pages, NR_PAGES);
	close(fail_nth);
}
