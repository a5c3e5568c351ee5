// SPDX-License-Identifier: GPL-2.0-or-later
/* One table: what keys do, what help says of them, what the last line shows. */
#include <stdio.h>
#include <string.h>

#include "base/array_size.h"
#include "tui/top.h"

static void go_to(struct top *top, size_t i)
{
	struct top_place *place = top_place(top);

	place->selected = i < top->rows.v.nr ? i : top->rows.v.nr ? top->rows.v.nr - 1 : 0;
	place->selected_id = top->rows.v.nr ? top->rows.v.v[place->selected].id : 0;
}

static void move(struct top *top, int key)
{
	size_t at = top_place(top)->selected, last = top->rows.v.nr;

	switch (key) {
	case TOP_KEY_UP:
		go_to(top, at ? at - 1 : 0);
		break;
	case TOP_KEY_DOWN:
		go_to(top, at + 1);
		break;
	case TOP_KEY_PAGE_UP:
		go_to(top, at > top->page ? at - top->page : 0);
		break;
	case TOP_KEY_PAGE_DOWN:
		go_to(top, at + top->page);
		break;
	case TOP_KEY_END:
		go_to(top, last);
		break;
	default:
		go_to(top, 0);
	}
}

static void show(struct top *top, int key)
{
	top_show(top, (enum top_view)(key - '1'));
}

static void show_next(struct top *top, int key)
{
	(void)key;
	top_show(top, (top->path[0].scope.view + 1) % NR_VIEWS_LISTED);
}

static void enter(struct top *top, int key)
{
	(void)key;
	if (top->rows.v.nr)
		top_enter(top, &top->rows.v.v[top_place(top)->selected].target);
}

static void back(struct top *top, int key)
{
	(void)key;
	if (top->filter[0])
		top->filter[0] = '\0';
	else if (top->nr_path > 1)
		top->nr_path--;
}

static void sort_next(struct top *top, int key)
{
	enum top_view view = top_place(top)->scope.view;

	(void)key;
	top->sorts[view].column = top->sorts[view].column + 1 < top->rows.nr_columns
					  ? top->sorts[view].column + 1
					  : 0;
	/* Of numbers the largest are wanted. */
	top->sorts[view].is_reverse = top->rows.columns[top->sorts[view].column].flags != ROWS_LEFT;
}

static void sort_reverse(struct top *top, int key)
{
	enum top_view view = top_place(top)->scope.view;

	(void)key;
	top->sorts[view].is_reverse = !top->sorts[view].is_reverse;
}

static void begin_filter(struct top *top, int key)
{
	(void)key;
	top->is_typing = true;
	top->filter[0] = '\0';
}

static void freeze(struct top *top, int key)
{
	(void)key;
	top->is_frozen = !top->is_frozen;
}

static void read_again(struct top *top, int key)
{
	(void)key;
	top_model_ask(&top->model);
}

static void quit(struct top *top, int key)
{
	(void)key;
	top->is_done = true;
}

static void help(struct top *top, int key)
{
	const struct top_scope scope = { .view = VIEW_HELP, .area = LT_NO_AREA };

	(void)key;
	if (top_place(top)->scope.view != VIEW_HELP)
		top_enter(top, &scope);
}

/* Several keys may do one thing: those without a name are not shown. */
static const struct key {
	int key;
	const char *name, *does, *hint;
	void (*press)(struct top *top, int key);
} keys[] = {
	{ '?', "?", "this list", "help", help },
	{ 'h', NULL, NULL, NULL, help },
	{ '1', "1", "the areas, with a map", NULL, show },
	{ '2', "2", "allocations that failed, the blocking page and who is named with it", NULL,
	  show },
	{ '3', "3", "pages that cannot move", NULL, show },
	{ '4', "4", "processes by the pages of areas that they map", NULL, show },
	{ '5', "5", "who asked for device memory, and what of it is outstanding", NULL, show },
	{ '6', "6", "the per-CPU lists", NULL, show },
	{ '7', "7", "the sources", NULL, show },
	{ TOP_KEY_TAB, "Tab", "the next of these", NULL, show_next },
	{ TOP_KEY_ENTER, "Enter", "into the row: area, stretch, page, process", "into", enter },
	{ TOP_KEY_BACK, "Left", "back, or end the filter; Backspace and Escape too", "back", back },
	{ TOP_KEY_ESCAPE, NULL, NULL, NULL, back },
	{ TOP_KEY_UP, "Up", "select the row above; k too", NULL, move },
	{ TOP_KEY_DOWN, "Down", "the row below; j too", NULL, move },
	{ TOP_KEY_PAGE_UP, "PgUp", "a screen up", NULL, move },
	{ TOP_KEY_PAGE_DOWN, "PgDn", "a screen down", NULL, move },
	{ TOP_KEY_HOME, "Home", "the first row; g too", NULL, move },
	{ TOP_KEY_END, "End", "the last row; G too", NULL, move },
	{ 's', "s", "sort by the next column", "sort", sort_next },
	{ 'S', "S", "sort the other way", NULL, sort_reverse },
	{ '/', "/", "only rows with these words; Enter keeps, Escape ends it", "filter",
	  begin_filter },
	{ 'f', "f", "freeze: read nothing until pressed again", "freeze", freeze },
	{ 'r', "r", "read everything now", NULL, read_again },
	{ 'q', "q", "quit", "quit", quit },
};

#define NR_KEYS ARRAY_SIZE(keys)

/* For terminals without the keys. */
static int translate(int key)
{
	static const struct {
		char from;
		int to;
	} alike[] = {
		{ 'k', TOP_KEY_UP },  { 'j', TOP_KEY_DOWN },  { 'g', TOP_KEY_HOME },
		{ 'G', TOP_KEY_END }, { 'l', TOP_KEY_ENTER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(alike); i++)
		if (key == alike[i].from)
			return alike[i].to;
	return key;
}

static void type(struct top *top, int key)
{
	size_t len = strlen(top->filter);

	switch (key) {
	case TOP_KEY_ESCAPE:
		top->filter[0] = '\0';
		top->is_typing = false;
		break;
	case TOP_KEY_ENTER:
		top->is_typing = false;
		break;
	case TOP_KEY_BACK:
		if (len)
			top->filter[len - 1] = '\0';
		break;
	default:
		if (key >= ' ' && key < 0x7f && len + 1 < sizeof(top->filter)) {
			top->filter[len] = (char)key;
			top->filter[len + 1] = '\0';
		}
	}
}

void top_press(struct top *top, int key)
{
	if (top->is_typing) {
		type(top, key);
		return;
	}
	key = translate(key);
	for (size_t i = 0; i < NR_KEYS; i++)
		if (keys[i].key == key)
			keys[i].press(top, key);
}

void top_hints(char *out, size_t size)
{
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; i < NR_KEYS && len < size; i++)
		if (keys[i].hint)
			len += (size_t)snprintf(out + len, size - len, "%s%s %s", len ? "  " : "",
						keys[i].name, keys[i].hint);
}

/* clang-format off */
static const struct rows_column help_columns[] = {
	{ "KEY", ROWS_LEFT }, { "DOES", ROWS_LEFT }, { NULL, 0 },
};
/* clang-format on */

static void make_help(const struct top_model *model, const struct top_scope *scope,
		      struct rows *rows)
{
	(void)model;
	(void)scope;
	for (size_t i = 0; i < NR_KEYS; i++) {
		if (!keys[i].name || !rows_begin(rows, i, NULL))
			continue;
		rows_cell(rows, TEXT_HEADING, "%s", keys[i].name);
		rows_cell(rows, TEXT_PLAIN, "%s", keys[i].does);
	}
}

const struct view view_help = {
	.name = "help",
	.columns = help_columns,
	.depth = TOP_TABLES,
	.sort = ROWS_COLUMNS_MAX, /* in the order of the table */
	.make = make_help,
};
