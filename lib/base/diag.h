/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_DIAG_H
#define LT_BASE_DIAG_H

#include <stddef.h>

/**
 * struct lt_diag - what went wrong, or was left out, while reading one source
 * @line:       1-based line of the failure, 0 when it has none
 * @column:     1-based byte column of the failure, 0 when it has none
 * @nr_skipped: lines or rows that were not understood and passed over
 * @path:       the file, as the kernel names it (absolute); may be empty
 * @why:        one clause without a full stop, safe to print; empty if none
 * @note:       what else is worth telling; does not make the source "partial"
 * @unread:     the file that is there and was not read to its end, and why; empty if all were
 *
 * A parser fills it for the reader of the report: the first failure wins.
 * A parser that passed over lines still succeeds; the source is then "partial".
 */
struct lt_diag {
	unsigned int line;
	unsigned int column;
	unsigned int nr_skipped;
	char path[160];
	char why[160];
	char note[160];
	char unread[256];
};

/**
 * lt_diag_set() - record why reading failed, unless something already did
 * @diag: may be NULL
 * @fmt:  printf format of the clause; the result is sanitised
 */
void lt_diag_set(struct lt_diag *diag, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Record something worth telling that is no failure; the first one stays. */
void lt_diag_note(struct lt_diag *diag, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * What @diag says so far is that something is there and could not be read, or ends too early; the
 * first one stays. The source is then not all there for another reason than this kernel.
 */
void lt_diag_mark_unread(struct lt_diag *diag);

/* Say so of the file @path, because of the negative errno @err, if it is there. */
void lt_diag_unread_file(struct lt_diag *diag, const char *path, int err);

/* Name the file that @diag speaks of; the first one stays. */
void lt_diag_path(struct lt_diag *diag, const char *path);

/**
 * lt_diag_merge() - add what a part told of itself
 * @diag: may be NULL; a failure that it already has stays
 * @from: its skipped lines are added, its failure taken over with the place, and what was not read
 */
void lt_diag_merge(struct lt_diag *diag, const struct lt_diag *from);

/**
 * lt_diag_format() - "path:line:column: why", leaving out what is not known
 * @diag: what to tell
 * @out:  buffer, always NUL-terminated
 * @size: of @out in bytes
 */
void lt_diag_format(const struct lt_diag *diag, char *out, size_t size);

#endif
