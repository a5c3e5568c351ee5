// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Backend "gup_benchmark": PIN_LONGTERM_BENCHMARK, which pins and unpins in one
 * ioctl. In 5.10 it is in mm/gup_benchmark.c (CONFIG_GUP_BENCHMARK); 6.1, 6.12
 * and 7.2 have it, under another number and with another argument, in
 * mm/gup_test.c (CONFIG_GUP_TEST).
 *
 * The newer one warns with a stack when a page that it pinned may not be pinned
 * for long: a kernel that breaks its promise is tainted by this backend, and
 * with kernel.panic_on_warn stopped. So it is the last choice, and none there.
 */
#include <errno.h>
#include <linux/ioctl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "act/backend/backend.h"
#include "act/device/live.h"

/* mm/gup_benchmark.c of 5.10 */
struct gup_benchmark {
	uint64_t get_delta_usec, put_delta_usec;
	uint64_t addr, size;
	uint32_t nr_pages_per_call, flags;
	uint64_t expansion[10];
};

/* mm/gup_test.h */
struct gup_test {
	uint64_t get_delta_usec, put_delta_usec;
	uint64_t addr, size;
	uint32_t nr_pages_per_call, gup_flags, test_flags;
	uint32_t which_pages[8];
};

#define BENCHMARK_OLD _IOWR('g', 5, struct gup_benchmark)
#define BENCHMARK_NEW _IOWR('g', 3, struct gup_test)

/* The same in all kernels that we know. */
#define FOLL_WRITE 1u

static int request(int fd, unsigned long what, void *arg)
{
	return ioctl(fd, what, arg) ? -errno : 0;
}

/* Without an argument a number that is known fails with -EFAULT. */
static bool is_new(int fd)
{
	return request(fd, BENCHMARK_NEW, NULL) == -EFAULT;
}

static int open_gup_benchmark(struct lt_diag *diag)
{
	int fd = lt_live_open_debugfs("gup_benchmark", "", NULL);

	if (fd >= 0)
		return fd;
	fd = lt_live_open_debugfs("gup_test", "CONFIG_GUP_TEST, before 5.11 CONFIG_GUP_BENCHMARK",
				  diag);
	if (fd >= 0 && lt_live_is_set("/proc/sys/kernel/panic_on_warn")) {
		close(fd);
		lt_diag_set(diag, "would stop a kernel that breaks its promise "
				  "(sysctl kernel.panic_on_warn)");
		return -EBUSY;
	}
	return fd;
}

/*
 * Page by page, all of them held until the end: the kernel does not tell if a
 * call pinned only some of its pages, and those that it left out would look as
 * if the pin had left them where they were.
 */
static int pin(int fd, const struct lt_buffer *buffer, unsigned int flags, uint64_t *pfns)
{
	uint64_t size = buffer->nr_pages * buffer->page_size;
	struct gup_benchmark old = {
		.addr = (uintptr_t)buffer->addr,
		.size = size,
		.nr_pages_per_call = 1,
		.flags = flags & LT_PIN_WRITE ? FOLL_WRITE : 0,
	};
	struct gup_test new = {
		.addr = old.addr,
		.size = size,
		.nr_pages_per_call = 1,
		.gup_flags = old.flags,
	};
	int err;

	(void)pfns;
	err = is_new(fd) ? request(fd, BENCHMARK_NEW, &new) : request(fd, BENCHMARK_OLD, &old);
	if (err)
		return err;
	/* Why it stopped early is not told either. */
	return (is_new(fd) ? new.size : old.size) == size ? 0 : -EFAULT;
}

/* They are gone already. */
static int unpin(int fd)
{
	(void)fd;
	return 0;
}

const struct lt_backend lt_backend_gup_benchmark = {
	.name = "gup_benchmark",
	.what = "PIN_LONGTERM_BENCHMARK of the kernel's gup_test or gup_benchmark; does not hold",
	.backings = 1u << LT_BACKING_ANON | 1u << LT_BACKING_THP | 1u << LT_BACKING_MEMFD |
		    1u << LT_BACKING_FILE | 1u << LT_BACKING_HUGETLB,
	.can_read = true,
	.can_race = true,
	.open = open_gup_benchmark,
	.pin = pin,
	.unpin = unpin,
};
