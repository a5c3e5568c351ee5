// SPDX-License-Identifier: LGPL-2.1-or-later
/* Opens the files of the running or captured system, and none outside of it. */
#include "base/root.h"

#include <ctype.h>
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

#include "base/archive.h"
#include "base/capture.h"
#include "base/errno_name.h"
#include "base/file.h"
#include "base/now.h"
#include "base/meta.h"
#include "base/vec.h"

struct user_name {
	char *path, *name;
	unsigned int line;
};

LT_VEC_OF(user_names, struct user_name);

struct lt_root {
	int dirfd; /* -1 for a bundle */
	bool live;
	struct lt_bundle *bundle;
	struct lt_bundle *overlay; /* files that stand before the others; NULL */
	struct lt_meta *meta;
	struct lt_diag meta_diag;   /* why it could not be read */
	struct lt_capture *capture; /* the caller's */
	struct user_names names;
};

static int open_bundle(int fd, struct lt_root *root, struct lt_diag *diag)
{
	int err = lt_bundle_new(NULL, &root->bundle);

	return err ? err : lt_archive_read(fd, root->bundle, diag);
}

/* What @fd is decides how it is read. */
static int open_captured_tree(int fd, struct lt_root *root, struct lt_diag *diag)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return open_bundle(fd, root, diag);
	root->dirfd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return root->dirfd < 0 ? -errno : 0;
}

/* Whether a file with that name is somebody else's, not one of ours that was cut or damaged. */
static bool is_foreign_meta(const struct lt_buf *buf, const struct lt_diag *diag)
{
	bool is_broken_json = buf->len && buf->data[0] == '{' && diag->line;

	return buf->len && !is_broken_json && !strstr(buf->data, "ltpin.meta/");
}

/*
 * A tree without one, or with a foreign one, is a tree all the same. One that is not whole is told:
 * it would say which files could not be read on the device.
 */
static int read_meta(struct lt_root *root)
{
	struct lt_meta meta;
	struct lt_buf buf = { 0 };
	int err = lt_root_read(root, LT_META_PATH, &buf);

	if (!err) {
		lt_diag_path(&root->meta_diag, LT_META_PATH);
		err = lt_meta_parse(buf.data, buf.len, &meta, &root->meta_diag);
		if (err == -EBADMSG && !is_foreign_meta(&buf, &root->meta_diag))
			lt_diag_mark_unread(&root->meta_diag);
		free(buf.data);
	} else {
		lt_diag_unread_file(&root->meta_diag, LT_META_PATH, err);
	}
	if (err)
		return err == -ENOMEM ? err : 0;
	root->meta = malloc(sizeof(meta));
	if (!root->meta) {
		lt_meta_fini(&meta);
		return -ENOMEM;
	}
	*root->meta = meta;
	return 0;
}

static struct lt_root *new_root(void)
{
	struct lt_root *root = calloc(1, sizeof(*root));

	if (root)
		root->dirfd = -1;
	return root;
}

static int open_live(struct lt_root **out)
{
	struct lt_root *root = new_root();
	int err;

	if (!root)
		return -ENOMEM;
	root->live = true;
	root->dirfd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root->dirfd < 0) {
		err = -errno;
		lt_root_close(root);
		return err;
	}
	*out = root;
	return 0;
}

int lt_root_open_fd(int fd, struct lt_root **out, struct lt_diag *diag)
{
	struct lt_root *root = new_root();
	int err = root ? open_captured_tree(fd, root, diag) : -ENOMEM;

	if (!err)
		err = read_meta(root);
	if (err) {
		lt_root_close(root);
		return err;
	}
	*out = root;
	return 0;
}

int lt_root_open_bundle(struct lt_bundle *bundle, struct lt_root **out)
{
	struct lt_root *root = new_root();
	int err = root ? 0 : -ENOMEM;

	if (root) {
		root->bundle = bundle;
		err = read_meta(root);
	} else {
		lt_bundle_free(bundle);
	}
	if (err) {
		lt_root_close(root);
		return err;
	}
	*out = root;
	return 0;
}

int lt_root_open_any(const char *path, struct lt_root **out, struct lt_diag *diag)
{
	int fd, err;

	if (!path || !strcmp(path, "/"))
		return open_live(out);
	fd = lt_file_open(path);
	if (fd < 0)
		return fd;
	err = lt_root_open_fd(fd, out, diag);
	close(fd);
	return err;
}

void lt_root_set_overlay(struct lt_root *root, struct lt_bundle *bundle)
{
	root->overlay = bundle;
}

void lt_root_close(struct lt_root *root)
{
	if (!root)
		return;
	if (root->dirfd >= 0)
		close(root->dirfd);
	lt_bundle_free(root->bundle);
	lt_bundle_free(root->overlay);
	if (root->meta)
		lt_meta_fini(root->meta);
	free(root->meta);
	lt_vec_each(name, &root->names) {
		free(name->path);
		free(name->name);
	}
	lt_vec_free(&root->names);
	free(root);
}

int lt_root_name_file(struct lt_root *root, const char *path, const char *name, unsigned int line)
{
	struct user_name *added = lt_vec_push(&root->names);

	if (!added)
		return -ENOMEM;
	*added = (struct user_name){ strdup(path), strdup(name), line };
	return added->path && added->name ? 0 : -ENOMEM;
}

void lt_root_name_in_diag(const struct lt_root *root, struct lt_diag *diag)
{
	lt_vec_each(name, &root->names) {
		if (strcmp(diag->path, name->path))
			continue;
		snprintf(diag->path, sizeof(diag->path), "%s", name->name);
		if (diag->line)
			diag->line = name->line ? diag->line + name->line - 1 : 0;
		if (!diag->line)
			diag->column = 0;
		return;
	}
}

bool lt_root_is_live(const struct lt_root *root)
{
	return root->live;
}

const struct lt_meta *lt_root_meta(const struct lt_root *root)
{
	return root->meta;
}

const char *lt_root_meta_unread(const struct lt_root *root)
{
	return root->meta_diag.unread[0] ? root->meta_diag.unread : NULL;
}

void lt_root_set_capture(struct lt_root *root, struct lt_capture *capture)
{
	root->capture = capture;
}

const struct lt_meta_file *lt_root_meta_file(const struct lt_root *root, const char *path)
{
	return root->meta ? lt_meta_find(root->meta, path) : NULL;
}

void lt_root_keep(const struct lt_root *root, const char *path, int err, const struct lt_buf *buf,
		  uint64_t start_ns)
{
	if (root->capture)
		lt_capture_add(root->capture, path, -err, err ? NULL : buf->data,
			       err ? 0 : buf->len, lt_now_ns() - start_ns);
}

FILE *lt_root_keep_begin(const struct lt_root *root, const char *path)
{
	return root->capture ? lt_capture_begin(root->capture, path) : NULL;
}

void lt_root_keep_end(const struct lt_root *root, int err, enum lt_extent extent)
{
	lt_capture_end(root->capture, err, extent);
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

/* A FIFO or device node in a captured tree must not be opened for reading. */
static int check_kind(int fd, bool directory)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	return (directory ? S_ISDIR(st.st_mode) : S_ISREG(st.st_mode)) ? 0 : -EINVAL;
}

/* A file of another kind is closed again. */
static int open_below(int dirfd, const char *path, int flags)
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

/*
 * To open a device may start it, and to open a FIFO lets its writer go on: so what it is, is known
 * before it is opened, by a descriptor that is for looking alone.
 */
static int open_captured(int dirfd, const char *path, int flags)
{
	int place, fd, err;
	char name[32];

	if (flags & O_DIRECTORY)
		return open_below(dirfd, path, flags);
	place = open_below(dirfd, path, O_PATH | O_CLOEXEC);
	if (place < 0)
		return place;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", place);
	fd = open(name, flags);
	err = fd < 0 ? -errno : fd;
	close(place);
	return err == -ENOENT ? open_below(dirfd, path, flags) : err; /* without /proc */
}

/* What the overlay says of a path that it has no file for. */
static bool is_elsewhere(int err)
{
	return err == -ENOENT || err == -EINVAL;
}

static int open_path(const struct lt_root *root, const char *path, int flags)
{
	int fd;

	while (*path == '/')
		path++;
	if (!*path)
		path = ".";
	flags |= O_CLOEXEC;
	if (root->overlay && !(flags & O_DIRECTORY)) {
		fd = lt_bundle_open(root->overlay, path);
		if (!is_elsewhere(fd))
			return fd;
	}
	if (root->bundle)
		return flags & O_DIRECTORY ? -EINVAL : lt_bundle_open(root->bundle, path);
	if (!root->live)
		return open_captured(root->dirfd, path, flags | O_NONBLOCK | O_NOCTTY);
	fd = openat(root->dirfd, path, flags);
	return fd < 0 ? -errno : fd;
}

/* @err, or what was told of @path when the system was captured, if it is not here. */
static int as_captured(const struct lt_root *root, const char *path, int err)
{
	const struct lt_meta_file *file = err == -ENOENT ? lt_root_meta_file(root, path) : NULL;

	if (file && file->is_dropped)
		return -LT_ELEFTOUT;
	return file && file->err ? -file->err : err;
}

/* Of the running system, what belongs to a process is not kept unasked. */
static bool is_kept(const struct lt_root *root, const char *path)
{
	bool is_of_process = !strncmp(path, "/proc/", 6) &&
			     (isdigit((unsigned char)path[6]) || !strncmp(path + 6, "self/", 5));

	return root->capture && !(root->live && is_of_process);
}

static bool is_stopped(const struct lt_root *root)
{
	return root->capture && lt_capture_is_stopped(root->capture);
}

int lt_root_openat(const struct lt_root *root, const char *path, int flags)
{
	int fd = is_stopped(root) ? -EINTR : as_captured(root, path, open_path(root, path, flags));

	if (fd < 0 && is_kept(root, path))
		lt_capture_add(root->capture, path, -fd, NULL, 0, 0);
	return fd;
}

bool lt_root_has_file(const struct lt_root *root, const char *path)
{
	int fd = lt_root_openat(root, path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
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

static int read_path(const struct lt_root *root, const char *path, struct lt_buf *out)
{
	int fd, err;

	if (root->overlay) {
		err = lt_bundle_read(root->overlay, path, out);
		if (!is_elsewhere(err))
			return err;
	}
	if (root->bundle)
		return as_captured(root, path, lt_bundle_read(root->bundle, path, out));
	fd = lt_root_openat(root, path, O_RDONLY);
	if (fd < 0)
		return fd;
	err = lt_fd_read(fd, out);
	close(fd);
	return err;
}

int lt_root_read(const struct lt_root *root, const char *path, struct lt_buf *out)
{
	uint64_t start_ns;
	int err;

	if (!is_kept(root, path))
		return read_path(root, path, out);
	start_ns = lt_now_ns();
	err = read_path(root, path, out);
	lt_capture_add(root->capture, path, -err, err ? NULL : out->data, err ? 0 : out->len,
		       lt_now_ns() - start_ns);
	return err;
}

LT_VEC_OF(names, char *);

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_name(const char *name, void *arg)
{
	char *copy = strdup(name);
	char **slot = copy ? lt_vec_push((struct names *)arg) : NULL;

	if (!slot) {
		free(copy);
		return -ENOMEM;
	}
	*slot = copy;
	return 0;
}

static int collect_names(DIR *dir, struct names *names)
{
	struct dirent *entry;
	int err = 0;

	for (errno = 0; !err && (entry = readdir(dir)); errno = 0)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			err = add_name(entry->d_name, names);
	return err ? err : -errno;
}

static int list_dir(const struct lt_root *root, const char *path, struct names *names)
{
	int fd = lt_root_openat(root, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int err = fd < 0 ? fd : dir ? collect_names(dir, names) : -errno;

	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	return err;
}

/* What opening a directory fails with if it is none, or a captured tree leads elsewhere. */
static bool is_no_dir(int err)
{
	return err == -ENOENT || err == -ENOTDIR || err == -EINVAL || err == -ELOOP ||
	       err == -EXDEV;
}

int lt_root_find_dir(const struct lt_root *root, const char *path)
{
	int fd;

	if (root->overlay && lt_bundle_has_dir(root->overlay, path))
		return 1;
	if (root->bundle)
		return lt_bundle_has_dir(root->bundle, path);
	fd = open_path(root, path, O_RDONLY | O_DIRECTORY);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || fd == -EACCES || fd == -EPERM)
		return 1;
	return is_no_dir(fd) ? 0 : fd;
}

static int list_tree(const struct lt_root *root, const char *path, struct names *names)
{
	if (!root->bundle)
		return list_dir(root, path, names);
	return as_captured(root, path, lt_bundle_list(root->bundle, path, add_name, names));
}

int lt_root_list(const struct lt_root *root, const char *path,
		 int (*each)(const char *name, void *arg), void *arg)
{
	struct names names = { 0 };
	int ret = list_tree(root, path, &names);

	if (ret == -ENOENT && root->overlay)
		ret = lt_bundle_list(root->overlay, path, add_name, &names);
	if (is_kept(root, path))
		lt_capture_add_dir(root->capture, path, -ret);
	if (!ret && names.nr)
		qsort(names.v, names.nr, sizeof(*names.v), by_bytes);
	for (size_t i = 0; i < names.nr && !ret; i++)
		ret = each(names.v[i], arg);
	lt_vec_each(name, &names)
		free(*name);
	lt_vec_free(&names);
	return ret;
}
