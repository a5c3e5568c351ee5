/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_OWNER_PAGE_OWNER_H
#define LT_SOURCE_PAGE_OWNER_PAGE_OWNER_H

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/owner.h"
#include "model/stack.h"

/*
 * A push parser for page_owner text of any size: feed it chunks as they come,
 * it calls back once per record. Its own memory is some 150 KiB, and each
 * different stack that it has seen, up to 64 MiB. Strings and stacks of the
 * records are interned; a kernel has finitely many of them, but a forged text
 * may not, and then the pools grow with it.
 */
struct lt_page_owner;

/* Called per record; anything but 0 stops the parser with that value. */
typedef int (*lt_page_owner_fn)(const struct lt_owner *owner, void *arg);

/**
 * struct lt_page_owner_sink - where the records go
 * @strings: has their strings
 * @stacks:  has their stacks
 * @each:    called per record
 * @arg:     passed to @each
 */
struct lt_page_owner_sink {
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	lt_page_owner_fn each;
	void *arg;
};

/**
 * lt_page_owner_new() - start parsing
 *
 * Return: the parser, freed with lt_page_owner_free(); NULL when out of memory.
 */
struct lt_page_owner *lt_page_owner_new(const struct lt_page_owner_sink *sink) __nonnull_all;
void lt_page_owner_free(struct lt_page_owner *parser);

/**
 * lt_page_owner_feed() - parse the next bytes, cut anywhere
 *
 * Return: 0, -ENOMEM, or what the callback stopped with; the parser is of no
 * further use then.
 */
int lt_page_owner_feed(struct lt_page_owner *parser, const char *buf, size_t len)
	__must_check __nonnull_at(1);

/**
 * lt_page_owner_end() - no more bytes will come: give out the last record
 * @diag: receives the number of lines that were not understood, and the first
 *	  one's line number
 *
 * A last line without a newline was cut and is not understood.
 *
 * Return: as lt_page_owner_feed(), or -EBADMSG when there was no record at all.
 */
int lt_page_owner_end(struct lt_page_owner *parser, struct lt_diag *diag)
	__must_check __nonnull_at(1);

/**
 * lt_page_owner_read() - feed a descriptor to its end, and end
 *
 * Return: as lt_page_owner_end(), or why reading failed.
 */
int lt_page_owner_read(struct lt_page_owner *parser, int fd, struct lt_diag *diag)
	__must_check __nonnull_at(1);

struct lt_page_owner_stats {
	uint64_t nr_records, nr_unknown_lines;
};

/* What was seen so far. */
struct lt_page_owner_stats lt_page_owner_stats(const struct lt_page_owner *parser);

#endif
