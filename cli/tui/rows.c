// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds the rows of a view: fills, filters and sorts them. */
#include "tui/rows.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void rows_reset(struct rows *rows, const struct rows_column *columns, unsigned int width)
{
	rows->columns = columns;
	rows->nr_columns = 0;
	while (columns[rows->nr_columns].name)
		rows->nr_columns++;
	rows->width = width;
	rows->v.nr = rows->notes.nr = rows->text.nr = 0;
	rows->empty = "nothing";
	rows->nr_left_out = 0;
	rows->is_lost = false;
}

void rows_fini(struct rows *rows)
{
	lt_vec_free(&rows->v);
	lt_vec_free(&rows->notes);
	lt_vec_free(&rows->text);
}

bool rows_begin(struct rows *rows, uint64_t id, const struct top_scope *target)
{
	struct rows_row *row;

	if (rows->v.nr == ROWS_MAX) {
		rows->nr_left_out++;
		return false;
	}
	row = lt_vec_push(&rows->v);
	if (!row) {
		rows->is_lost = true;
		return false;
	}
	row->id = id;
	row->target = target ? *target : (struct top_scope){ .view = VIEW_NR };
	rows->nr_cells = 0;
	return true;
}

/* Where the text begins. Offset 0 is that of the first text, whatever it is. */
static size_t add_text(struct rows *rows, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static size_t add_text(struct rows *rows, const char *fmt, va_list args)
{
	size_t at = rows->text.nr;
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0) {
		rows->is_lost = true;
		return 0;
	}
	for (const char *c = text;; c++) {
		char *slot = lt_vec_push(&rows->text);

		if (!slot) { /* what is there stays terminated */
			rows->is_lost = true;
			rows->text.nr = at;
			at = 0;
			break;
		}
		*slot = *c;
		if (!*c)
			break;
	}
	free(text);
	return at;
}

static void add_cell(struct rows *rows, enum text_role role, struct lt_num key, const char *fmt,
		     va_list args) __attribute__((format(printf, 4, 0)));

static void add_cell(struct rows *rows, enum text_role role, struct lt_num key, const char *fmt,
		     va_list args)
{
	if (rows->nr_cells == rows->nr_columns)
		return;
	rows->v.v[rows->v.nr - 1].cells[rows->nr_cells++] =
		(struct rows_cell){ add_text(rows, fmt, args), key, role };
}

void rows_cell(struct rows *rows, enum text_role role, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_cell(rows, role, (struct lt_num){ 0 }, fmt, args);
	va_end(args);
}

void rows_number(struct rows *rows, enum text_role role, struct lt_num key, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_cell(rows, role, key, fmt, args);
	va_end(args);
}

static void add_note(struct rows *rows, enum text_role role, bool is_map, const char *fmt,
		     va_list args) __attribute__((format(printf, 4, 0)));

static void add_note(struct rows *rows, enum text_role role, bool is_map, const char *fmt,
		     va_list args)
{
	struct rows_note *note = lt_vec_push(&rows->notes);

	if (note)
		*note = (struct rows_note){ add_text(rows, fmt, args), role, is_map };
	else
		rows->is_lost = true;
}

void rows_note(struct rows *rows, enum text_role role, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_note(rows, role, false, fmt, args);
	va_end(args);
}

static void note_map(struct rows *rows, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void note_map(struct rows *rows, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_note(rows, TEXT_PLAIN, true, fmt, args);
	va_end(args);
}

void rows_note_map(struct rows *rows, const char *cells)
{
	note_map(rows, "%s", cells);
}

const char *rows_text(const struct rows *rows, size_t at)
{
	return at < rows->text.nr ? rows->text.v + at : "";
}

static bool has_words(const struct rows *rows, const struct rows_row *row, const char *words)
{
	for (unsigned int i = 0; i < rows->nr_columns; i++)
		if (!(rows->columns[i].flags & ROWS_MAP) &&
		    strcasestr(rows_text(rows, row->cells[i].at), words))
			return true;
	return false;
}

void rows_filter(struct rows *rows, const char *words)
{
	size_t nr = 0;

	if (!*words)
		return;
	lt_vec_each(row, &rows->v)
		if (has_words(rows, row, words))
			rows->v.v[nr++] = *row;
	if (rows->v.nr && !nr)
		rows->empty = "no row has what the filter asks for";
	rows->v.nr = nr;
}

/* By what rows are put in order. */
struct order {
	const struct rows *rows;
	unsigned int column;
	bool is_reverse;
};

static int compare(const struct order *order, const struct rows_row *a, const struct rows_row *b)
{
	const struct rows_cell *left = &a->cells[order->column], *right = &b->cells[order->column];
	int sign = order->is_reverse ? -1 : 1;

	if (left->key.known && right->key.known)
		return sign * ((left->key.val > right->key.val) - (left->key.val < right->key.val));
	if (left->key.known != right->key.known)
		return left->key.known ? -1 : 1;
	return sign * strcmp(rows_text(order->rows, left->at), rows_text(order->rows, right->at));
}

/* Stable, unlike qsort(): merge halves. */
static void merge_sort(const struct order *order, struct rows_row *v, size_t nr,
		       struct rows_row *space)
{
	size_t half = nr / 2, i = 0, j = half;

	if (nr < 2)
		return;
	merge_sort(order, v, half, space);
	merge_sort(order, v + half, nr - half, space);
	memcpy(space, v, nr * sizeof(*v));
	for (size_t k = 0; k < nr; k++)
		v[k] = j == nr || (i < half && compare(order, &space[i], &space[j]) <= 0)
			       ? space[i++]
			       : space[j++];
}

int rows_sort(struct rows *rows, unsigned int column, bool is_reverse)
{
	struct order order = { rows, column, is_reverse };
	struct rows_row *space;

	if (column >= rows->nr_columns || rows->v.nr < 2)
		return 0;
	space = calloc(rows->v.nr, sizeof(*space));
	if (!space)
		return -ENOMEM;
	merge_sort(&order, rows->v.v, rows->v.nr, space);
	free(space);
	return 0;
}
