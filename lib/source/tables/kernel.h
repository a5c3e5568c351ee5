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

/* A log is searched piece by piece: each begins with the last LT_VERSION_OVERLAP bytes of the one before. */
#define LT_VERSION_OVERLAP 128

/**
 * struct lt_version_search - the release in the last line of a log that names its kernel
 * @release:	empty if no line does
 * @is_printed: the kernel printed the line, as far as that shows
 */
struct lt_version_search {
	char release[96];
	bool is_printed;
};

void lt_version_search(struct lt_version_search *search, const char *buf, size_t len);

#endif
