// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Collects the rows of a table, and prints the columns that were asked for. As HTML, rows are written
 * as they come, all columns of them.
 */
#include "render/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "render/html_text.h"
#include "render/scols.h"

#define INDENT 2

/* What smartcols takes to lay out a table. */
#define ROOM_MIN 65536
#define ROOM_PER_BYTE 4

struct table {
	FILE *html; /* where rows go at once; NULL: @scols keeps them */
	const char *name;
	const struct table_column *columns; /* of HTML: the caller's */
	bool has_rows;
	struct libscols_table *scols;
	struct libscols_line *row;
	size_t nr_cells, nr_bytes;
	int place[TABLE_COLUMNS_MAX]; /* of each of the caller's columns; -1 if it is left out */
	bool has_failed;
};

static void add_column(struct table *table, const struct table_column *column)
{
	bool has_lines = column->flags & TABLE_LINES;
	int flags = (column->flags & TABLE_RIGHT ? SCOLS_FL_RIGHT : 0) |
		    (has_lines ? SCOLS_FL_WRAP : 0);
	struct libscols_column *added =
		scols_table_new_column(table->scols, column->name, 0, flags);

	if (!added || (has_lines && scols_column_set_wrapfunc(added, scols_wrapnl_chunksize,
							      scols_wrapnl_nextchunk, NULL)))
		table->has_failed = true;
}

/* Every column, or those that were asked for, in that order. */
static void add_columns(struct table *table, struct columns *wanted,
			const struct table_column *columns)
{
	const struct table_column *chosen[COLUMNS_MAX] = { NULL };
	int place = 0;

	for (size_t i = 0; columns[i].name; i++) {
		table->place[i] = wanted ? columns_find(wanted, columns[i].name) : (int)i;
		if (wanted && table->place[i] >= 0)
			chosen[table->place[i]] = &columns[i];
		else if (!wanted)
			add_column(table, &columns[i]);
	}
	for (size_t k = 0; wanted && k < wanted->nr; k++) {
		if (!chosen[k])
			continue;
		table->place[chosen[k] - columns] = place++;
		add_column(table, chosen[k]);
	}
}

struct table *table_new(struct text *text, const struct table_column *columns)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	if (text->html) {
		table->html = text->out;
		table->name = text->html;
		table->columns = columns;
		return table;
	}
	table->scols = scols_new_table();
	if (!table->scols) {
		free(table);
		return NULL;
	}
	scols_table_enable_noencoding(table->scols, 1);
	add_columns(table, text->columns, columns);
	return table;
}

/*
 * A region that can be scrolled from the keyboard, for tables are wide and screens are small. Its
 * name is not that of the section around it: a screen reader lists both.
 */
static void begin_html(struct table *table)
{
	FILE *out = table->html;

	fputs("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table: ", out);
	html_text(out, table->name);
	fputs("\"><table><caption>", out);
	html_text(out, table->name);
	fputs("</caption>\n<thead><tr>", out);
	for (const struct table_column *column = table->columns; column->name; column++) {
		fprintf(out, "<th scope=\"col\"%s>",
			column->flags & TABLE_RIGHT ? " class=\"n\"" : "");
		html_text(out, column->name);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	table->has_rows = true;
}

static void html_row(struct table *table)
{
	if (!table->has_rows)
		begin_html(table);
	else
		fputs("</tr>\n", table->html);
	fputs("<tr>", table->html);
	table->nr_cells = 0;
}

static void html_cell(struct table *table, const char *cell)
{
	unsigned int flags = table->columns[table->nr_cells++].flags;

	fputs(flags & TABLE_RIGHT   ? "<td class=\"n\">"
	      : flags & TABLE_LINES ? "<td class=\"l\">"
				    : "<td>",
	      table->html);
	html_text(table->html, cell);
	fputs("</td>", table->html);
}

void table_row(struct table *table)
{
	if (table && table->html)
		html_row(table);
	if (!table || table->html || !scols_table_get_ncols(table->scols))
		return;
	table->row = scols_table_new_line(table->scols, NULL);
	table->nr_cells = 0;
	if (!table->row)
		table->has_failed = true;
}

void table_cell(struct table *table, const char *fmt, ...)
{
	char *cell = NULL;
	va_list args;
	int place = 0;

	if (!table || (!table->row && !table->html))
		return;
	if (!table->html)
		place = table->place[table->nr_cells++];
	if (place < 0)
		return;
	va_start(args, fmt);
	if (vasprintf(&cell, fmt, args) < 0)
		cell = NULL;
	va_end(args);
	table->nr_bytes += cell ? strlen(cell) : 0;
	if (cell && table->html) {
		html_cell(table, cell);
		free(cell);
		return;
	}
	if (!cell || table->html || scols_line_refer_data(table->row, (size_t)place, cell)) {
		free(cell);
		table->has_failed = true;
	}
}

void table_fail(struct table *table)
{
	if (table)
		table->has_failed = true;
}

/* smartcols pads the last column where cells have several lines. */
static void print_trimmed(struct text *text, const char *lines)
{
	bool heading = true;

	while (*lines) {
		size_t len = strcspn(lines, "\n"), trimmed = len;

		while (trimmed && lines[trimmed - 1] == ' ')
			trimmed--;
		fprintf(text->out, "%*s%s%.*s%s\n", INDENT, "",
			heading ? text_role(text, TEXT_FAINT) : "", (int)trimmed, lines,
			heading ? text_role(text, TEXT_PLAIN) : "");
		heading = false;
		lines += len + (lines[len] == '\n');
	}
}

static int html_end(struct table *table)
{
	int err = table->has_failed ? -ENOMEM : 0;

	if (table->has_rows)
		fputs("</tr>\n</tbody></table></div>\n", table->html);
	free(table);
	return err;
}

static void table_free(struct table *table)
{
	scols_unref_table(table->scols);
	free(table);
}

int table_print(struct table *table, struct text *text)
{
	char *lines = NULL;
	int err;

	if (!table)
		return -ENOMEM;
	if (table->html)
		return html_end(table);
	scols_table_set_termforce(table->scols, SCOLS_TERMFORCE_NEVER);
	err = table->has_failed ? -ENOMEM : 0;
	/* smartcols takes it for a mistake to print no columns. */
	if (!err)
		err = lt_room_check(ROOM_MIN + ROOM_PER_BYTE * table->nr_bytes);
	if (!err && scols_table_get_ncols(table->scols) &&
	    scols_print_table_to_string(table->scols, &lines))
		err = -ENOMEM;
	if (!err && lines)
		print_trimmed(text, lines);
	else if (!err && table->row)
		err = -ENOMEM; /* which smartcols does not say */
	free(lines);
	table_free(table);
	return err;
}
