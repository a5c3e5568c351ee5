/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_COUNTERS_H
#define LT_SOURCE_COUNTERS_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/num.h"

/* How many rows a table can want. */
#define LT_COUNTERS_MAX 16

/* A row of a table of counters, and which struct lt_num it goes to. */
struct lt_counter {
	const char *name;
	size_t offset; /* into the result */
};

/**
 * struct lt_counters - how a table of one counter a line is written
 * @after_name: what ends the name: ":" in meminfo, " " in vmstat
 * @unit:	what follows the number of a wanted row: " kB", or ""
 * @wanted:	rows to keep, ended by a NULL name; at most LT_COUNTERS_MAX
 */
struct lt_counters {
	const char *after_name;
	const char *unit;
	const struct lt_counter *wanted;
};

/**
 * lt_counters_parse() - pick the wanted rows out of such a table
 * @out: holds the numbers; those that the text lacks become unknown. Untouched
 *	 on failure, as everything in it that is not wanted always is.
 *
 * A row given twice keeps its first number, and the second is counted as
 * skipped, like a line that is no row at all. A last line without newline was
 * cut off and gives no number.
 *
 * Return: 0; -EBADMSG when there is no row at all or a wanted one is broken.
 */
int lt_counters_parse(const struct lt_counters *counters, const char *buf, size_t len, void *out,
		      struct lt_diag *diag) __must_check __nonnull_at(1);

#endif
