/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_TABLE_H
#define CLI_RENDER_TABLE_H

#include "render/text.h"

/*
 * Tables, by way of libsmartcols (scols.h). It is not asked to
 * escape: the model's strings are printable already, and escaping them again
 * would hide what the bytes were.
 */
struct table;

enum table_flags {
	TABLE_LEFT = 0,
	TABLE_RIGHT = 1 << 0, /* numbers */
	TABLE_LINES = 1 << 1, /* cells may have several lines */
};

#define TABLE_COLUMNS_MAX 48

struct table_column {
	const char *name;
	unsigned int flags; /* enum table_flags */
};

/*
 * @columns end with an empty one; of these, text->columns chooses, in its order.
 * If it chooses none of them, rows and cells go nowhere and nothing is printed.
 * Running out of memory shows in table_print().
 */
struct table *table_new(struct text *text, const struct table_column *columns);

/* Begin the next row, then fill its cells from the left. */
void table_row(struct table *table);
void table_cell(struct table *table, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What a cell was to have is lost. */
void table_fail(struct table *table);

/*
 * Print, every line indented by two, and free; a table without rows prints
 * nothing. Columns are as wide as their cells: nothing is cut off or broken.
 *
 * Return: 0, or -ENOMEM if anything was lost.
 */
int table_print(struct table *table, struct text *text);

#endif
