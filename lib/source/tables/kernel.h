/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_KERNEL_H
#define LT_SOURCE_TABLES_KERNEL_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"

/**
 * lt_version_parse() - the release in /proc/version
 * @strings: receives the release
 * @release: "6.12.117" and the like; untouched on failure
 *
 * Return: 0; -EBADMSG with line and why in @diag; -ENOMEM.
 */
int lt_version_parse(const char *buf, size_t len, struct lt_strings *strings, const char **release,
		     struct lt_diag *diag) __must_check __nonnull_at(3);

/**
 * lt_version_find() - the release in the last line of a log that names its kernel
 * @release: untouched if no line does
 *
 * Return: 0 or -ENOMEM.
 */
int lt_version_find(const char *buf, size_t len, struct lt_strings *strings, const char **release)
	__must_check __nonnull_at(3);

#endif
