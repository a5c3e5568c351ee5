/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_SAVED_FACT_SHEET_H
#define LT_SOURCE_SAVED_FACT_SHEET_H

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/fact.h"

/**
 * lt_fact_sheet_parse() - the facts of a report, for comparing it with another
 * @buf:     a document of schema "ltpin.report/1", saved or just made
 * @strings: owns every string of @out
 *
 * Return: 0 with @out freed by lt_fact_sheet_fini(); -EBADMSG; -ENOMEM; -ENOSYS without json-c.
 */
int lt_fact_sheet_parse(const char *buf, size_t len, struct lt_strings *strings,
			struct lt_fact_sheet *out, struct lt_diag *diag)
	__must_check __nonnull_at(3, 4);

#endif
