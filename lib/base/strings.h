/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_STRINGS_H
#define LT_BASE_STRINGS_H

#include <errno.h>
#include <stddef.h>

#include "base/text.h"

/*
 * A pool of interned strings: equal contents are one pointer. Everything the
 * model keeps of untrusted text lives in one, and went through lt_escape() on
 * the way in. Strings live until lt_strings_free().
 */
struct lt_strings;

struct lt_strings *lt_strings_new(void);
void lt_strings_free(struct lt_strings *pool);

/**
 * lt_strings_add() - escape and intern untrusted bytes
 *
 * Return: NUL-terminated, printable UTF-8 owned by @pool; NULL when out of
 * memory.
 */
const char *lt_strings_add(struct lt_strings *pool, const char *bytes, size_t len);

/**
 * lt_strings_format() - compose and intern text of our own
 * @fmt: printf format; strings among the arguments are interned ones, safe already
 *
 * Return: as lt_strings_add(), without escaping anything twice.
 */
const char *lt_strings_format(struct lt_strings *pool, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * lt_strings_restore() - intern text that may have been escaped before
 * @text: from a file that ltpin wrote, or that claims so
 *
 * \xNN stands for that byte, which is then escaped again as any other: what
 * was safe comes out the same, and nothing grows from save to save.
 *
 * Return: as lt_strings_add(); NULL for NULL.
 */
const char *lt_strings_restore(struct lt_strings *pool, const char *text);

/* Intern text that may be absent: @out is NULL then. 0 or -ENOMEM. */
static inline int lt_strings_restore_to(struct lt_strings *pool, const char *text, const char **out)
{
	*out = lt_strings_restore(pool, text);
	return text && !*out ? -ENOMEM : 0;
}

static inline const char *lt_strings_span(struct lt_strings *pool, struct lt_span span)
{
	return lt_strings_add(pool, span.p, span.len);
}

#endif
