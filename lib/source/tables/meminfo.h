/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_MEMINFO_H
#define LT_SOURCE_TABLES_MEMINFO_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "model/memory.h"

/**
 * lt_meminfo_parse() - /proc/meminfo
 * @out: its *_kib members are set, or become unknown; untouched on failure
 *
 * Return: 0; -EBADMSG with line and why in @diag.
 */
int lt_meminfo_parse(const char *buf, size_t len, struct lt_memory *out, struct lt_diag *diag)
	__must_check __nonnull_at(3);

#endif
