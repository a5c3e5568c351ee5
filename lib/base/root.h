/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ROOT_H
#define LT_BASE_ROOT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The tree that kernel files are read from: the running system, or a captured
 * directory. The only place that opens kernel paths. In a captured tree every
 * lookup stays below the directory, symlinks included (openat2 with
 * RESOLVE_IN_ROOT; where the kernel lacks it, symlinks are refused), and only
 * regular files are opened, so that a bundle can neither point outside nor
 * make a read block.
 */
struct lt_root;

/* File contents; @data is malloc'ed, with a NUL past @len for convenience. */
struct lt_buf {
	char *data;
	size_t len;
};

/* Larger files than this are never a snapshot of one kernel table. */
#define LT_ROOT_READ_MAX ((size_t)64 * 1024 * 1024)

/**
 * lt_root_open() - @dir NULL or "/" is the running system
 *
 * Return: 0, or negative errno.
 */
int lt_root_open(const char *dir, struct lt_root **out);
void lt_root_close(struct lt_root *root);

/* Whether this is the running system, so that syscalls tell of it too. */
bool lt_root_is_live(const struct lt_root *root);

/**
 * lt_root_openat() - open a kernel path
 * @path:  absolute as the kernel names it, e.g. "/proc/zoneinfo"
 * @flags: as open(2); O_CLOEXEC is added
 *
 * Return: a descriptor the caller closes, or negative errno. -ELOOP or -EXDEV
 * when the captured tree tried to point elsewhere, -EINVAL for anything there
 * that is neither regular file nor (with O_DIRECTORY) directory.
 */
int lt_root_openat(const struct lt_root *root, const char *path, int flags);

/**
 * lt_root_read() - read a whole file, to EOF (st_size is 0 in procfs)
 * @out: filled on success; caller frees @out->data
 *
 * Return: 0, or negative errno; -EFBIG past LT_ROOT_READ_MAX.
 */
int lt_root_read(const struct lt_root *root, const char *path, struct lt_buf *out);

/**
 * lt_root_list() - call @each for every entry but "." and ".."
 * @each: returns 0 to go on, anything else to stop with that value
 *
 * Entries come sorted by bytes, so that reports do not depend on readdir.
 *
 * Return: 0, what @each stopped with, or negative errno.
 */
int lt_root_list(const struct lt_root *root, const char *path,
		 int (*each)(const char *name, void *arg), void *arg);

/* Read an open descriptor to EOF; as lt_root_read(). */
int lt_fd_read(int fd, struct lt_buf *out);

#endif
