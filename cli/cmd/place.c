// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's rules are may_follow_link() and may_create_in_sticky() of fs/namei.c
 * (fs.protected_symlinks since 3.6, fs.protected_fifos and fs.protected_regular since 4.19).
 * All three are off by default and are turned on by an init that cares, which a device's seldom
 * is. The kernel looks at a link only where a path ends; here every link of the path counts.
 */
#include "cmd/place.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as the kernel */

struct walk {
	char done[PATH_MAX]; /* without links */
	char rest[PATH_MAX];
	size_t dir_len; /* of @done without its last component */
	unsigned int nr_links;
};

/* Move @len bytes of what is left to what is done. */
static int add_part(struct walk *walk, size_t len)
{
	size_t done = strlen(walk->done);

	if (done + len >= sizeof(walk->done))
		return -ENAMETOOLONG;
	memcpy(walk->done + done, walk->rest, len);
	walk->done[done + len] = '\0';
	memmove(walk->rest, walk->rest + len, strlen(walk->rest + len) + 1);
	return 0;
}

/* What its last component lies in; "." has no name here. */
static int look_at_dir(const struct walk *walk, struct stat *st, bool *is_proc)
{
	char path[PATH_MAX] = ".";
	struct statfs fs;

	if (walk->dir_len) {
		memcpy(path, walk->done, walk->dir_len);
		path[walk->dir_len] = '\0';
	}
	if (stat(path, st) || statfs(path, &fs))
		return -errno;
	*is_proc = fs.f_type == PROC_SUPER_MAGIC;
	return 0;
}

static bool is_strangers(const struct stat *st, const struct stat *dir)
{
	const mode_t shared = S_ISVTX | S_IWOTH;

	return (dir->st_mode & shared) == shared && st->st_uid != geteuid() &&
	       st->st_uid != dir->st_uid;
}

/* The link that @done ends with gives way to what it says. */
static int follow(struct walk *walk)
{
	char rest[PATH_MAX];
	ssize_t len = readlink(walk->done, rest, sizeof(rest));
	size_t rest_len = strlen(walk->rest);

	if (len < 0)
		return -errno;
	if (++walk->nr_links > LINKS_MAX)
		return -ELOOP;
	if ((size_t)len + rest_len >= sizeof(rest))
		return -ENAMETOOLONG;
	memcpy(rest + len, walk->rest, rest_len + 1);
	memcpy(walk->rest, rest, (size_t)len + rest_len + 1);
	walk->done[*rest == '/' ? 0 : walk->dir_len] = '\0';
	return 0;
}

/* One component. What cannot be looked at is not there: writing says so, or makes it. */
static int step(struct walk *walk, struct lt_diag *diag)
{
	int err = add_part(walk, strspn(walk->rest, "/"));
	bool is_last, is_proc = false;
	struct stat st, dir;

	walk->dir_len = strlen(walk->done);
	if (!err)
		err = add_part(walk, strcspn(walk->rest, "/"));
	if (err)
		return err;
	if (lstat(walk->done, &st) || look_at_dir(walk, &dir, &is_proc))
		return add_part(walk, strlen(walk->rest));
	is_last = !*walk->rest && !S_ISDIR(st.st_mode);
	if ((S_ISLNK(st.st_mode) || is_last) && is_strangers(&st, &dir)) {
		lt_diag_set(diag,
			    "%s belongs to somebody else, in a directory that everybody may "
			    "write to",
			    walk->done);
		return -EACCES;
	}
	return S_ISLNK(st.st_mode) && !is_proc ? follow(walk) : 0;
}

int place_find(const char *path, char **out, struct lt_diag *diag)
{
	struct walk walk = { 0 };
	int err = strlen(path) < sizeof(walk.rest) ? 0 : -ENAMETOOLONG;

	if (!err)
		strcpy(walk.rest, path);
	while (!err && *walk.rest)
		err = step(&walk, diag);
	if (err)
		return err;
	*out = strdup(walk.done);
	return *out ? 0 : -ENOMEM;
}
