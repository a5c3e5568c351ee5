/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_GIVEN_PASTED_H
#define LT_SOURCE_GIVEN_PASTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/text.h"

/*
 * A table that somebody pasted: from a mail that quotes it, or from a terminal with the command that
 * printed it.
 */

/* Whether @line is a prompt with a command behind it. */
bool lt_pasted_is_prompt(struct lt_text line);

/* Whether the first line of a text says so. */
bool lt_pasted_is(const char *buf, size_t len);

/* The table alone, into @out, which has room for @len bytes. Returns how many there are. */
size_t lt_pasted_plain(const char *buf, size_t len, char *out);

/* The same of a whole file. 0 or negative errno. */
int lt_pasted_copy(int fd, FILE *out) __must_check __nonnull_at(2);

#endif
