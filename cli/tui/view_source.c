// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of every source at the last look at all of them. */
#include "tui/view.h"

static const struct rows_column columns[] = {
	{ "SOURCE", ROWS_LEFT },
	{ "STATUS", ROWS_LEFT },
	{ "DETAIL", ROWS_LEFT },
	{ NULL, 0 },
};

static enum text_role role_of(enum lt_status status)
{
	switch (status) {
	case LT_STATUS_OK:
		return TEXT_GOOD;
	case LT_STATUS_PARTIAL:
		return TEXT_WARNING;
	case LT_STATUS_DENIED:
	case LT_STATUS_ERROR:
		return TEXT_BAD;
	case LT_STATUS_ABSENT:
	case LT_STATUS_UNUSED:
		break;
	}
	return TEXT_FAINT;
}

static void make(const struct top_model *model, const struct top_scope *scope, struct rows *rows)
{
	const struct lt_source_states *sources = &top_model_at(model, TOP_PAGES)->sources;

	(void)scope;
	lt_vec_each(state, sources) {
		if (!rows_begin(rows, (uint64_t)(state - sources->v), NULL))
			continue;
		rows_cell(rows, TEXT_PLAIN, "%s", state->name);
		rows_cell(rows, role_of(state->status), "%s", lt_status_name(state->status));
		rows_cell(rows, TEXT_PLAIN, "%s", state->detail ? state->detail : "");
	}
}

const struct view view_sources = {
	.name = "sources",
	.columns = columns,
	.depth = TOP_PAGES,
	.sort = ROWS_COLUMNS_MAX,
	.make = make,
};
