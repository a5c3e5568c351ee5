// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Backend "io_uring": registered buffers (IORING_REGISTER_BUFFERS, 5.1 and
 * later) are pinned with FOLL_LONGTERM until they are unregistered or the ring
 * is closed. Needs no module; an unprivileged user is held to RLIMIT_MEMLOCK.
 */
#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "act/backend/backend.h"
#include "act/device/live.h"

/* The smallest ring; nothing is ever submitted to it. */
#define NR_ENTRIES 1

static int open_ring(struct lt_diag *diag)
{
	struct io_uring_params params = { 0 };
	int fd = (int)syscall(SYS_io_uring_setup, NR_ENTRIES, &params);
	int err = fd < 0 ? -errno : 0;

	if (err == -ENOSYS)
		lt_diag_set(diag, "not in this kernel (CONFIG_IO_URING)");
	else if (err == -EPERM && lt_live_is_set("/proc/sys/kernel/io_uring_disabled")) /* 6.6 */
		lt_diag_set(diag, "switched off (sysctl kernel.io_uring_disabled)");
	else if (err == -ENOMEM)
		lt_diag_set(diag, "no memory for a ring; one counts in RLIMIT_MEMLOCK (ulimit -l)");
	else if (err)
		lt_diag_set(diag, "io_uring_setup: %s", strerror(-err));
	return err ? err : fd;
}

static int pin(int fd, const struct lt_buffer *buffer, unsigned int flags, uint64_t *pfns)
{
	struct iovec iov = { buffer->addr, buffer->nr_pages * buffer->page_size };

	(void)flags; /* always for writing */
	(void)pfns;
	return syscall(SYS_io_uring_register, fd, IORING_REGISTER_BUFFERS, &iov, 1) ? -errno : 0;
}

static int unpin(int fd)
{
	return syscall(SYS_io_uring_register, fd, IORING_UNREGISTER_BUFFERS, NULL, 0) ? -errno : 0;
}

const struct lt_backend lt_backend_io_uring = {
	.name = "io_uring",
	.what = "registered buffers of io_uring",
	.backings = 1u << LT_BACKING_ANON | 1u << LT_BACKING_THP | 1u << LT_BACKING_MEMFD |
		    1u << LT_BACKING_HUGETLB,
	.can_race = true,
	.holds = true,
	.open = open_ring,
	.pin = pin,
	.unpin = unpin,
};
