/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_BUDDYINFO_H
#define LT_SOURCE_TABLES_BUDDYINFO_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/zone.h"

/**
 * lt_buddyinfo_parse() - parse /proc/buddyinfo
 * @zones: joined by node and name; untouched on failure
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int lt_buddyinfo_parse(const char *buf, size_t len, struct lt_strings *strings,
		       struct lt_zones *zones, struct lt_diag *diag)
	__must_check __nonnull_at(3, 4);

#endif
