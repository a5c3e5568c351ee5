// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ltpin_ioctl.h and ltpin_netlink.h promise, asked of the loaded module.
 *
 *   module_test [BASE_PFN END_PFN]
 *
 * The PFNs, of the default CMA area, are needed where there is no CMA debugfs;
 * the kernel's log has them: "cma: Reserved".
 *
 * Runs as root, alone: other users of the module, or of pins, disturb the
 * counters. Prints TAP. Needs no library, so that it can be linked statically
 * and taken to a device.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

/* So much of memory in pages, 256 MiB at most. */
static long long memory_share(unsigned int divisor)
{
	long long pages = number_in("/proc/meminfo", "MemTotal") * 1024 / page_size / divisor;
	long long most = (256LL << 20) / page_size;

	return pages < most ? pages : most;
}

static void test_info(void)
{
	struct info info = get_info();

	is(info.abi, LTPIN_GENL_VERSION, "ABI version");
	is(1LL << info.page_shift, page_size, "page shift");
	is(info.max_pages, memory_share(8), "default limit of pins: an eighth of memory");
	is(info.max_alloc_pages, memory_share(2), "of allocations: half of it");
	ok(info.version[0], "module version %s", info.version);
	ok(info.caps & LTPIN_CAP_ALLOC_CMA, "capabilities 0x%llx: CMA",
	   (unsigned long long)info.caps);
}

int main(int argc, char **argv)
{
	if (argc == 3) {
		area_base = strtoull(argv[1], NULL, 0);
		area_end = strtoull(argv[2], NULL, 0);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	prctl(PR_SET_NAME, "module_test");
	system_init();
	client_init();

	test_info();
	nothing_held("at the start");
	test_pins();
	test_allocations();
	test_areas();
	test_states();
	test_files();
	test_blockers();
	test_refusals();
	test_scarce();
	test_ends();
	return finish();
}
