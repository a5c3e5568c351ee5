// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints what may free pages of an area, and what came of trying it. */
#include "render/trial.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>

#include "base/errno_name.h"
#include "render/table.h"

/* A step that was not done has no figure; what is not known of one that was done is '?'. */
static void put_num(struct table *table, const struct lt_trial *trial, struct lt_num num)
{
	const bool has_none = !num.known && trial->status != LT_TRIAL_DONE;

	table_cell(table, "%s", has_none ? "-" : text_num(num).s);
}

static int print_table(struct text *text, const struct lt_trials *trials)
{
	const struct table_column columns[] = {
		{ "STEP", TABLE_LEFT },	 { "RESULT", TABLE_LEFT },
		{ "FREE", TABLE_RIGHT }, { "FREE THEN", TABLE_RIGHT },
		{ "STAY", TABLE_RIGHT }, { "STAY THEN", TABLE_RIGHT },
		{ "BACK", TABLE_RIGHT }, { "REQUEST", TABLE_LEFT },
		{ "TOOK", TABLE_RIGHT }, { NULL, 0 },
	};
	struct table *table = table_new(text, columns);

	lt_vec_each(trial, trials) {
		table_row(table);
		table_cell(table, "%s", lt_remedy_name(trial->remedy));
		table_cell(table, "%s", lt_trial_status_name(trial->status));
		put_num(table, trial, trial->before.nr_free);
		put_num(table, trial, trial->after.nr_free);
		put_num(table, trial, trial->before.nr_blocking);
		put_num(table, trial, trial->after.nr_blocking);
		put_num(table, trial, trial->nr_back);
		table_cell(table, "%s", trial->after.prediction ? trial->after.prediction : "-");
		table_cell(table, "%s",
			   trial->elapsed_ns.known ? text_duration(trial->elapsed_ns).s : "-");
	}
	return table_print(table, text);
}

static void print_reason(struct text *text, const struct lt_trial *trial)
{
	const char *name = trial->err.known ? lt_errno_name((int)trial->err.val) : NULL;

	if (trial->err.known)
		text_wrapf(text, "  ", 2, "%s: the allocation failed with %s%s.",
			   lt_remedy_name(trial->remedy), name ? "-" : "error ",
			   name ? name : "that has no name");
	else if (trial->diag.why[0])
		text_wrapf(text, "  ", 2, "%s: %s.", lt_remedy_name(trial->remedy),
			   trial->diag.why);
}

static void print_plan(struct text *text, const struct lt_trials *trials)
{
	text_heading(text, "What would be tried, in this order");
	lt_vec_each(trial, trials)
		text_wrapf(text, "  ", 4, "%s: %s.", lt_remedy_name(trial->remedy),
			   lt_remedy_touches(trial->remedy));
	text_wrap(text, "  ", 2, "Nothing is stopped or killed. Nothing was done now.");
}

int trials_print(struct text *text, const struct lt_trials *trials, bool is_dry)
{
	int err;

	if (!trials->nr)
		return 0;
	if (is_dry) {
		print_plan(text, trials);
		return 0;
	}
	text_heading(text, "What was tried, in this order");
	err = print_table(text, trials);
	if (err)
		return err;
	lt_vec_each(trial, trials)
		print_reason(text, trial);
	if (trials->v[0].before.nr_windows.known)
		text_wrapf(text, "  ", 2,
			   "FREE: of %" PRIu64 " places where the request could lie, those without "
			   "a page that stays, before the step and then. STAY: folios of the area "
			   "that stay. BACK: of those that the step released, how many stay again "
			   "at the end. REQUEST: what it would come to then.",
			   trials->v[0].before.nr_windows.val);
	return 0;
}
