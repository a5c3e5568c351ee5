/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_CONFINE_H
#define LT_BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/*
 * Before what a stranger wrote is read, the process gives up what reading does not need: files but
 * those that it names (Landlock, from Linux 5.13 on where it is enabled), system calls but those
 * of a reader (seccomp), and capabilities but those that open files. What it has open stays open.
 * There is no way back.
 */
enum lt_confine_right {
	LT_CONFINE_READ,  /* a file, or all below a directory */
	LT_CONFINE_WRITE, /* files below a directory, too: for those without a name */
	LT_CONFINE_NAME,  /* give files of a directory names, and remove them */
	LT_CONFINE_FILL,  /* all of a directory: make, read and remove what is below it */
	LT_CONFINE_MOVE,  /* give directories of a directory other names in it */
};

struct lt_confine_path {
	const char *path; /* what is not there is left out */
	enum lt_confine_right right;
};

/* What the kernel and this build could do. */
enum {
	LT_CONFINED_FILES = 1 << 0,
	LT_CONFINED_CALLS = 1 << 1,
	LT_CONFINED_CAPABILITIES = 1 << 2,
};

/**
 * lt_confine() - confine this process to @paths, and the libraries that it may load
 *
 * Return: LT_CONFINED_* bits; negative errno if it cannot go on, -ENOMEM, or too many open files.
 */
int lt_confine(const struct lt_confine_path *paths, size_t nr) __must_check;

/*
 * Its parts; @can_fill: directories may be made and removed. They return 1, 0 where the kernel or this
 * build has none of it, or negative errno.
 */
int lt_confine_files(const struct lt_confine_path *paths, size_t nr) __must_check;
int lt_confine_calls(bool can_fill) __must_check;

#endif
