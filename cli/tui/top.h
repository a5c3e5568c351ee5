/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TUI_TOP_H
#define CLI_TUI_TOP_H

#include "tui/view.h"

/* What the user looks at and how: all that keys change. Knows no terminal. */

#define TOP_PATH_MAX 16
#define TOP_FILTER_MAX 48

/* Keys that are no character. */
enum top_key {
	TOP_KEY_NONE = 0,
	TOP_KEY_ESCAPE = 0x1b,
	TOP_KEY_UP = 1 << 24,
	TOP_KEY_DOWN,
	TOP_KEY_PAGE_UP,
	TOP_KEY_PAGE_DOWN,
	TOP_KEY_HOME,
	TOP_KEY_END,
	TOP_KEY_ENTER,
	TOP_KEY_BACK,
	TOP_KEY_TAB,
	TOP_KEY_RESIZE,
};

/* A place on the way from the first view to here. */
struct top_place {
	struct top_scope scope;
	size_t selected, first; /* indexes of rows; what is selected stays so by its id */
	uint64_t selected_id;
};

/**
 * struct top - the state of `top`
 * @path:      @nr_path places, the last is shown
 * @sorts:     per view
 * @filter:    what rows must have in a cell
 * @is_typing: keys go to the filter
 * @page:      rows that the last frame had room for
 */
struct top {
	struct top_model model;
	struct top_place path[TOP_PATH_MAX];
	unsigned int nr_path;
	struct {
		unsigned int column;
		bool is_reverse;
	} sorts[VIEW_NR];
	char filter[TOP_FILTER_MAX];
	bool is_typing, is_frozen, is_done;
	unsigned int interval_ms; /* 0: there is one frame alone */
	struct rows rows;
	size_t page;
};

void top_init(struct top *top, struct lt_root *root, const char *kconfig);
void top_fini(struct top *top);

struct top_place *top_place(struct top *top);

/* Show @scope; it can be gone back from. */
void top_enter(struct top *top, const struct top_scope *scope);

/* Show one of the listed views, from which nothing is to go back to. */
void top_show(struct top *top, enum top_view view);

/* The rows of the view, filtered and sorted, for a screen of @width columns; 0 or -ENOMEM. */
int top_make_rows(struct top *top, unsigned int width);

/* Do what a key says. */
void top_press(struct top *top, int key);

/* "? help  / filter ...", as many as fit. */
void top_hints(char *out, size_t size);

/* Rows of VIEW_HELP. */
extern const struct view view_help;

#endif
