// SPDX-License-Identifier: LGPL-2.1-or-later
/* Backend "module": pin_user_pages() by the helper module, in our own task. */
#include <errno.h>
#include <string.h>

#include "act/backend/backend.h"
#include "act/device/device.h"
#include "uapi/ltpin_ioctl.h"

static int open_module(struct lt_diag *diag)
{
	int fd = lt_device_open();

	if (fd == -ENOENT)
		lt_diag_set(diag, "not loaded (`ltpin module load`)");
	else if (fd < 0)
		lt_diag_set(diag, "/dev/" LTPIN_DEVICE ": %s", strerror(-fd));
	return fd;
}

static int pin(int fd, const struct lt_buffer *buffer, unsigned int flags, uint64_t *pfns)
{
	uint32_t how = LTPIN_PIN_LONGTERM, id;

	if (flags & LT_PIN_WRITE)
		how |= LTPIN_PIN_WRITE;
	if (flags & LT_PIN_FAST)
		how |= LTPIN_PIN_FAST;
	return lt_device_pin(fd, buffer->addr, (uint32_t)buffer->nr_pages, how, pfns, &id);
}

static int unpin(int fd)
{
	return lt_device_unpin(fd, LTPIN_ID_ALL);
}

const struct lt_backend lt_backend_module = {
	.name = "module",
	.what = "pin_user_pages(FOLL_LONGTERM) by the helper module",
	.backings = 1u << LT_BACKING_ANON | 1u << LT_BACKING_THP | 1u << LT_BACKING_MEMFD |
		    1u << LT_BACKING_FILE | 1u << LT_BACKING_HUGETLB,
	.can_read = true,
	.has_paths = true,
	.can_race = true,
	.tells_pfns = true,
	.holds = true,
	.open = open_module,
	.pin = pin,
	.unpin = unpin,
};
