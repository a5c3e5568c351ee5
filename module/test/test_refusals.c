// SPDX-License-Identifier: GPL-2.0-only
/* What must not work does not, and leaves nothing behind. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

#define NOBODY 65534

/* Of the kernel, not of this program. */
static bool is_64bit(void)
{
	struct utsname name;

	return !uname(&name) && strstr(name.machine, "64");
}

static void test_errors(void)
{
	const int above = is_64bit() ? -EFAULT : -EINVAL; /* addresses above 4 GiB */
	char *p = map_pages(2, true);
	const uint64_t addr = (uintptr_t)p;
	const struct {
		const char *what;
		struct ltpin_ioc_pin arg;
		int err;
	} pins[] = {
		{ "no pages", { addr, 0, 0, 0, 0, 0 }, -EINVAL },
		{ "unaligned", { addr + 8, 0, 1, 0, 0, 0 }, -EINVAL },
		{ "unknown flag", { addr, 0, 1, 8, 0, 0 }, -EINVAL },
		{ "reserved field", { addr, 0, 1, 0, 0, 1 }, -EINVAL },
		{ "past the end of addresses", { -(uint64_t)page_size, 0, 2, 0, 0, 0 }, -EINVAL },
		{ "wraps around", { -(uint64_t)page_size, 0, 0xffffffff, 0, 0, 0 }, -EINVAL },
		{ "last page", { -2 * (uint64_t)page_size, 0, 1, 0, 0, 0 }, above },
		{ "kernel address", { 0xffff888000000000, 0, 1, LTPIN_PIN_FAST, 0, 0 }, above },
		{ "more than the limit", { addr, 0, get_info().max_pages + 1, 0, 0, 0 }, -EDQUOT },
		{ "far more than the limit", { page_size, 0, 0xffff0, 0, 0, 0 }, -EDQUOT },
		{ "a size that fits 32 bits",
		  { page_size, 0, 0xffffffff, 0, 0, 0 },
		  is_64bit() ? -EDQUOT : -EINVAL },
		{ "page 0", { 0, 0, 1, 0, 0, 0 }, -EFAULT },
		{ "PFNs to nowhere", { addr, 8, 1, 0, 0, 0 }, -EFAULT },
		{ "PFNs to the kernel", { addr, 0xffff888000000000, 1, 0, 0, 0 }, -EFAULT },
	};
	struct ltpin_ioc_alloc bad[] = {
		{ .nr_pages = 0 },
		{ .nr_pages = 1, .flags = 2 },
		{ .nr_pages = 1, .reserved = 1 },
		{ .nr_pages = 1, .base_pfn = 5, .end_pfn = 5 },
		{ .nr_pages = 1, .base_pfn = 5 },
	};
	struct ltpin_ioc_alloc huge = { .nr_pages = 0xffffffff };
	int other = open_device();
	uint32_t id;

	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++) {
		struct ltpin_ioc_pin arg = pins[i].arg;

		is(request(device, LTPIN_IOC_PIN, &arg), pins[i].err, pins[i].what);
		arg.flags |= LTPIN_PIN_LONGTERM;
		is(request(device, LTPIN_IOC_PIN, &arg), pins[i].err, "  same, long-term");
	}
	munmap(p + page_size, page_size);
	is(pin(device, p, 2, 0, NULL, NULL), -EFAULT, "second page not mapped");
	is(pin(device, p, 2, LTPIN_PIN_FAST, NULL, NULL), -EFAULT, "  same, fast");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is(request(device, LTPIN_IOC_ALLOC, &bad[i]), -EINVAL, "bad allocation");
	is(request(device, LTPIN_IOC_ALLOC, &huge), -EDQUOT, "huge allocation");
	is(request(device, LTPIN_IOC_PIN, NULL), -EFAULT, "no argument");
	is(request(device, _IO('~', 0x20), NULL), -ENOTTY, "unknown request");
	is(unpin(device, 0), -ENOENT, "id 0");
	is(unpin(device, 12345678), -ENOENT, "unknown id");
	is(pin(device, p, 1, 0, NULL, &id), 0, "pin");
	is(unpin(other, id), -ENOENT, "not through another descriptor");
	is(unpin(other, LTPIN_ID_ALL), 0, "all of another descriptor");
	is(get_info().pinned, 1, "still pinned");
	is(release(device, id), -ENOENT, "not an allocation");
	is(unpin(device, id), 0, "unpin");
	munmap(p, page_size);
	close(other);
	nothing_held("after errors");
}

/* Measurements: what they refuse, before anything is allocated. */
static void test_bench_errors(void)
{
	struct ltpin_bench_sample sample;
	const struct ltpin_ioc_bench_cost cost = {
		.samples = (uintptr_t)&sample,
		.nr_samples = 1,
		.batch = 1,
		.work = LTPIN_BENCH_PAGE,
	};
	const struct ltpin_ioc_bench_chance chance = {
		.base_pfn = area_base,
		.end_pfn = area_end,
		.nr_samples = 1,
		.nr_cma = 1,
	};
	const struct ltpin_ioc_bench_reserve reserve = { .nr_pages = 1 };
	struct ltpin_ioc_bench_cost bad_cost[] = { cost, cost, cost, cost, cost };
	struct ltpin_ioc_bench_chance bad_chance[] = { chance, chance, chance,
						       chance, chance, chance };
	struct ltpin_ioc_bench_reserve bad_reserve[] = { reserve, reserve, reserve };
	struct ltpin_ioc_bench_cost nowhere = cost;

	bad_cost[0].nr_samples = 0;
	bad_cost[1].batch = 0;
	bad_cost[2].batch = LTPIN_BENCH_BATCH_MAX + 1;
	bad_cost[3].work = LTPIN_BENCH_PAGE + 1;
	bad_cost[4].flags = LTPIN_BENCH_DRAIN;
	for (size_t i = 0; i < sizeof(bad_cost) / sizeof(bad_cost[0]); i++)
		is(request(device, LTPIN_IOC_BENCH_COST, &bad_cost[i]), -EINVAL, "bad cost");
	nowhere.samples = 8;
	is(request(device, LTPIN_IOC_BENCH_COST, &nowhere), -EFAULT, "samples to nowhere");

	bad_chance[0].nr_samples = 0;
	bad_chance[1].nr_cma = 0;
	bad_chance[2].nr_cma = LTPIN_BENCH_LIST_MAX + 1;
	bad_chance[3].nr_other = 0xffffffff;
	bad_chance[4].end_pfn = area_base;
	bad_chance[5].reserved[1] = 1;
	for (size_t i = 0; i < sizeof(bad_chance) / sizeof(bad_chance[0]); i++)
		is(request(device, LTPIN_IOC_BENCH_CHANCE, &bad_chance[i]), -EINVAL, "bad chance");

	bad_reserve[0].nr_pages = 0;
	bad_reserve[1].nr_pages = 513;
	bad_reserve[2].flags = 1 << 6; /* up to version 2: make a reserve */
	for (size_t i = 0; i < sizeof(bad_reserve) / sizeof(bad_reserve[0]); i++)
		is(request(device, LTPIN_IOC_BENCH_RESERVE, &bad_reserve[i]), -EINVAL,
		   "bad reserve");
	nothing_held("after refused measurements");
}

static void test_limit(void)
{
	char *p = map_pages(16, true);
	struct info info = get_info();

	set_limit("max_pages", 10);
	is(get_info().max_pages, 10, "limit 10");
	is(pin(device, p, 8, 0, NULL, NULL), 0, "8 pages");
	is(pin(device, p, 3, 0, NULL, NULL), -EDQUOT, "not 3 more");
	is(pin(device, p, 2, 0, NULL, NULL), 0, "2 more");
	set_limit("max_pages", 5);
	is(pin(device, p, 1, 0, NULL, NULL), -EDQUOT, "lowered: nothing more");
	is(unpin(device, LTPIN_ID_ALL), 0, "unpin");
	set_limit("max_pages", info.max_pages);
	set_limit("max_alloc_pages", 10);
	is(get_info().max_alloc_pages, 10, "limit of allocations 10");
	is(alloc(device, 8, 0, 0, NULL, NULL), 0, "8 pages");
	is(alloc(device, 3, 0, 0, NULL, NULL), -EDQUOT, "not 3 more");
	is(pin(device, p, 3, 0, NULL, NULL), 0, "but pinned");
	is(release(device, LTPIN_ID_ALL) || unpin(device, LTPIN_ID_ALL), 0, "release all");
	set_limit("max_alloc_pages", info.max_alloc_pages);
	unmap_pages(p, 16);
	nothing_held("after limits");
}

/* Root as in a container: all but one of its rights. */
static bool drop_capability(int which)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &header, caps))
		return false;
	caps[which / 32].effective &= ~(1U << which % 32);
	return !syscall(SYS_capset, &header, caps);
}

static void pin_memlocked(char *p, int *got)
{
	const struct rlimit limit = { 10 * page_size, 10 * page_size };

	setrlimit(RLIMIT_MEMLOCK, &limit);
	got[0] = pin(device, p, 11, 0, NULL, NULL);
	got[1] = unpin(device, LTPIN_ID_ALL);
	got[2] = !drop_capability(CAP_IPC_LOCK);
	got[3] = pin(device, p, 11, 0, NULL, NULL);
	got[4] = number_in("/proc/self/status", "VmPin");
	got[5] = pin(device, p, 8, LTPIN_PIN_LONGTERM, NULL, NULL);
	got[6] = pin(device, p, 3, 0, NULL, NULL);
	got[7] = pin(device, p, 2, 0, NULL, NULL);
	got[8] = unpin(device, LTPIN_ID_ALL);
	got[9] = number_in("/proc/self/status", "VmPin");
}

static void test_memlock(void)
{
	char *p = map_pages(16, true);
	int results[2], got[10];
	pid_t pid;

	if (pipe(results))
		bail("pipe");
	pid = fork();
	if (!pid) {
		pin_memlocked(p, got);
		_exit(write(results[1], got, sizeof(got)) != sizeof(got));
	}
	close(results[1]);
	waitpid(pid, NULL, 0);
	if (read(results[0], got, sizeof(got)) != sizeof(got))
		bail("child");
	is(got[0], 0, "RLIMIT_MEMLOCK of 10 pages: with CAP_IPC_LOCK 11 are pinned");
	is(got[1], 0, "  and unpinned");
	is(got[2], 0, "without CAP_IPC_LOCK");
	is(got[3], -ENOBUFS, "  not 11");
	is(got[4], 0, "  and none is counted");
	is(got[5], 0, "  8 are");
	is(got[6], -ENOBUFS, "  not 3 more");
	is(got[7], 0, "  2 more are");
	is(got[8], 0, "  unpin");
	is(got[9], 0, "  and none is counted");
	close(results[0]);
	unmap_pages(p, 16);
	nothing_held("after RLIMIT_MEMLOCK");
}

static void test_strict(void)
{
	uint64_t pfn = 0;
	struct pages pages;

	is(ask_with(LTPIN_CMD_PAGES, true, 0, NULL, 0), -EINVAL, "pages without PFNs");
	is(ask_with(LTPIN_CMD_PAGES, true, LTPIN_A_START_PFN, &pfn, 8), -EINVAL, "only a start");
	is(dump_pages(5, 5, 0, &pages), -EINVAL, "empty range");
	is(dump_pages(5, 4, 0, &pages), -EINVAL, "backward range");
	ok(dump_pages(0, 10, 1U << 31, &pages) < 0, "unknown filter");
	is(dump_pages(~0ULL - 1, ~0ULL, 0, &pages), 0, "past the end of memory");
	is(pages.nr, 0, "  has no pages");
	ok(ask_with(LTPIN_CMD_INFO, false, LTPIN_A_PAGES, &pfn, 8) < 0, "info with an attribute");
	ok(ask_with(LTPIN_CMD_INFO, false, 1000, &pfn, 8) < 0, "info with an unknown attribute");
	ok(ask_with(LTPIN_CMD_LIST, true, LTPIN_A_ID, &pfn, 4) < 0, "list with an attribute");
	ok(ask_with(LTPIN_CMD_AREAS, true, LTPIN_A_ID, &pfn, 4) < 0, "areas with an attribute");
	is(ask_with(LTPIN_CMD_LIST, false, 0, NULL, 0), -EOPNOTSUPP, "list is a dump");
	is(ask_with(LTPIN_CMD_FILE, false, 0, NULL, 0), -EINVAL, "file without a PFN");
	ok(ask_with(LTPIN_CMD_FILE, false, LTPIN_A_START_PFN, &pfn, 4) < 0, "file of half a PFN");
	ok(ask_with(LTPIN_CMD_FILE, false, LTPIN_A_END_PFN, &pfn, 8) < 0, "file of an end");
	is(ask_with(LTPIN_CMD_FILE, true, LTPIN_A_START_PFN, &pfn, 8), -EOPNOTSUPP,
	   "file is no dump");
	is(ask_with(LTPIN_CMD_MAX + 1, false, 0, NULL, 0), -EOPNOTSUPP, "unknown command");
}

static void test_unprivileged(void)
{
	uint32_t id = LTPIN_ID_ALL;
	struct pages pages;
	int results[2], got[11] = { 0 }, listener = open_listener();
	char record[sizeof(struct ltpin_blocker)];
	pid_t pid;

	if (pipe(results))
		bail("pipe");
	pid = fork();
	if (!pid) {
		if (setgid(NOBODY) || setuid(NOBODY))
			_exit(1);
		got[0] = pin(device, (char *)results, 1, 0, NULL, NULL);
		got[1] = request(device, LTPIN_IOC_UNPIN, &id);
		got[2] = open("/dev/" LTPIN_DEVICE, O_RDWR) < 0 ? -errno : 0;
		got[3] = ask_with(LTPIN_CMD_INFO, false, 0, NULL, 0);
		reopen_netlink();
		got[4] = ask_with(LTPIN_CMD_INFO, false, 0, NULL, 0);
		got[5] = ask_with(LTPIN_CMD_LIST, true, 0, NULL, 0);
		got[6] = dump_pages(0, 100, 0, &pages);
		got[7] = ask_with(LTPIN_CMD_AREAS, true, 0, NULL, 0);
		got[8] = listen_to(listener);
		got[9] = read(listener, record, sizeof(record)) < 0 ? -errno : 0;
		got[10] = get_file(area_base).err;
		_exit(write(results[1], got, sizeof(got)) != sizeof(got));
	}
	close(results[1]);
	waitpid(pid, NULL, 0);
	if (read(results[0], got, sizeof(got)) != sizeof(got))
		bail("child");
	is(got[0], -EPERM, "unprivileged: pin on an inherited descriptor");
	is(got[1], -EPERM, "unpin on an inherited descriptor");
	is(got[2], -EACCES, "open");
	is(got[3], -EPERM, "info on an inherited socket");
	is(got[4], -EPERM, "info");
	is(got[5], -EPERM, "list");
	is(got[6], -EPERM, "pages");
	is(got[7], -EPERM, "areas");
	is(got[8], -EPERM, "listen on an inherited descriptor");
	is(got[9], -EPERM, "read of an inherited listener");
	is(got[10], -EPERM, "file");
	if (listener >= 0)
		close(listener);
	close(results[0]);
}

void test_refusals(void)
{
	test_errors();
	test_bench_errors();
	test_limit();
	test_memlock();
	test_strict();
	test_unprivileged();
}
