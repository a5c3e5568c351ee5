// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Backend "gup_test": PIN_LONGTERM_TEST of the kernel's own test for
 * pin_user_pages() (mm/gup_test.c, CONFIG_GUP_TEST). In 6.12 and 7.2; the
 * gup_test of 6.1 has the benchmarks only, see backend_gup_benchmark.c.
 *
 * There is one set of pins in the whole system: a second START fails with
 * -EINVAL, and closing any descriptor of the file drops the pins of all. So two
 * cannot pin at once, and whoever else uses the file is disturbed.
 */
#include <errno.h>
#include <linux/ioctl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "act/backend/backend.h"
#include "act/device/live.h"

/* mm/gup_test.h */
struct pin_longterm_test {
	uint64_t addr, size;
	uint32_t flags;
};

#define PIN_LONGTERM_TEST_START _IOW('g', 7, struct pin_longterm_test)
#define PIN_LONGTERM_TEST_STOP _IO('g', 8)
#define PIN_LONGTERM_TEST_READ _IOW('g', 9, uint64_t)

#define PIN_LONGTERM_TEST_FLAG_USE_WRITE 1
#define PIN_LONGTERM_TEST_FLAG_USE_FAST 2

static int request(int fd, unsigned long what, const void *arg)
{
	return ioctl(fd, what, arg) ? -errno : 0;
}

/*
 * Without an argument START gets as far as to look for it only if nobody pins,
 * READ only if somebody does, and a kernel that has neither not at all.
 */
static int check(int fd, struct lt_diag *diag)
{
	if (request(fd, PIN_LONGTERM_TEST_START, NULL) == -EFAULT)
		return 0;
	if (request(fd, PIN_LONGTERM_TEST_READ, NULL) == -EFAULT) {
		lt_diag_set(diag, "somebody else holds pins through it");
		return -EBUSY;
	}
	lt_diag_set(diag, "its PIN_LONGTERM_TEST is not in this kernel (6.1 has none, 6.12 has)");
	return -EOPNOTSUPP;
}

static int open_gup_test(struct lt_diag *diag)
{
	int fd = lt_live_open_debugfs("gup_test", "CONFIG_GUP_TEST", diag), err;

	if (fd < 0)
		return fd;
	err = check(fd, diag);
	if (err)
		close(fd);
	return err ? err : fd;
}

static int pin(int fd, const struct lt_buffer *buffer, unsigned int flags, uint64_t *pfns)
{
	struct pin_longterm_test test = {
		.addr = (uintptr_t)buffer->addr,
		.size = buffer->nr_pages * buffer->page_size,
	};

	(void)pfns;
	if (flags & LT_PIN_WRITE)
		test.flags |= PIN_LONGTERM_TEST_FLAG_USE_WRITE;
	if (flags & LT_PIN_FAST)
		test.flags |= PIN_LONGTERM_TEST_FLAG_USE_FAST;
	return request(fd, PIN_LONGTERM_TEST_START, &test);
}

static int unpin(int fd)
{
	return request(fd, PIN_LONGTERM_TEST_STOP, NULL);
}

const struct lt_backend lt_backend_gup_test = {
	.name = "gup_test",
	.what = "PIN_LONGTERM_TEST of the kernel's gup_test; one pinner at a time",
	.backings = 1u << LT_BACKING_ANON | 1u << LT_BACKING_THP | 1u << LT_BACKING_MEMFD |
		    1u << LT_BACKING_FILE | 1u << LT_BACKING_HUGETLB,
	.can_read = true,
	.has_paths = true,
	.holds = true,
	.open = open_gup_test,
	.pin = pin,
	.unpin = unpin,
};
