/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_GIVEN_SESSION_H
#define LT_SOURCE_GIVEN_SESSION_H

#include <stddef.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/vec.h"

/*
 * A file with the output of several commands, one behind the other: what somebody copied from a
 * terminal, or what a script, head(1) or tail(1) wrote with a heading for each file.
 */

/* Bytes [@from, @to) of the file; @line is the number of the first line, from 1. */
struct lt_session_part {
	off_t from, to;
	unsigned long line;
};

LT_VEC_OF(lt_session_parts, struct lt_session_part);

/**
 * lt_session_split() - the parts of a file
 * @fd:  a file that can be sought; its offset is moved
 * @out: those with something in them, headings left out; none if the begin of the file has no
 *	 heading. The caller frees it with lt_vec_free()
 *
 * Return: 0, or negative errno.
 */
int lt_session_split(int fd, struct lt_session_parts *out) __must_check __nonnull_at(2);

/* A file of its own with @part of @fd: its descriptor, or negative errno. */
int lt_session_copy(int fd, const struct lt_session_part *part) __must_check __nonnull_at(2);

/* 1 if a line of the log @later is the first one of @log, which has its time in it; or negative errno. */
int lt_session_repeats(int log, int later) __must_check;

#endif
