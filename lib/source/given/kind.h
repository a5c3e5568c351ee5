/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_GIVEN_KIND_H
#define LT_SOURCE_GIVEN_KIND_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Kinds of files that people have, told apart by what is in them. Adding one is a line of
 * the table in kind.c.
 */

enum lt_kind_use {
	LT_KIND_UNREADABLE, /* known, and not read */
	LT_KIND_REPORT,	    /* judged already: it is shown, and never evidence */
	LT_KIND_PACKED,	    /* an archive, or one file that is compressed */
	LT_KIND_TABLE,	    /* a file that a captured tree has once */
	LT_KIND_LOG,	    /* kernel messages: several are one behind the other */
};

/**
 * struct lt_kind - one kind
 * @name: with its article, for people: "a JPEG image"
 * @use:  what can be done with it
 * @path: where a captured tree has such a file; NULL if it has none
 * @hint: what to do instead where it is not read, e.g. the command that converts it; NULL
 */
struct lt_kind {
	const char *name;
	enum lt_kind_use use;
	const char *path;
	const char *hint;
};

/* So much of the begin of a file tells its kind. */
#define LT_KIND_SAMPLE ((size_t)256 * 1024)

/**
 * lt_kind_find() - the kind of a file that begins with @buf
 * @is_whole: there is no more of it
 *
 * Return: NULL if it is none that is known. A kernel log is also one where only later lines
 * are the kernel's: see lt_kind_log().
 */
const struct lt_kind *lt_kind_find(const char *buf, size_t len, bool is_whole);

/* The kind "kernel log" if a line of @buf is a message of the kernel, or NULL. */
const struct lt_kind *lt_kind_log(const char *buf, size_t len);

#endif
