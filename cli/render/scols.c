// SPDX-License-Identifier: GPL-2.0-or-later
/* Lays tables out by libsmartcols, or without it. */
#include "render/scols.h"

#ifndef HAVE_SMARTCOLS

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memstream.h"
#include "base/vec.h"
#include "render/table.h"

struct libscols_column {
	const char *name;
	bool is_right;
	size_t width; /* of the heading and all cells, in characters */
};

struct libscols_line {
	char *cells[TABLE_COLUMNS_MAX]; /* NULL is empty */
};

LT_VEC_OF(line_list, struct libscols_line *);

struct libscols_table {
	struct libscols_column columns[TABLE_COLUMNS_MAX];
	size_t nr_columns;
	struct line_list lines;
};

struct libscols_table *scols_new_table(void)
{
	return calloc(1, sizeof(struct libscols_table));
}

void scols_unref_table(struct libscols_table *table)
{
	lt_vec_each(line, &table->lines) {
		for (size_t i = 0; i < table->nr_columns; i++)
			free((*line)->cells[i]);
		free(*line);
	}
	lt_vec_free(&table->lines);
	free(table);
}

struct libscols_column *scols_table_new_column(struct libscols_table *table, const char *name,
					       double width_hint, int flags)
{
	struct libscols_column *column = &table->columns[table->nr_columns];

	(void)width_hint;
	if (table->nr_columns == TABLE_COLUMNS_MAX)
		return NULL;
	table->nr_columns++;
	*column = (struct libscols_column){ .name = name, .is_right = flags & SCOLS_FL_RIGHT };
	return column;
}

size_t scols_table_get_ncols(const struct libscols_table *table)
{
	return table->nr_columns;
}

struct libscols_line *scols_table_new_line(struct libscols_table *table,
					   struct libscols_line *parent)
{
	struct libscols_line *line = calloc(1, sizeof(*line)), **place;

	(void)parent;
	place = line ? lt_vec_push(&table->lines) : NULL;
	if (!place) {
		free(line);
		return NULL;
	}
	*place = line;
	return line;
}

int scols_line_refer_data(struct libscols_line *line, size_t column, char *data)
{
	if (column >= TABLE_COLUMNS_MAX)
		return -EINVAL;
	free(line->cells[column]);
	line->cells[column] = data;
	return 0;
}

/* The @n-th of the lines that a cell consists of; empty past the last. */
static const char *line_of(const char *cell, size_t n, size_t *len)
{
	if (!cell)
		cell = "";
	while (n-- && *cell) {
		cell += strcspn(cell, "\n");
		cell += *cell == '\n';
	}
	*len = strcspn(cell, "\n");
	return cell;
}

static size_t count_lines(const char *cell)
{
	size_t nr = 1;

	for (; cell && *cell; cell++)
		nr += *cell == '\n';
	return nr;
}

/* Characters of UTF-8: every byte but those that continue one. */
static size_t width_of(const char *text, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

static void widen(struct libscols_column *column, const char *cell)
{
	for (size_t n = 0; n < count_lines(cell); n++) {
		size_t len, width;
		const char *line = line_of(cell, n, &len);

		width = width_of(line, len);
		if (width > column->width)
			column->width = width;
	}
}

static void print_cell(FILE *out, const struct libscols_column *column, const char *cell, size_t n)
{
	size_t len;
	const char *line = line_of(cell, n, &len);
	int pad = (int)(column->width - width_of(line, len));

	fprintf(out, "%*s%.*s%*s ", column->is_right ? pad : 0, "", (int)len, line,
		column->is_right ? 0 : pad, "");
}

static void print_line(FILE *out, const struct libscols_table *table,
		       const struct libscols_line *line)
{
	size_t nr = 1;

	for (size_t i = 0; line && i < table->nr_columns; i++)
		if (count_lines(line->cells[i]) > nr)
			nr = count_lines(line->cells[i]);
	for (size_t n = 0; n < nr; n++) {
		for (size_t i = 0; i < table->nr_columns; i++)
			print_cell(out, &table->columns[i],
				   line ? line->cells[i] : table->columns[i].name, n);
		putc('\n', out);
	}
}

int scols_print_table_to_string(struct libscols_table *table, char **out)
{
	char *text = NULL;
	size_t len;
	FILE *to;

	*out = NULL;
	if (!table->lines.nr)
		return 0;
	to = open_memstream(&text, &len);
	if (!to)
		return -errno;
	for (size_t i = 0; i < table->nr_columns; i++) {
		widen(&table->columns[i], table->columns[i].name);
		lt_vec_each(line, &table->lines)
			widen(&table->columns[i], (*line)->cells[i]);
	}
	print_line(to, table, NULL);
	lt_vec_each(line, &table->lines)
		print_line(to, table, *line);
	if (lt_memstream_close(to, &text))
		return -ENOMEM;
	*out = text;
	return 0;
}

#endif
