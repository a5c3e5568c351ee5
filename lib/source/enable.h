/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_ENABLE_H
#define LT_SOURCE_ENABLE_H

#include "source/source.h"

/**
 * lt_source_enable() - what has to be done to have a source here
 * @status: why it is asked
 * @diag:   gets a directory that could not be listed for it
 *
 * Where it is absent, what is known to be there is left out: an option that the configuration
 * has, a parameter that the kernel was booted with, a file system that is mounted. Where it may
 * not be read, only what helps against that is told.
 *
 * Return: one clause; NULL when out of memory.
 */
const char *lt_source_enable(const struct lt_snapshot *snap, const struct lt_source *source,
			     enum lt_status status, struct lt_diag *diag);

/* All that it takes to have @source anywhere, as one clause; NULL when out of memory. */
const char *lt_source_needs(struct lt_strings *strings, const struct lt_source *source);

#endif
