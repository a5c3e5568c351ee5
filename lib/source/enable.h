/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_ENABLE_H
#define LT_SOURCE_ENABLE_H

#include "source/source.h"

/**
 * lt_source_enable() - what of the things that a source needs is missing here
 * @status: why it is asked
 *
 * What is known to be there is left out: an option that the configuration has, a parameter that
 * the kernel was booted with, a file system that is mounted.
 *
 * Return: one clause; source->enable where nothing of it is known to be there, or all; NULL when out
 * of memory.
 */
const char *lt_source_enable(const struct lt_snapshot *snap, const struct lt_source *source,
			     enum lt_status status);

#endif
