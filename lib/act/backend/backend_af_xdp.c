// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Backend "af_xdp": the packet memory of an AF_XDP socket (XDP_UMEM_REG, 4.18
 * and later, CONFIG_XDP_SOCKETS), pinned by pin_user_pages() until the socket
 * is closed. No device and no program is attached to it.
 *
 * The kernel drops these pins from a work queue, some time after the close:
 * counters of pins settle a moment later than with the others.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_xdp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "act/backend/backend.h"

/* The smallest chunk that the kernel takes; nothing is ever put into one. */
#define CHUNK_SIZE 2048

static int open_socket(void)
{
	int fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

static int open_af_xdp(struct lt_diag *diag)
{
	int fd = open_socket();

	if (fd == -EAFNOSUPPORT)
		lt_diag_set(diag, "not in this kernel (CONFIG_XDP_SOCKETS)");
	else if (fd == -EPERM)
		lt_diag_set(diag, "needs root (CAP_NET_RAW)");
	else if (fd < 0)
		lt_diag_set(diag, "socket(AF_XDP): %s", strerror(-fd));
	return fd;
}

static int pin(int fd, const struct lt_buffer *buffer, unsigned int flags, uint64_t *pfns)
{
	struct xdp_umem_reg umem = {
		.addr = (uintptr_t)buffer->addr,
		.len = buffer->nr_pages * buffer->page_size,
		.chunk_size = CHUNK_SIZE,
	};

	(void)flags; /* always for writing */
	(void)pfns;
	return setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)) ? -errno : 0;
}

/* A socket keeps its memory for life: a new one takes its place. */
static int unpin(int fd)
{
	int fresh = open_socket(), err;

	if (fresh < 0)
		return fresh;
	err = dup3(fresh, fd, O_CLOEXEC) < 0 ? -errno : 0;
	close(fresh);
	return err;
}

const struct lt_backend lt_backend_af_xdp = {
	.name = "af_xdp",
	.what = "packet memory of an AF_XDP socket",
	.backings = 1u << LT_BACKING_ANON | 1u << LT_BACKING_THP | 1u << LT_BACKING_MEMFD |
		    1u << LT_BACKING_FILE | 1u << LT_BACKING_HUGETLB,
	.can_race = true,
	.holds = true,
	.open = open_af_xdp,
	.pin = pin,
	.unpin = unpin,
};
