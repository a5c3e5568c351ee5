// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Backend "udmabuf": /dev/udmabuf (CONFIG_UDMABUF) makes a dma-buf of a memfd.
 * In 6.12 and 7.2 it pins the pages through memfd_pin_folios(), a path of its
 * own beside pin_user_pages(). In 5.10 and 6.1 it takes plain references, which
 * promise nothing: whether pins are counted tells which it is.
 *
 * The pins last as long as the dma-buf, whose descriptor takes the place of the
 * device's until it is unpinned.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "act/backend/backend.h"
#include "act/device/live.h"
#include "act/device/pin_counters.h"

#define DEVICE "/dev/udmabuf"

/*
 * Each CPU keeps up to 125 counted pins to itself, unless it is asked to fold
 * them in, which takes root. Of so many some must show.
 */
#define NR_PROBE 256

/* Put @fd, which may be negative errno, in the place of @place. */
static int replace(int place, int fd)
{
	int err;

	if (fd < 0)
		return fd;
	err = dup3(fd, place, O_CLOEXEC) < 0 ? -errno : 0;
	close(fd);
	return err;
}

/* A descriptor of the dma-buf, or negative errno. */
static int create(int device, int memfd, uint64_t size)
{
	struct udmabuf_create request = {
		.memfd = (uint32_t)memfd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = size,
	};
	int fd;

	/* Its size has to be for good. */
	if (fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		return -errno;
	fd = ioctl(device, UDMABUF_CREATE, &request);
	return fd < 0 ? -errno : fd;
}

/* Make a buffer of @size, and whether the kernel counts it as pinned. */
static int probe(int device, int memfd, uint64_t size, bool *is_pinned)
{
	struct lt_pin_counters before, after;
	struct lt_num pinned;
	int err = ftruncate(memfd, (off_t)size) ? -errno : lt_pin_counters_read(true, &before);
	int fd;

	if (err)
		return err;
	fd = create(device, memfd, size);
	if (fd < 0)
		return fd;
	err = lt_pin_counters_read(true, &after);
	close(fd);
	if (err)
		return err;
	pinned = lt_num_sub(after.acquired, before.acquired);
	*is_pinned = pinned.known && pinned.val >= NR_PROBE / 2;
	return 0;
}

static int calibrate(int device, struct lt_diag *diag)
{
	uint64_t size = NR_PROBE * (uint64_t)sysconf(_SC_PAGESIZE);
	int memfd = memfd_create("ltpin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	bool is_pinned = false;
	int err;

	if (memfd < 0)
		return -errno;
	err = probe(device, memfd, size, &is_pinned);
	close(memfd);
	if (err)
		lt_diag_set(diag, "no buffer could be made: %s", strerror(-err));
	else if (!is_pinned)
		lt_diag_set(diag, "takes plain references on this kernel, no long-term pins "
				  "(6.1 has none, 6.12 has)");
	return err || is_pinned ? err : -EOPNOTSUPP;
}

static int open_udmabuf(struct lt_diag *diag)
{
	int fd = lt_live_open(DEVICE, O_RDWR), err;

	if (fd == -ENOENT || fd == -ENODEV || fd == -ENXIO)
		lt_diag_set(diag, "no " DEVICE " (CONFIG_UDMABUF)");
	else if (fd == -EACCES || fd == -EPERM)
		lt_diag_set(diag, DEVICE " is not for this user");
	else if (fd < 0)
		lt_diag_set(diag, DEVICE ": %s", strerror(-fd));
	if (fd < 0)
		return fd;
	err = calibrate(fd, diag);
	if (err)
		close(fd);
	return err ? err : fd;
}

/* Pages that were in the file only, so that pagemap shows where they are. */
static void map_in(const struct lt_buffer *buffer)
{
	for (size_t i = 0; i < buffer->nr_pages; i++)
		(void)((const volatile char *)buffer->addr)[i * buffer->page_size];
}

static int pin(int fd, const struct lt_buffer *buffer, unsigned int flags, uint64_t *pfns)
{
	int err;

	(void)flags; /* it knows no difference */
	(void)pfns;
	if (buffer->fd < 0)
		return -EOPNOTSUPP;
	err = replace(fd, create(fd, buffer->fd, buffer->nr_pages * buffer->page_size));
	if (!err)
		map_in(buffer);
	return err;
}

static int unpin(int fd)
{
	return replace(fd, lt_live_open(DEVICE, O_RDWR));
}

const struct lt_backend lt_backend_udmabuf = {
	.name = "udmabuf",
	.what = "memfd_pin_folios() by way of " DEVICE,
	.backings = 1u << LT_BACKING_MEMFD | 1u << LT_BACKING_HUGETLB,
	.can_race = true,
	.holds = true,
	.open = open_udmabuf,
	.pin = pin,
	.unpin = unpin,
};
