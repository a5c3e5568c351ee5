// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads facts of the running system that an action needs. */
#include "act/device/live.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/root.h"

#define DEBUGFS "/sys/kernel/debug"

int lt_live_open(const char *path, int flags)
{
	struct lt_root *root;
	int fd = lt_root_open(NULL, &root);

	if (fd)
		return fd;
	fd = lt_root_openat(root, path, flags);
	lt_root_close(root);
	return fd;
}

bool lt_live_is_set(const char *path)
{
	int fd = lt_live_open(path, O_RDONLY);
	char first = '0';
	bool is_set;

	if (fd < 0)
		return false;
	is_set = read(fd, &first, 1) == 1 && first != '0';
	close(fd);
	return is_set;
}

/* Its directory is there without it, and belongs to sysfs then. */
static bool is_debugfs_mounted(void)
{
	int fd = lt_live_open(DEBUGFS, O_PATH | O_DIRECTORY);
	struct statfs fs;
	bool is_mounted;

	if (fd < 0)
		return false;
	is_mounted = !fstatfs(fd, &fs) && fs.f_type == DEBUGFS_MAGIC;
	close(fd);
	return is_mounted;
}

void lt_live_explain_debugfs(const char *path, int err, const char *config, struct lt_diag *diag)
{
	if (err == -EACCES || err == -EPERM)
		lt_diag_set(diag, "%s needs root", path);
	else if (err == -ENOENT && !is_debugfs_mounted())
		lt_diag_set(diag, "debugfs is not mounted: mount -t debugfs none " DEBUGFS);
	else if (err == -ENOENT)
		lt_diag_set(diag, "no %s (%s)", path, config);
	else
		lt_diag_set(diag, "%s: %s", path, strerror(-err));
}

int lt_live_open_debugfs(const char *name, const char *config, struct lt_diag *diag)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), DEBUGFS "/%s", name);
	fd = lt_live_open(path, O_RDWR);
	if (fd < 0)
		lt_live_explain_debugfs(path, fd, config, diag);
	return fd;
}
