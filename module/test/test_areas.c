// SPDX-License-Identifier: GPL-2.0-only
/* CMA areas: what the module knows of them, and allocations from the one that has a page. */
#include <errno.h>

#include "client.h"
#include "system.h"
#include "tap.h"
#include "tests.h"

static void test_absence(void)
{
	struct areas areas = { 0 };

	is(get_areas(&areas), -EOPNOTSUPP, "areas: not known here, not told");
	is(areas.nr, 0, "  none at all");
}

static void test_list(void)
{
	struct areas areas = { .wanted = area_base };

	is(get_areas(&areas), 0, "areas are told");
	ok(areas.nr > 0, "%u areas", areas.nr);
	is(areas.nr_nameless, 0, "each has a name");
	is(areas.nr_wrong, 0, "each is as large as its runs");
	is(areas.base, area_base, "the default one begins where it does");
	is(areas.end, area_end, "and ends there");
}

/* A PFN outside of all areas names none: the default one is asked, in vain. */
static void test_edges(void)
{
	uint64_t pfn = 0;

	is(alloc(device, 1, area_base, area_end, &pfn, NULL), 0, "named by its first page");
	ok(in_area(pfn), "  served from it");
	is(alloc(device, 2, area_end - 1, area_end + 1, &pfn, NULL), -ENXIO,
	   "named by its last page, but not in the range");
	is(alloc(device, 1, area_end, area_end + 1, &pfn, NULL), -ENXIO, "past the end");
	is(release(device, LTPIN_ID_ALL), 0, "release");
	nothing_held("after areas");
}

void test_areas(void)
{
	if (!(get_info().caps & LTPIN_CAP_AREAS)) {
		test_absence();
		return;
	}
	test_list();
	test_edges();
}
