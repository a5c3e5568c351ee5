/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_PAGETYPEINFO_H
#define LT_SOURCE_TABLES_PAGETYPEINFO_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/zone.h"

/**
 * lt_pagetypeinfo_parse() - /proc/pagetypeinfo
 * @strings:	     receives the names of zones and migratetypes
 * @zones:	     the zones' migratetypes are replaced; a zone that was not there
 *		     is appended
 * @pageblock_order: set, or becomes unknown
 * @diag:	     on success @why is set when rows are missing
 *
 * Nothing is changed on failure.
 *
 * Return: 0; -EBADMSG with line and why in @diag; -ENOMEM.
 */
int lt_pagetypeinfo_parse(const char *buf, size_t len, struct lt_strings *strings,
			  struct lt_zones *zones, struct lt_num *pageblock_order,
			  struct lt_diag *diag) __must_check __nonnull_at(3, 4, 5);

#endif
