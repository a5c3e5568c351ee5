/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_GIVEN_REFUSAL_H
#define LT_SOURCE_GIVEN_REFUSAL_H

#include "source/given/given.h"
#include "source/given/kind.h"

/* Why a file that was named is not read, in the words of the message. */

/* A name as it may be printed. */
struct lt_given_name {
	char text[400];
};

struct lt_given_name lt_given_name_of(const char *name);

/* Add to the message; names have been made printable. */
__attribute__((format(printf, 2, 3))) void lt_given_say(struct lt_given_why *why, const char *fmt,
							...);

/* It is none of the kinds, or empty. Returns -EBADMSG. */
int lt_given_refuse_unknown(struct lt_given_why *why, const char *name, int fd);

/* Its kind is known, and no evidence. Returns -EBADMSG. */
int lt_given_refuse_kind(struct lt_given_why *why, const char *name, const struct lt_kind *kind);

#endif
