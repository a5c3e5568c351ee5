// SPDX-License-Identifier: LGPL-2.1-or-later
#include "act/device/device.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>

#include "act/device/live.h"
#include "uapi/ltpin_ioctl.h"

int lt_device_open(void)
{
	int fd = lt_live_open("/dev/" LTPIN_DEVICE, O_RDWR);

	return fd == -ENXIO || fd == -ENODEV ? -ENOENT : fd;
}

static int request(int fd, unsigned long what, void *arg)
{
	return ioctl(fd, what, arg) < 0 ? -errno : 0;
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
