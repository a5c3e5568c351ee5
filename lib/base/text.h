/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_TEXT_H
#define LT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"
#include "base/diag.h"

/* Bytes inside a buffer that somebody else owns; not NUL-terminated. */
struct lt_span {
	const char *p;
	size_t len;
};

/**
 * struct lt_text - a cursor over kernel text
 * @pos:        next byte to read
 * @end:        one past the last byte
 * @line_start: first byte of the current line, for columns
 * @line:       1-based number of the current line
 *
 * Readers that return bool consume on success and leave the cursor where it
 * was on failure. None reads past @end; NUL is a byte like any other.
 */
struct lt_text {
	const char *pos;
	const char *end;
	const char *line_start;
	unsigned int line;
};

void lt_text_init(struct lt_text *text, const char *buf, size_t len);

/**
 * lt_text_line() - take the next line as a cursor of its own
 * @text: advanced past the newline
 * @line: set to the line without "\n" or "\r\n", keeping its number
 *
 * Return: false at the end of the text. A last line without newline counts.
 */
bool lt_text_line(struct lt_text *text, struct lt_text *line);

/**
 * lt_text_is_cut() - whether the line taken last had no newline
 * @text: where lt_text_line() just took a line from
 *
 * Kernel tables end with one: without it the capture was cut off inside that
 * line, and its last number is not to be trusted.
 */
bool lt_text_is_cut(const struct lt_text *text);

bool lt_text_at_end(const struct lt_text *text);

/* Whether nothing but blanks, tabs and carriage returns is left. */
bool lt_text_is_blank(const struct lt_text *text);

/**
 * lt_text_unwrap() - join rows of a table that a mail client or a terminal has wrapped
 * @is_rest: whether a line is the rest of the one before it
 * @out:     a copy of @buf, as long, where they are joined by blanks; NULL if none is. The caller
 *	     frees it
 *
 * Return: 0 or -ENOMEM.
 */
int lt_text_unwrap(const char *buf, size_t len, bool (*is_rest)(struct lt_text line), char **out);

/* Skip blanks and tabs (not newlines). */
void lt_text_blanks(struct lt_text *text);

/* Consume exactly @literal. Here, since its length is then known where it is called. */
static inline bool lt_text_literal(struct lt_text *text, const char *literal)
{
	size_t len;

	/* Most that is looked for in tables is not there, and differs at once. */
	if (*literal && (text->pos == text->end || *text->pos != *literal))
		return false;
	len = strlen(literal);
	if ((size_t)(text->end - text->pos) < len || memcmp(text->pos, literal, len))
		return false;
	text->pos += len;
	return true;
}

/* Decimal; false on no digit or on overflow. */
bool lt_text_u64(struct lt_text *text, uint64_t *out);

/* Hexadecimal with or without 0x; false on no digit or on overflow. */
bool lt_text_hex(struct lt_text *text, uint64_t *out);

/* 0x... as hexadecimal, everything else as decimal. */
bool lt_text_number(struct lt_text *text, uint64_t *out);

/* Optional minus and decimal. */
bool lt_text_s64(struct lt_text *text, int64_t *out);

/* Bytes up to the next blank, tab or the end; at least one. */
bool lt_text_word(struct lt_text *text, struct lt_span *out);

/* Bytes before @stop, which is consumed too; false if @stop does not occur. */
bool lt_text_until(struct lt_text *text, const char *stop, struct lt_span *out);

/* Bytes before the last @stop, which is consumed too; false if @stop does not occur. */
bool lt_text_until_last(struct lt_text *text, const char *stop, struct lt_span *out);

/* Move just past the first @literal; false if it does not occur. */
bool lt_text_find(struct lt_text *text, const char *literal);

/* Everything left. */
struct lt_span lt_text_rest(const struct lt_text *text);

/* Whether @span holds exactly @literal. */
bool lt_span_is(struct lt_span span, const char *literal);

/* Report a failure as lt_text_fail() does, where what was read before it is kept. */
void lt_text_remark(const struct lt_text *text, struct lt_diag *diag, const char *why);

/**
 * lt_text_fail() - report a grammar failure at the cursor
 * @text: where it happened
 * @diag: receives line, column and @why; may be NULL
 * @why:  one clause, e.g. "expected a number after \"managed\""
 *
 * Return: -EBADMSG, for the parser to pass on.
 */
int lt_text_fail(const struct lt_text *text, struct lt_diag *diag, const char *why) __must_check;

#endif
