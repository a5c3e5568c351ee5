/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TUI_VIEW_H
#define CLI_TUI_VIEW_H

#include "tui/model.h"
#include "tui/rows.h"

/**
 * struct view - a row of the table of views
 * @name:    in the list of views, or where Enter led
 * @columns: of its rows
 * @depth:   what it needs to be fresh
 * @sort:    column, and
 * @is_reverse: direction that it begins with
 * @has_end: the newest is at the top and the view follows it
 * @make:    rows; @scope says of what
 * @below:   notes on the row that is selected; NULL
 */
struct view {
	const char *name;
	const struct rows_column *columns;
	enum top_depth depth;
	unsigned int sort;
	bool is_reverse;
	void (*make)(const struct top_model *model, const struct top_scope *scope,
		     struct rows *rows);
	void (*below)(const struct top_model *model, const struct top_scope *scope,
		      const struct rows_row *row, struct rows *rows);
};

extern const struct view view_areas, view_failures, view_pages, view_processes, view_ledger,
	view_cpus, view_sources, view_windows, view_page, view_process;

/* By enum top_view; that of VIEW_HELP is made of the keys. */
extern const struct view *const views[VIEW_NR];

#define NR_VIEWS_LISTED (VIEW_SOURCES + 1)

/* Numbers as text: sizes need to know the page size. */
struct text view_text(const struct top_model *model);

/* Failures that are one row: @count alike, in a row. */
struct view_failure {
	const struct lt_attempt *first, *last;
	unsigned int count;
};

LT_VEC_OF(view_failures, struct view_failure);

/* Failed attempts in the order of the sources: 0 or -ENOMEM. */
int view_list_failures(const struct lt_attempts *attempts, struct view_failures *out);

/* The newest failed attempt, or NULL. */
const struct lt_attempt *view_last_failure(const struct top_model *model);

/* "-EBUSY", "failed" */
struct text_chunk view_result(const struct lt_attempt *attempt);

/*
 * What became of the page since it made an attempt fail: "held" since then, "held now" by whatever,
 * "released"; "?" if that is not known.
 */
const char *view_state(const struct lt_cause_page *said);

/* Who is named with it, for the reason @said->by: "camera-hal[60]"; "?" if nobody is. */
struct text_chunk view_holder(const struct lt_cause_page *said);

/* Who maps, or allocated, a page: "camera-hal[60]", "?" if no source tells; never one for another. */
struct text_chunk view_mapper(const struct lt_pin *pin);
struct text_chunk view_allocator(const struct lt_pin *pin);

#endif
