/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_MOUNTINFO_H
#define LT_SOURCE_MOUNTINFO_H

#include "base/text.h"

/* "MAJOR:MINOR", as major << 20 | minor. */
bool lt_mountinfo_dev(struct lt_text *text, uint32_t *out) __must_check __nonnull_all;

/**
 * lt_mountinfo_find() - what is mounted from a device
 * @dev: major << 20 | minor
 * @out: type of the file system, as mountinfo has it
 *
 * Return: whether it is mounted.
 */
bool lt_mountinfo_find(const char *buf, size_t len, uint32_t dev, struct lt_span *out)
	__must_check __nonnull_at(1, 4);

#endif
