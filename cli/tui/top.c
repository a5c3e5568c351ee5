// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps where the user of `top` is: the view, its scope, the selected row. */
#include "tui/top.h"

#include <errno.h>

const struct view *const views[VIEW_NR] = {
	[VIEW_AREAS] = &view_areas,	[VIEW_FAILURES] = &view_failures,
	[VIEW_PAGES] = &view_pages,	[VIEW_PROCESSES] = &view_processes,
	[VIEW_LEDGER] = &view_ledger,	[VIEW_CPUS] = &view_cpus,
	[VIEW_SOURCES] = &view_sources, [VIEW_WINDOWS] = &view_windows,
	[VIEW_PAGE] = &view_page,	[VIEW_PROCESS] = &view_process,
	[VIEW_HELP] = &view_help,
};

void top_init(struct top *top, struct lt_root *root, const char *kconfig)
{
	*top = (struct top){ .interval_ms = 1000, .page = 1 };
	top_model_init(&top->model, root, kconfig);
	for (int i = 0; i < VIEW_NR; i++) {
		top->sorts[i].column = views[i]->sort;
		top->sorts[i].is_reverse = views[i]->is_reverse;
	}
	top_show(top, VIEW_AREAS);
}

void top_fini(struct top *top)
{
	top_model_fini(&top->model);
	rows_fini(&top->rows);
}

struct top_place *top_place(struct top *top)
{
	return &top->path[top->nr_path - 1];
}

void top_enter(struct top *top, const struct top_scope *scope)
{
	if (scope->view == VIEW_NR || top->nr_path == TOP_PATH_MAX)
		return;
	top->filter[0] = '\0';
	top->path[top->nr_path++] = (struct top_place){ .scope = *scope };
}

void top_show(struct top *top, enum top_view view)
{
	const struct top_scope scope = { .view = view, .area = LT_NO_AREA };

	top->nr_path = 0;
	top_enter(top, &scope);
}

/* What was selected stays selected where it is now; if it is gone, what took its place. */
static void select_again(struct top *top)
{
	struct top_place *place = top_place(top);
	const struct rows *rows = &top->rows;

	for (size_t i = 0; i < rows->v.nr && place->selected; i++)
		if (rows->v.v[i].id == place->selected_id)
			place->selected = i;
	if (place->selected >= rows->v.nr)
		place->selected = rows->v.nr ? rows->v.nr - 1 : 0;
	if (rows->v.nr)
		place->selected_id = rows->v.v[place->selected].id;
}

int top_make_rows(struct top *top, unsigned int width)
{
	const struct top_scope *scope = &top_place(top)->scope;
	const struct view *view = views[scope->view];
	struct rows *rows = &top->rows;
	int err;

	rows_reset(rows, view->columns, width);
	view->make(&top->model, scope, rows);
	rows_filter(rows, top->filter);
	err = rows_sort(rows, top->sorts[scope->view].column, top->sorts[scope->view].is_reverse);
	select_again(top);
	if (!err && view->below && rows->v.nr)
		view->below(&top->model, scope, &rows->v.v[top_place(top)->selected], rows);
	return rows->is_lost ? -ENOMEM : err;
}
