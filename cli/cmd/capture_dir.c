// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the directory of `ltpin capture --dir`, which has its name only when it is complete. */
#include "cmd/capture_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0 if there is nothing called @path, or an empty directory, which renaming replaces. */
static int check_new(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int err = 0;

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			err = -ENOTEMPTY;
	closedir(dir);
	return err;
}

int capture_dir_check(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int err = parent ? check_new(path) : -ENOMEM;

	if (!err && access(parent, W_OK | X_OK))
		err = -errno;
	free(parent);
	return err;
}

/* Not remove(), which first tries what a confined process may not do to a directory. */
static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)ftw;
	return type == FTW_DP ? rmdir(path) : unlink(path);
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/*
 * 0 if @path still is the directory behind @fd, and ours: it may have been renamed meanwhile.
 * -EEXIST if not, another negative errno.
 */
static int check_ours(const char *path, int fd)
{
	struct stat named, locked;

	if (lstat(path, &named) || fstat(fd, &locked))
		return errno == ENOENT ? -EEXIST : -errno;
	return named.st_dev == locked.st_dev && named.st_ino == locked.st_ino &&
			       locked.st_uid == geteuid()
		       ? 0
		       : -EEXIST;
}

/* Nobody but who holds the lock of a directory removes it. */
static int remove_stale(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), err = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (flock(fd, LOCK_EX | LOCK_NB))
		err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (!err)
		err = check_ours(path, fd);
	if (!err)
		remove_tree(path);
	close(fd);
	return err;
}

/* Of another capture, which took ours for a stale one: that one removes it. */
static int lock_new(const char *path, int fd)
{
	int err;

	/* Where directories cannot be locked, nobody can mistake it for a stale one either. */
	if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		return -EBUSY;
	err = check_ours(path, fd);
	return err == -EEXIST ? -EBUSY : err;
}

static int make(const char *path, int *out)
{
	int fd, err;

	if (mkdir(path, 0700))
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	err = fd < 0 ? -errno : lock_new(path, fd);
	if (!err) {
		*out = fd;
		return 0;
	}
	if (err != -EBUSY)
		rmdir(path);
	if (fd >= 0)
		close(fd);
	return err;
}

int capture_dir_begin(const char *path, struct capture_dir *out)
{
	char *temp;
	int err, fd = -1;

	if (asprintf(&temp, "%s.ltpin-incomplete", path) < 0)
		return -ENOMEM;
	err = remove_stale(temp);
	if (!err)
		err = make(temp, &fd);
	if (err) {
		free(temp);
		return err;
	}
	*out = (struct capture_dir){ .path = path, .temp = temp, .fd = fd };
	return 0;
}

int capture_dir_commit(struct capture_dir *dir)
{
	if (rename(dir->temp, dir->path))
		return -errno;
	free(dir->temp);
	dir->temp = NULL;
	return 0;
}

void capture_dir_end(struct capture_dir *dir)
{
	if (dir->temp) {
		remove_tree(dir->temp);
		free(dir->temp);
		dir->temp = NULL;
	}
	close(dir->fd);
}
