/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_SAVED_ATTEMPTS_H
#define LT_SOURCE_SAVED_ATTEMPTS_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/attempt.h"
#include "model/stack.h"

/**
 * lt_attempts_parse() - attempts saved by `ltpin alloc -f json`
 * @out: appended to, all without an area (lt_attempts_locate() finds it);
 *	 untouched on failure
 * @boot_id: which boot they are of; NULL if the document does not say. May be NULL
 *
 * Return: 0; -EBADMSG not such a document; -ENOMEM.
 */
int lt_attempts_parse(const char *buf, size_t len, struct lt_strings *strings,
		      struct lt_stacks *stacks, struct lt_attempts *out, const char **boot_id,
		      struct lt_diag *diag) __must_check __nonnull_at(3, 4, 5);

#endif
