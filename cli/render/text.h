/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_TEXT_H
#define CLI_RENDER_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/num.h"
#include "render/columns.h"

/* What a colour means; which one it is, is in text.c's table. */
enum text_role {
	TEXT_PLAIN,
	TEXT_HEADING,
	TEXT_BAD,
	TEXT_WARNING,
	TEXT_GOOD,
	TEXT_FAINT,
	TEXT_NR_ROLES,
};

#define TEXT_WIDTH 80 /* of anything that is not a terminal */

/**
 * struct text - plain text for people
 * @out:       where it goes
 * @width:     columns
 * @color:     only ever on a terminal, and not if NO_COLOR is set
 * @bytes:     sizes in bytes instead of pages
 * @is_brief:  the answer alone
 * @is_console: a terminal, on which what comes first scrolls away
 * @html:      a table is HTML, and this is what it is called; NULL: all is text
 * @columns:   of tables, if only some are wanted; else NULL
 * @lost:      where ENOMEM goes if a part could not be printed; may be NULL
 * @page_size: unknown if no source told it
 */
struct text {
	FILE *out;
	unsigned int width;
	bool color, bytes, is_brief, is_console;
	const char *html;
	struct columns *columns;
	int *lost;
	struct lt_num page_size;
};

void text_init(struct text *text, FILE *out, struct lt_num page_size);

/* For want of memory something is missing from what was printed: no answer, then. */
void text_lose(const struct text *text);

/* The escape sequence that begins @role, or ends any with TEXT_PLAIN; "" without colour. */
const char *text_role(const struct text *text, enum text_role role);

/* A short string by value, for use as a printf argument. */
struct text_chunk {
	char s[80];
};

/* "8192 pages (32 MiB)", "33554432 bytes" with --bytes; "not known". */
struct text_chunk text_pages(const struct text *text, struct lt_num nr_pages);

/* The size alone: "32 MiB"; "?" if it or the page size is not known. */
struct text_chunk text_size(const struct text *text, struct lt_num nr_pages);

/* "PAGES", or "BYTES" with --bytes: the heading of text_count()'s column. */
const char *text_unit(const struct text *text);

/* "8192" (pages), bytes with --bytes, "?" if not known: a cell. */
struct text_chunk text_count(const struct text *text, struct lt_num nr_pages);

/* How many bytes of @words fit @size of them, in whole characters. */
size_t text_fit(const char *words, size_t size);

/*
 * As much of @name as fits @size bytes, in whole characters: half of one is no text, and smartcols never
 * comes to the end of a cell with it.
 */
struct text_chunk text_name(const char *name, size_t size);

/* The decimal number, "?" if not known. */
struct text_chunk text_num(struct lt_num num);

/* "0x1c2f7", and "0x1c2f7 (at 0x1c2f7000)". */
struct text_chunk text_pfn(uint64_t pfn);
struct text_chunk text_pfn_at(const struct text *text, uint64_t pfn);

/* "12.345678 s" since boot as the kernel log counts, "?" if not known. */
struct text_chunk text_time(struct lt_num ts_ns);

/* "1.2 ms", "?" if not known. */
struct text_chunk text_duration(struct lt_num ns);

/* A blank line and a heading. */
void text_heading(struct text *text, const char *title);

/**
 * text_wrap() - print words within the width
 * @first: what the first line starts with, e.g. "  advice: "
 * @rest:  columns to indent the others by
 * @words: newlines count as blanks
 *
 * A word longer than a line is not broken, and neither is what stands between backticks: it is there
 * to be copied.
 */
void text_wrap(struct text *text, const char *first, unsigned int rest, const char *words);
void text_wrapf(struct text *text, const char *first, unsigned int rest, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Columns that @string takes. */
unsigned int text_columns(const char *string);

#endif
