// SPDX-License-Identifier: LGPL-2.1-or-later
/* Pins and allocates through /dev/ltpin, and explains why it refuses. */
#include "act/device/device.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#include "act/device/live.h"
#include "source/module/module.h"
#include "uapi/ltpin_ioctl.h"

#define PARAMETERS "/sys/module/" LTPIN_DEVICE "/parameters/"

int lt_device_open(void)
{
	int fd = lt_live_open("/dev/" LTPIN_DEVICE, O_RDWR);

	return fd == -ENXIO || fd == -ENODEV ? -ENOENT : fd;
}

static int request(int fd, unsigned long what, void *arg)
{
	return ioctl(fd, what, arg) < 0 ? -errno : 0;
}

/* The limit of all users of the module together. */
static void explain_quota(bool is_pin, struct lt_diag *diag)
{
	const char *name = is_pin ? "max_pages" : "max_alloc_pages";
	struct lt_module_info info;

	if (lt_module_info(&info, NULL))
		lt_diag_set(diag, "more than the module's %s allows: root raises " PARAMETERS "%s",
			    name, name);
	else
		lt_diag_set(diag,
			    "more than the module's %s allows (%" PRIu64 " pages, %" PRIu64
			    " in use): root raises " PARAMETERS "%s",
			    name, is_pin ? info.max_pages : info.max_alloc_pages,
			    is_pin ? info.nr_pinned : info.nr_allocated, name);
}

static void explain_memlock(struct lt_diag *diag)
{
	struct rlimit limit = { .rlim_cur = 0 };

	getrlimit(RLIMIT_MEMLOCK, &limit);
	lt_diag_set(
		diag,
		"over this process's limit of locked memory, RLIMIT_MEMLOCK: %llu KiB; raise it "
		"with `ulimit -l`, or give it CAP_IPC_LOCK",
		(unsigned long long)limit.rlim_cur / 1024);
}

void lt_device_explain(int err, bool is_pin, struct lt_diag *diag)
{
	if (err == -EDQUOT)
		explain_quota(is_pin, diag);
	else if (err == -ENOBUFS)
		explain_memlock(diag);
	else
		lt_diag_set(diag, "%s", strerror(-err));
}

int lt_device_pin(int fd, void *addr, uint32_t nr_pages, uint32_t flags, uint64_t *pfns,
		  uint32_t *id)
{
	struct ltpin_ioc_pin pin = {
		.addr = (uintptr_t)addr,
		.pfns = (uintptr_t)pfns,
		.nr_pages = nr_pages,
		.flags = flags,
	};
	int err = request(fd, LTPIN_IOC_PIN, &pin);

	if (!err)
		*id = pin.id;
	return err;
}

int lt_device_unpin(int fd, uint32_t id)
{
	return request(fd, LTPIN_IOC_UNPIN, &id);
}

int lt_device_alloc(int fd, uint32_t nr_pages, struct lt_range within, uint64_t *pfn, uint32_t *id)
{
	struct ltpin_ioc_alloc alloc = {
		.nr_pages = nr_pages,
		.base_pfn = within.start_pfn,
		.end_pfn = within.end_pfn,
	};
	int err = request(fd, LTPIN_IOC_ALLOC, &alloc);

	if (!err) {
		*pfn = alloc.pfn;
		*id = alloc.id;
	}
	return err;
}

int lt_device_release(int fd, uint32_t id)
{
	return request(fd, LTPIN_IOC_RELEASE, &id);
}

int lt_device_bench(int fd, unsigned long what, void *arg)
{
	return request(fd, what, arg);
}
