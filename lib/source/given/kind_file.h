/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_GIVEN_KIND_FILE_H
#define LT_SOURCE_GIVEN_KIND_FILE_H

#include <stdbool.h>

#include "base/compiler.h"
#include "source/given/kind.h"

/**
 * lt_kind_of_file() - the kind of an open file
 * @whole_file: where its begin has no message of a kernel, look for one in the rest
 * @out:	NULL if it is nothing that is known
 *
 * Return: 0, or negative errno.
 */
int lt_kind_of_file(int fd, bool whole_file, const struct lt_kind **out)
	__must_check __nonnull_at(3);

/* Whether a file of a tree is read for its @kind, with such a @name; @kind may be NULL. */
bool lt_kind_is_read(const char *name, const struct lt_kind *kind);

#endif
