/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_BUNDLE_H
#define LT_BASE_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/root.h"
#include "base/vec.h"

/*
 * The files of a captured tree, outside of any directory: their contents lie
 * one behind the other in a temporary file without a name. Nothing is left
 * behind however the program ends, and names that a hostile archive chose are
 * never given to the kernel. Memory follows the number of files.
 *
 * First it is filled, then sealed, then looked at.
 */
struct lt_bundle;

/* Longest path, without the leading slash; a component has NAME_MAX bytes at most. */
#define LT_BUNDLE_PATH_MAX 1024

/**
 * struct lt_bundle_member - a file, directory or link
 * @path:   without a leading slash; any bytes but NUL
 * @target: path of the file that a link stands for, NULL if it is none
 * @offset: of the contents in the temporary file
 * @size:   of the contents
 */
struct lt_bundle_member {
	char *path, *target;
	off_t offset;
	uint64_t size;
	bool is_dir;
};

LT_VEC_OF(lt_bundle_members, struct lt_bundle_member);

/**
 * lt_bundle_new() - an empty bundle
 * @dir: where its temporary file goes; NULL for $TMPDIR or /tmp
 *
 * Memory takes the file's place where it cannot be made.
 *
 * Return: 0 or negative errno.
 */
int lt_bundle_new(const char *dir, struct lt_bundle **out) __must_check;
void lt_bundle_free(struct lt_bundle *bundle);

/**
 * lt_bundle_begin() - add a file
 * @path: relative, or as the kernel names it; "." and empty components vanish
 * @out:  where to write its contents, until lt_bundle_end()
 *
 * Return: 0; -EINVAL for a path that leads upwards, is empty or too long; -ENOMEM.
 */
int lt_bundle_begin(struct lt_bundle *bundle, const char *path, FILE **out)
	__must_check __nonnull_at(1, 3);

/* Keep the file that was begun, or forget it. 0, or why it could not be written. */
int lt_bundle_end(struct lt_bundle *bundle, bool keep) __must_check __nonnull_all;

/* Add a directory that may be empty; returns as lt_bundle_begin(). */
int lt_bundle_add_dir(struct lt_bundle *bundle, const char *path) __must_check __nonnull_at(1);

/**
 * lt_bundle_add_link() - add another name for a file
 * @target: a path in the bundle, or relative to @path's directory if @is_symbolic and it does not
 *	    begin with a slash
 *
 * Return: as lt_bundle_begin(); -EXDEV if it leads out of the bundle.
 */
int lt_bundle_add_link(struct lt_bundle *bundle, const char *path, const char *target,
		       bool is_symbolic) __must_check __nonnull_at(1);

/**
 * lt_bundle_seal() - nothing more will be added
 *
 * A directory that everything lies in, as archives often have it, is left out.
 *
 * Return: 0, or -EBADMSG after saying in @diag what is there twice.
 */
int lt_bundle_seal(struct lt_bundle *bundle, struct lt_diag *diag) __must_check __nonnull_at(1);

/* Before it is sealed in the order of adding, then sorted. */
const struct lt_bundle_members *lt_bundle_members(const struct lt_bundle *bundle);

/* Forget the members for which @is_kept says no; their bytes stay where they are. */
void lt_bundle_filter(struct lt_bundle *bundle,
		      bool (*is_kept)(const struct lt_bundle_member *member, void *arg), void *arg);

/*
 * Write every file into the directory @dirfd, which is empty: 0, or why not. What only root may
 * have read is for the owner alone.
 */
int lt_bundle_extract(const struct lt_bundle *bundle, int dirfd) __must_check __nonnull_all;

/* Give contents to @put: 0, or why reading or writing failed. */
int lt_bundle_copy(const struct lt_bundle *bundle, const struct lt_bundle_member *member,
		   int (*put)(void *arg, const void *data, size_t len), void *arg)
	__must_check __nonnull_at(1, 2);

/*
 * A sealed bundle as the tree of lt_root; paths as the kernel names them.
 * Links to files are followed, links to directories are not.
 */
int lt_bundle_read(const struct lt_bundle *bundle, const char *path, struct lt_buf *out)
	__must_check __nonnull_at(1, 3);
/* For reading. */
int lt_bundle_open(const struct lt_bundle *bundle, const char *path) __must_check __nonnull_at(1);
bool lt_bundle_has_dir(const struct lt_bundle *bundle, const char *path);
int lt_bundle_list(const struct lt_bundle *bundle, const char *path,
		   int (*each)(const char *name, void *arg), void *arg)
	__must_check __nonnull_at(1);

#endif
