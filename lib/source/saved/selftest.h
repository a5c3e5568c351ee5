/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_SAVED_SELFTEST_H
#define LT_SOURCE_SAVED_SELFTEST_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "model/selftest.h"

/**
 * lt_selftest_parse() - a verdict saved by `ltpin selftest -f json`
 * @out: freed with lt_selftest_fini(); untouched on failure
 *
 * Return: 0; -EBADMSG not such a document; -ENOMEM.
 */
int lt_selftest_parse(const char *buf, size_t len, struct lt_strings *strings,
		      struct lt_selftest *out, struct lt_diag *diag)
	__must_check __nonnull_at(3, 4);

#endif
