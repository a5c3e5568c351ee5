/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ROOT_H
#define LT_BASE_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/meta.h"

/*
 * The tree that kernel files are read from: the running system, a captured
 * directory, or a bundle. The only place that opens kernel paths. In a captured
 * directory every lookup stays below it, symlinks included (openat2 with
 * RESOLVE_IN_ROOT; where the kernel lacks it, symlinks are refused), and only
 * regular files are opened, so that it can neither point outside nor make a
 * read block. A file that META says could not be read fails here as it did
 * there.
 */
struct lt_root;
struct lt_bundle;
struct lt_capture;

/* File contents; @data is malloc'ed, with a NUL past @len for convenience. */
struct lt_buf {
	char *data;
	size_t len;
};

/* Larger files than this are never a snapshot of one kernel table. */
#define LT_ROOT_READ_MAX ((size_t)64 * 1024 * 1024)

/**
 * lt_root_open_any() - the running system, or what was captured of another
 * @path: NULL or "/": the running system; a directory; a bundle, "-" for
 *	  standard input
 * @diag: says why a bundle was refused; may be NULL
 *
 * Return: 0, or negative errno.
 */
int lt_root_open_any(const char *path, struct lt_root **out, struct lt_diag *diag) __must_check;
void lt_root_close(struct lt_root *root);

/**
 * lt_root_open_fd() - a tree that was captured
 * @fd:	  a directory, or an archive with the tree in it; stays the caller's
 * @diag: says why an archive was refused; may be NULL
 *
 * Return: 0, or negative errno.
 */
int lt_root_open_fd(int fd, struct lt_root **out, struct lt_diag *diag) __must_check;

/* The same of the files of @bundle, which is sealed and becomes the root's; freed on failure. */
int lt_root_open_bundle(struct lt_bundle *bundle, struct lt_root **out) __must_check __nonnull_all;

/* Put the files of @bundle, which is sealed and becomes @root's, before those of the tree. */
void lt_root_set_overlay(struct lt_root *root, struct lt_bundle *bundle);

/**
 * lt_root_name_file() - how a user calls a file that is in the tree by another name
 * @path: in the tree: "/dmesg.txt"
 * @name: as it may be printed
 * @line: of the user's file, where this one begins; 0 if lines are not those of the user's file
 *
 * Return: 0 or -ENOMEM.
 */
int lt_root_name_file(struct lt_root *root, const char *path, const char *name, unsigned int line)
	__must_check __nonnull_all;

/* Have @diag name a file, and a line in it, as the user does. */
void lt_root_name_in_diag(const struct lt_root *root, struct lt_diag *diag) __nonnull_all;

static inline int lt_root_open(const char *path, struct lt_root **out)
{
	return lt_root_open_any(path, out, NULL);
}

/* Whether this is the running system, so that syscalls tell of it too. */
bool lt_root_is_live(const struct lt_root *root);

/* META of a captured tree, or NULL. */
const struct lt_meta *lt_root_meta(const struct lt_root *root);

/* Why META of a captured tree could not be read, if it is there and ours; or NULL. */
const char *lt_root_meta_unread(const struct lt_root *root);

/* From now on keep what is read in @capture, see there; NULL to end. */
void lt_root_set_capture(struct lt_root *root, struct lt_capture *capture);

/* What META of a captured tree tells of @path, or NULL. */
const struct lt_meta_file *lt_root_meta_file(const struct lt_root *root, const char *path);

/*
 * Keep what was not read through lt_root_read(): a file's contents, or a file
 * as it is written to the stream, which is NULL if nobody wants it. @err is 0 or
 * a negative errno; reading began at @start_ns, see lt_now_ns().
 */
void lt_root_keep(const struct lt_root *root, const char *path, int err, const struct lt_buf *buf,
		  uint64_t start_ns);
FILE *lt_root_keep_begin(const struct lt_root *root, const char *path);
void lt_root_keep_end(const struct lt_root *root, int err, enum lt_extent extent);

/**
 * lt_root_openat() - open a kernel path
 * @path:  absolute as the kernel names it, e.g. "/proc/zoneinfo"
 * @flags: as open(2); O_CLOEXEC is added
 *
 * Return: a descriptor the caller closes, or negative errno. -ELOOP or -EXDEV
 * when the captured tree tried to point elsewhere, -EINVAL for anything there
 * that is neither regular file nor (with O_DIRECTORY) directory. A bundle has
 * no descriptors of directories. What is read of it is not kept in a capture.
 */
int lt_root_openat(const struct lt_root *root, const char *path, int flags)
	__must_check __nonnull_at(1);

/* Whether there is a file at @path that can be opened. */
bool lt_root_has_file(const struct lt_root *root, const char *path);

/**
 * lt_root_read() - read a whole file, to EOF (st_size is 0 in procfs)
 * @out: filled on success; caller frees @out->data
 *
 * Return: 0, or negative errno; -EFBIG past LT_ROOT_READ_MAX.
 */
int lt_root_read(const struct lt_root *root, const char *path, struct lt_buf *out)
	__must_check __nonnull_at(1, 3);

/**
 * lt_root_find_dir() - whether there is such a directory, even one that may not be read
 *
 * Return: 1 or 0; negative errno if that cannot be found out.
 */
int lt_root_find_dir(const struct lt_root *root, const char *path) __must_check __nonnull_all;

/**
 * lt_root_list() - call @each for every entry but "." and ".."
 * @each: returns 0 to go on, anything else to stop with that value
 *
 * Entries come sorted by bytes, so that reports do not depend on readdir.
 *
 * Return: 0, what @each stopped with, or negative errno.
 */
int lt_root_list(const struct lt_root *root, const char *path,
		 int (*each)(const char *name, void *arg), void *arg) __must_check __nonnull_at(1);

/* Read an open descriptor to EOF; as lt_root_read(). */
int lt_fd_read(int fd, struct lt_buf *out) __must_check __nonnull_all;

#endif
