/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TABLES_KCONFIG_H
#define LT_SOURCE_TABLES_KCONFIG_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/kernel.h"

/**
 * lt_kconfig_parse() - a kernel configuration
 * @strings: receives the values
 * @options: empty; on success the wanted options that the text has, in the
 *	     order of the table in kconfig.c. Freed with lt_vec_free().
 * @arch:    the machine as uname -m names it, or NULL if no option proves it
 *
 * @options and @arch are untouched on failure.
 *
 * Return: 0; -EBADMSG with line and why in @diag; -ENOMEM.
 */
int lt_kconfig_parse(const char *buf, size_t len, struct lt_strings *strings,
		     struct lt_options *options, const char **arch, struct lt_diag *diag)
	__must_check;

#endif
