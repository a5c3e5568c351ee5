// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Finds devices that a process which maps a held page has open: a driver may hold what it was given.
 * Drivers that pin without FOLL_LONGTERM exist (V4L2 of 5.10, tee, many of vendors), and none tells
 * what it holds.
 *
 * The driver is /sys/dev/char/MAJOR:MINOR/device/driver, where the device has one. Left out are
 * devices that do not look at memory of a process for longer than a call.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/array_size.h"
#include "source/process/hold.h"

/* Numbers that never change: Documentation/admin-guide/devices.txt. */
static const unsigned int majors_of_others[] = {
	1,   /* null, zero, random, ... */
	2,   /* pty */
	3,   /* tty of a pty */
	4,   /* tty */
	5,   /* tty, console */
	7,   /* vcs */
	13,  /* input */
	116, /* sound: ALSA has buffers of its own */
	189, /* USB: copies */
	128, /* pts */
	136, 137, 138, 139, 140, 141, 142, 143,
};

/* Beginnings of what others are called below /dev. */
static const char *const names_of_others[] = {
	"ashmem",  "bus/usb/", "dma_heap/", "hwrng",	    "usbmon",	      "autofs",
	"binder",  "console",  "cpu",	    "fuse",	    "gpiochip",	      "hidraw",
	"hpet",	   "hwbinder", "i2c-",	    "input/",	    "iio:",	      "kmsg",
	"kvm",	   "log",      "ltpin",	    "loop-control", "mapper/control", "mcelog",
	"net/tun", "nvram",    "ppp",	    "pps",	    "ptmx",	      "ptp",
	"pts/",	   "rfkill",   "rtc",	    "snapshot",	    "spidev",	      "tty",
	"uhid",	   "uinput",   "urandom",   "userfaultfd",  "vndbinder",      "watchdog",
};

static bool is_other(const char *path, unsigned int major)
{
	const char *name = path + strlen("/dev/");

	for (size_t i = 0; i < ARRAY_SIZE(majors_of_others); i++)
		if (major == majors_of_others[i])
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(names_of_others); i++)
		if (!strncmp(name, names_of_others[i], strlen(names_of_others[i])))
			return true;
	return false;
}

/* NULL where there is none, or the device has gone. 0 or -ENOMEM. */
static int find_driver(struct lt_hold_search *search, dev_t number, const char **out)
{
	char path[64], link[PATH_MAX];
	const char *name;
	ssize_t len;
	int dir;

	*out = NULL;
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/device", major(number), minor(number));
	dir = lt_root_openat(search->snap->root, path, O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		return 0;
	len = readlinkat(dir, "driver", link, sizeof(link) - 1);
	close(dir);
	if (len <= 0)
		return 0;
	link[len] = '\0';
	name = strrchr(link, '/') ? strrchr(link, '/') + 1 : link;
	*out = lt_strings_add(search->snap->strings, name, strlen(name));
	return *out ? 0 : -ENOMEM;
}

static bool has_hint(const struct lt_hold_search *search, const char *device)
{
	lt_vec_each(hint, &search->hints)
		if (hint->kind == LT_HINT_DEVICE && hint->pid == search->pid &&
		    hint->device == device)
			return true;
	return false;
}

static int look_at_descriptor(struct lt_hold_search *search, const char *fd, const char *link)
{
	struct lt_pin_hint hint = { .kind = LT_HINT_DEVICE };
	struct stat st;
	int err;

	if (!search->maps_page || strncmp(link, "/dev/", strlen("/dev/")) ||
	    fstatat(search->dir, fd, &st, 0) || !S_ISCHR(st.st_mode) ||
	    is_other(link, major(st.st_rdev)))
		return 0;
	hint.device = lt_strings_add(search->snap->strings, link, strlen(link));
	if (!hint.device)
		return -ENOMEM;
	if (has_hint(search, hint.device))
		return 0;
	err = find_driver(search, st.st_rdev, &hint.driver);
	return err ? err : lt_hold_add(search, &hint);
}

const struct lt_hold_kind lt_hold_device = { .descriptor = look_at_descriptor };
