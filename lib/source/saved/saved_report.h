/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_SAVED_SAVED_REPORT_H
#define LT_SOURCE_SAVED_SAVED_REPORT_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/saved_report.h"

/**
 * lt_saved_report_parse() - read one
 * @strings: owns every string of @out
 *
 * Return: 0 with @out freed by lt_saved_report_fini(); -EBADMSG; -ENOMEM.
 */
int lt_saved_report_parse(const char *buf, size_t len, struct lt_strings *strings,
			  struct lt_saved_report *out, struct lt_diag *diag)
	__must_check __nonnull_at(3, 4);

#endif
