// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct lt_root {
	int dirfd;
	bool live;
};

int lt_root_open(const char *dir, struct lt_root **out)
{
	struct lt_root *root = calloc(1, sizeof(*root));
	int err;

	if (!root)
		return -ENOMEM;
	root->live = !dir || !strcmp(dir, "/");
	root->dirfd = open(root->live ? "/" : dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root->dirfd < 0) {
		err = -errno;
		free(root);
		return err;
	}
	*out = root;
	return 0;
}

void lt_root_close(struct lt_root *root)
{
	if (!root)
		return;
	close(root->dirfd);
	free(root);
}

bool lt_root_is_live(const struct lt_root *root)
{
	return root->live;
}

/* Component by component without following symlinks, for kernels before 5.6. */
static int open_without_symlinks(int dirfd, const char *path, int flags)
{
	int at = dirfd, err = 0;

	while (!err) {
		const char *slash = strchr(path, '/');
		char name[NAME_MAX + 1];
		int fd;

		if (!slash)
			break;
		if ((size_t)(slash - path) >= sizeof(name)) {
			err = -ENAMETOOLONG;
			break;
		}
		memcpy(name, path, (size_t)(slash - path));
		name[slash - path] = '\0';
		path = slash + 1;
		if (!name[0] || !strcmp(name, "."))
			continue;
		if (!strcmp(name, "..")) {
			err = -EXDEV;
			break;
		}
		fd = openat(at, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
		err = fd < 0 ? -errno : 0;
		if (at != dirfd)
			close(at);
		at = fd;
	}
	if (!err) {
		int fd = strcmp(path, "..") ? openat(at, path, flags | O_NOFOLLOW) : -1;

		err = fd < 0 ? -errno : fd;
	}
	if (at >= 0 && at != dirfd)
		close(at);
	return err;
}

/* A FIFO or device node in a bundle must not be opened for reading. */
static int check_kind(int fd, bool directory)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	return (directory ? S_ISDIR(st.st_mode) : S_ISREG(st.st_mode)) ? 0 : -EINVAL;
}

static int open_captured(int dirfd, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned int)flags, .resolve = RESOLVE_IN_ROOT };
	int fd = (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
	int err = fd < 0 ? -errno : 0;

	if (err == -ENOSYS || err == -EPERM) {
		fd = open_without_symlinks(dirfd, path, flags);
		err = fd < 0 ? fd : 0;
	}
	if (!err)
		err = check_kind(fd, flags & O_DIRECTORY);
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

int lt_root_openat(const struct lt_root *root, const char *path, int flags)
{
	int fd;

	while (*path == '/')
		path++;
	if (!*path)
		path = ".";
	flags |= O_CLOEXEC;
	if (!root->live)
		return open_captured(root->dirfd, path, flags | O_NONBLOCK | O_NOCTTY);
	fd = openat(root->dirfd, path, flags);
	return fd < 0 ? -errno : fd;
}

int lt_fd_read(int fd, struct lt_buf *out)
{
	size_t len = 0, size = 16384;
	char *data = malloc(size);
	int err = data ? 0 : -ENOMEM;

	while (!err) {
		ssize_t n = read(fd, data + len, size - len - 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err = -errno;
		if (n <= 0)
			break;
		len += (size_t)n;
		if (len > LT_ROOT_READ_MAX) {
			err = -EFBIG;
		} else if (size - len < 4096) {
			char *grown = realloc(data, size * 2);

			err = grown ? 0 : -ENOMEM;
			data = grown ? grown : data;
			size *= 2;
		}
	}
	if (err) {
		free(data);
		return err;
	}
	data[len] = '\0';
	*out = (struct lt_buf){ .data = data, .len = len };
	return 0;
}

int lt_root_read(const struct lt_root *root, const char *path, struct lt_buf *out)
{
	int fd = lt_root_openat(root, path, O_RDONLY);
	int err;

	if (fd < 0)
		return fd;
	err = lt_fd_read(fd, out);
	close(fd);
	return err;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int collect_names(DIR *dir, char ***names, size_t *nr)
{
	struct dirent *entry;

	for (errno = 0; (entry = readdir(dir)); errno = 0) {
		char **grown;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		grown = reallocarray(*names, *nr + 1, sizeof(**names));
		if (!grown)
			return -ENOMEM;
		*names = grown;
		grown[*nr] = strdup(entry->d_name);
		if (!grown[*nr])
			return -ENOMEM;
		(*nr)++;
	}
	return -errno;
}

int lt_root_list(const struct lt_root *root, const char *path,
		 int (*each)(const char *name, void *arg), void *arg)
{
	int fd = lt_root_openat(root, path, O_RDONLY | O_DIRECTORY);
	char **names = NULL;
	size_t nr = 0;
	DIR *dir;
	int ret;

	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		ret = -errno;
		close(fd);
		return ret;
	}
	ret = collect_names(dir, &names, &nr);
	closedir(dir);
	if (nr)
		qsort(names, nr, sizeof(*names), by_bytes);
	for (size_t i = 0; i < nr && !ret; i++)
		ret = each(names[i], arg);
	for (size_t i = 0; i < nr; i++)
		free(names[i]);
	free(names);
	return ret;
}
