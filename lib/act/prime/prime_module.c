// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Primer "module": contiguous allocations through the helper module, released
 * together: single pages where the module can have these from CMA, which is
 * wherever it finds the areas, and on 6.19 and newer. Else blocks of two, which
 * older kernels free page by page, so that both are put on the list.
 */
#include <errno.h>
#include <string.h>

#include "act/device/device.h"
#include "act/prime/prime.h"
#include "source/module/module.h"
#include "uapi/ltpin_ioctl.h"
#include "uapi/ltpin_netlink.h"

/* Which area is the default one is not told: the first that gives something. */
static int find_area(struct lt_prime *prime, const struct lt_areas *areas)
{
	uint64_t pfn;
	uint32_t id;
	int err = -ENOENT;

	lt_vec_each(area, areas) {
		if (!area->ranges.nr)
			continue;
		prime->within = lt_area_hull(area);
		err = lt_device_alloc(prime->fd, prime->block, prime->within, &pfn, &id);
		if (!err)
			return lt_device_release(prime->fd, id);
	}
	return err;
}

static int open_module(struct lt_prime *prime, const struct lt_areas *areas, struct lt_diag *diag)
{
	struct lt_module_info info;
	int err;

	prime->fd = lt_device_open();
	if (prime->fd < 0) {
		lt_diag_set(diag, "the helper module is %s",
			    prime->fd == -ENOENT ? "not loaded" : "not for this user");
		return prime->fd;
	}
	prime->block = 2;
	if (!lt_module_info(&info, NULL) && info.caps & (LTPIN_CAP_AREAS | LTPIN_CAP_ALLOC_SINGLE))
		prime->block = 1;
	err = find_area(prime, areas);
	if (err)
		lt_diag_set(diag, "the helper module gets no pages from CMA (%s)", strerror(-err));
	return err;
}

static int run_module(struct lt_prime *prime, uint32_t nr_pages)
{
	uint32_t got = 0, id;
	uint64_t pfn;
	int err = 0;

	while (got < nr_pages && !err) {
		err = lt_device_alloc(prime->fd, prime->block, prime->within, &pfn, &id);
		if (!err)
			got += prime->block;
	}
	lt_device_release(prime->fd, LTPIN_ID_ALL);
	return got ? 0 : err;
}

static int alloc_module(struct lt_prime *prime, uint32_t nr_pages)
{
	uint64_t pfn;
	uint32_t id;
	int err = lt_device_alloc(prime->fd, nr_pages, prime->within, &pfn, &id);

	return err ? err : lt_device_release(prime->fd, id);
}

const struct lt_primer lt_primer_module = {
	.name = "module",
	.what = "contiguous allocations of the helper module",
	.open = open_module,
	.run = run_module,
	.alloc = alloc_module,
};
