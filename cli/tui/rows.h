/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TUI_ROWS_H
#define CLI_TUI_ROWS_H

#include <stdbool.h>

#include "base/num.h"
#include "base/range.h"
#include "render/text.h"

/* What a view shows, as cells with roles: of the model nothing else reaches the screen. */

enum top_view {
	VIEW_AREAS,
	VIEW_FAILURES,
	VIEW_PAGES,
	VIEW_PROCESSES,
	VIEW_LEDGER,
	VIEW_CPUS,
	VIEW_SOURCES,
	/* where Enter leads */
	VIEW_WINDOWS, /* stretches of an area */
	VIEW_PAGE,
	VIEW_PROCESS,
	VIEW_HELP,
	VIEW_NR,
};

/**
 * struct top_scope - a view, and of what
 * @area: index, LT_NO_AREA for all
 * @pfns: PFNs, empty for all
 * @pid:  of VIEW_PROCESS
 */
struct top_scope {
	enum top_view view;
	size_t area;
	struct lt_range pfns;
	int pid;
};

enum rows_flags {
	ROWS_LEFT = 0,
	ROWS_RIGHT = 1 << 0, /* numbers */
	ROWS_MAP = 1 << 1,   /* every character has the role of its cell of the map */
};

struct rows_column {
	const char *name; /* NULL ends them */
	unsigned int flags;
};

#define ROWS_COLUMNS_MAX 10

/* @key orders; what is not known comes last. @at is where its text begins. */
struct rows_cell {
	size_t at;
	struct lt_num key;
	enum text_role role;
};

/* @id stays the same from tick to tick; @target is where Enter leads, VIEW_NR: nowhere. */
struct rows_row {
	uint64_t id;
	struct top_scope target;
	struct rows_cell cells[ROWS_COLUMNS_MAX];
};

struct rows_note {
	size_t at;
	enum text_role role;
	bool is_map;
};

/* More than anybody scrolls through; the rest is counted. */
#define ROWS_MAX 2000

/**
 * struct rows - the table of a view
 * @columns: of the view
 * @notes:   lines below the table
 * @empty:   what to say where there is no row
 * @nr_left_out: rows beyond ROWS_MAX
 * @width:   of the screen, for what is drawn to fit
 * @is_lost: memory ran out
 */
struct rows {
	const struct rows_column *columns;
	unsigned int nr_columns;
	LT_VEC_OF(, struct rows_row) v;
	LT_VEC_OF(, struct rows_note) notes;
	LT_VEC_OF(, char) text;
	const char *empty;
	size_t nr_left_out;
	unsigned int width, nr_cells;
	bool is_lost;
};

void rows_reset(struct rows *rows, const struct rows_column *columns, unsigned int width);
void rows_fini(struct rows *rows);

/* Begin a row; false if there are enough. Then fill its cells from the left. */
bool rows_begin(struct rows *rows, uint64_t id, const struct top_scope *target);
void rows_cell(struct rows *rows, enum text_role role, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A cell that is ordered by a number. */
void rows_number(struct rows *rows, enum text_role role, struct lt_num key, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

void rows_note(struct rows *rows, enum text_role role, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void rows_note_map(struct rows *rows, const char *cells);

const char *rows_text(const struct rows *rows, size_t at);

/* Keep the rows that have @words in a cell, in any case; all if it is empty. */
void rows_filter(struct rows *rows, const char *words);

/* By a column; equal ones stay in their order. */
int rows_sort(struct rows *rows, unsigned int column, bool is_reverse);

#endif
