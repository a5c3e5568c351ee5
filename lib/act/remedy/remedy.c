// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Does what may free pages of an area.
 *
 * cma_alloc() itself drops clean file data and empties the batches and lists of all processors, but
 * for the window that it tries, and it does not wait for what is dirty.
 *
 * The batches: MADV_COLLAPSE (6.1, CONFIG_TRANSPARENT_HUGEPAGE) calls lru_add_drain_all() first, and
 * so does writing to compact_memory. Nothing else that a process may ask for does that and no more.
 */
#include "act/remedy/remedy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source/number.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

static int write_one(const struct lt_root *root, const char *path, const char *config,
		     struct lt_diag *diag)
{
	int fd = lt_root_openat(root, path, O_WRONLY), err = 0;

	if (fd == -ENOENT) {
		lt_diag_set(diag, "this kernel has no %s (%s)", path, config);
		return -EOPNOTSUPP;
	}
	if (fd < 0) {
		lt_diag_set(diag, "cannot open %s: %s", path, strerror(-fd));
		return fd;
	}
	if (write(fd, "1\n", 2) != 2) {
		err = errno ? -errno : -EIO;
		lt_diag_set(diag, "cannot write to %s: %s", path, strerror(-err));
	}
	close(fd);
	return err;
}

static int no_drain(struct lt_diag *diag)
{
	lt_diag_set(diag, "this kernel has no MADV_COLLAPSE (6.1, CONFIG_TRANSPARENT_HUGEPAGE); "
			  "compact and retry empty the batches too");
	return -EOPNOTSUPP;
}

/*
 * Memory of our own where a huge page would have room, with a page in it: without one the kernel
 * refuses. Of it a part that has no room for a huge page: so the batches are emptied, and nothing is
 * looked for nor made.
 */
static int drain(const struct lt_root *root, struct lt_diag *diag)
{
	struct lt_num huge;
	char *own, *aligned;
	size_t size;
	int err = 0;

	if (lt_number_read(root, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", &huge,
			   NULL) ||
	    !huge.val || huge.val > SIZE_MAX / 4 || huge.val & (huge.val - 1))
		return no_drain(diag);
	size = (size_t)huge.val;
	own = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (own == MAP_FAILED)
		return -errno;
	*(volatile char *)own = 1;
	aligned = own + (size - (uintptr_t)own % size) % size;
	if (madvise(aligned, (size_t)sysconf(_SC_PAGESIZE), MADV_COLLAPSE))
		err = -errno;
	munmap(own, 2 * size);
	return err == -EINVAL ? no_drain(diag) : err;
}

int lt_remedy_apply(const struct lt_root *root, enum lt_remedy remedy, struct lt_diag *diag)
{
	switch (remedy) {
	case LT_REMEDY_SYNC:
		sync();
		return 0;
	case LT_REMEDY_DROP_CACHES:
		return write_one(root, "/proc/sys/vm/drop_caches", "CONFIG_SYSCTL", diag);
	case LT_REMEDY_COMPACT:
		return write_one(root, "/proc/sys/vm/compact_memory", "CONFIG_COMPACTION", diag);
	case LT_REMEDY_DRAIN:
		return drain(root, diag);
	default:
		return -EINVAL;
	}
}
