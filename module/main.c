// SPDX-License-Identifier: GPL-2.0-only
/* Loading and unloading. What the module is for: README.md. */
#include <linux/module.h>

#include "ltpin.h"

static int __init lt_init(void)
{
	int err;

	lt_holds_init();
	err = lt_scan_init();
	if (err)
		return err;
	err = lt_alloc_init();
	if (err)
		goto no_alloc;
	/* Extras, from here to netlink: without one of them the module does the rest. */
	lt_areas_init();
	lt_bench_init();
	err = lt_netlink_init();
	if (err)
		goto no_netlink;
	err = lt_device_init();
	if (err)
		goto no_device;
	lt_attempts_init();
	lt_blockers_init();
	return 0;

no_device:
	lt_netlink_exit();
no_netlink:
	lt_areas_exit();
	lt_alloc_exit();
no_alloc:
	lt_scan_exit();
	return err;
}

/*
 * Open descriptors and running dumps hold a reference on the module, so
 * nothing is pinned or allocated any more when this runs.
 */
static void __exit lt_exit(void)
{
	lt_blockers_exit();
	lt_attempts_exit();
	lt_device_exit();
	lt_netlink_exit();
	lt_areas_exit();
	lt_alloc_exit();
	lt_scan_exit();
}

module_init(lt_init);
module_exit(lt_exit);

MODULE_DESCRIPTION("Pins pages, allocates from CMA and reports page states for ltpin(1)");
MODULE_AUTHOR("The ltpin authors");
MODULE_LICENSE("GPL v2");
MODULE_VERSION(LTPIN_MODULE_VERSION);
/* No alias for the family: asking whether it exists must not load us. */
