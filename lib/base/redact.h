/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_REDACT_H
#define LT_BASE_REDACT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/compiler.h"

/*
 * Replaces what names a person, a company or one device by placeholders: the same by the same, in
 * everything that one struct lt_redact is given. What has a form of its own (paths, addresses, UUID)
 * is known where it stands; other names have to be learnt before.
 */
struct lt_redact;

enum lt_redact_kind {
	LT_REDACT_HOST,
	LT_REDACT_USER,
	LT_REDACT_PATH,
	LT_REDACT_PROCESS,
	LT_REDACT_SERIAL,
	LT_REDACT_MAC,
	LT_REDACT_UUID,
	LT_REDACT_IP,
	LT_REDACT_ADDRESS, /* of the kernel */
	LT_REDACT_MEMCG,
	LT_REDACT_VALUE, /* of the command line */
	LT_REDACT_AREA,
	LT_REDACT_LINE, /* of a log: it says nothing of memory */
	LT_REDACT_NR_KINDS,
};

/* "host name", "file path", ... */
const char *lt_redact_kind_name(enum lt_redact_kind kind);

struct lt_redact *lt_redact_new(void);
void lt_redact_free(struct lt_redact *redact);

/*
 * Learn a name, which is replaced wherever it stands as a word; of what was learnt before, and of what
 * the kernel calls something itself, nothing is learnt.
 */
void lt_redact_learn(struct lt_redact *redact, enum lt_redact_kind kind, const char *name,
		     size_t len);

/* Another form of @name, which was learnt: cut off, or as a file quotes it. It has its placeholder. */
void lt_redact_learn_form(struct lt_redact *redact, enum lt_redact_kind kind, const char *name,
			  const char *form, size_t len);

/* Names of processes are replaced too: lines that have one tell it, see lt_redact_learn_line(). */
void lt_redact_learn_processes(struct lt_redact *redact);
bool lt_redact_learns_processes(const struct lt_redact *redact);

/* Never replace @name: what is compared between captures. */
void lt_redact_keep(struct lt_redact *redact, const char *name);

/* Write a piece of text without its names. */
void lt_redact_text(struct lt_redact *redact, const char *text, size_t len, FILE *out);

/* Write the placeholder of all of @text. */
void lt_redact_whole(struct lt_redact *redact, enum lt_redact_kind kind, const char *text,
		     size_t len, FILE *out);

/*
 * @text without names that were learnt, and nothing else: a path of the tree itself. Freed by the
 * caller; NULL.
 */
char *lt_redact_names(struct lt_redact *redact, const char *text);

/* One thing of @kind was left out. */
void lt_redact_count(struct lt_redact *redact, enum lt_redact_kind kind);

/* How many names, and in how many places, were replaced. */
struct lt_redact_tally {
	uint64_t nr_names, nr_places;
};

struct lt_redact_tally lt_redact_tally(const struct lt_redact *redact, enum lt_redact_kind kind);

/* Something could not be remembered, by whoever learns for @redact. */
void lt_redact_fail(struct lt_redact *redact);

/* Whether something could not be remembered, so that its placeholder is missing: -ENOMEM. */
int lt_redact_error(const struct lt_redact *redact) __must_check __nonnull_all;

/*
 * The two passes over a file of a captured tree, line by line: what it tells of names, and how it
 * reads without them. @path is the file's, as the kernel names it.
 */
void lt_redact_learn_line(struct lt_redact *redact, const char *path, const char *line, size_t len);
void lt_redact_line(struct lt_redact *redact, const char *path, const char *line, size_t len,
		    FILE *out);

#endif
