/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_NEEDLES_H
#define LT_BASE_NEEDLES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* So many characters of a word are looked at first. */
#define LT_NEEDLES_BEGIN 3

/**
 * struct lt_needles - some words, to be looked for all at once
 * @list, @nr: the words
 * @begun:     at the begin of a text, the shorter words that may end in its first characters
 * @may:       of each character, the words that may have it at that place of their begin, a bit each
 */
struct lt_needles {
	const char *const *list;
	size_t nr;
	uint32_t begun[LT_NEEDLES_BEGIN - 1];
	uint32_t may[LT_NEEDLES_BEGIN][UCHAR_MAX + 1];
};

/* @list has to stay; no word in it is empty. */
void lt_needles_init(struct lt_needles *needles, const char *const *list, size_t nr) __nonnull_all;

/*
 * Whether any of the words is in the @len bytes at @p. Upper and lower case of ASCII are alike, and a NUL
 * byte, which no text has, counts as one of the words.
 */
bool lt_needles_are_in(const struct lt_needles *needles, const char *p, size_t len);

#endif
