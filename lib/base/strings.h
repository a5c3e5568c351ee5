/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_STRINGS_H
#define LT_BASE_STRINGS_H

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

static inline const char *lt_strings_span(struct lt_strings *pool, struct lt_span span)
{
	return lt_strings_add(pool, span.p, span.len);
}

#endif
