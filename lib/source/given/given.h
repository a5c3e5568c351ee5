/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_GIVEN_GIVEN_H
#define LT_SOURCE_GIVEN_GIVEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/root.h"

/*
 * What a user names as evidence, as one captured tree: a directory or an archive, single files
 * that are known by their contents (kind.h), or both. Nothing of the running system is in it.
 */

/* Room for a message with several names in it. */
struct lt_given_why {
	char text[900];
};

/**
 * lt_given_open() - make one tree of what was named
 * @paths: files, directories, archives; "-" is standard input; a single "/" is the running system
 * @why:   says what is wrong, with the name; on success what was left out, or nothing
 *
 * Files stand before those of the directory or archive among them; there may be one of those.
 * Kernel logs are read one after the other; of other kinds there may be one, or copies of it.
 *
 * Return: 1 if a file was known by its contents, 0 if none had to be; -EBADMSG for what is nothing
 * that is read; another negative errno.
 */
int lt_given_open(const char *const *paths, size_t nr, struct lt_root **out,
		  struct lt_given_why *why) __must_check __nonnull_at(3, 4);

/* Whether @path is a directory or packed, so that it takes lt_given_open() to read what is in it. */
bool lt_given_is_packed(const char *path);

/* Whether @path is a report of ltpin. Standard input is kept for who reads it then. */
bool lt_given_is_report(const char *path);

/**
 * lt_given_check() - whether a file that an option names can be what that option takes
 * @wanted: where a captured tree has what it takes; NULL if only what is never read is refused
 *
 * Standard input is kept for who reads it then.
 *
 * Return: 0, or as lt_given_open().
 */
int lt_given_check(const char *path, const char *wanted, struct lt_given_why *why) __must_check;

/**
 * lt_given_explain() - why a tree has nothing that is read
 * @why: what is looked for, and where it may be
 */
void lt_given_explain(const struct lt_root *root, const char *path, struct lt_given_why *why);

#endif
