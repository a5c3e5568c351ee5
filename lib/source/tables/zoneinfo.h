/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_ZONEINFO_H
#define LT_SOURCE_TABLES_ZONEINFO_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/zone.h"

/**
 * lt_zoneinfo_parse() - /proc/zoneinfo
 * @strings: receives the zones' names
 * @zones:   empty; on success every zone, those without pages too. Freed with
 *	     lt_zones_free().
 * @diag:    on success @why is set when a zone with pages lacks its last lines
 *
 * Return: 0; -EBADMSG with line and why in @diag; -ENOMEM.
 */
int lt_zoneinfo_parse(const char *buf, size_t len, struct lt_strings *strings,
		      struct lt_zones *zones, struct lt_diag *diag) __must_check __nonnull_at(3, 4);

#endif
