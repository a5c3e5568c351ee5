// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the answer of `ltpin explain`. */
#include "render/explain.h"

#include <errno.h>
#include <inttypes.h>

#include "base/array_size.h"
#include "render/table.h"

/* Rows of each table; JSON has all. */
#define ROWS_MAX 20

static const char *const verdicts[] = {
	[LT_WINDOW_FITS] = "fits",
	[LT_WINDOW_BUSY] = "busy",
	[LT_WINDOW_NO_MEMORY] = "no memory",
	[LT_WINDOW_UNSURE] = "unknown",
};

static void put_owner(struct table *table, const struct lt_obstacle_owner *owner)
{
	if (owner->by == LT_OWNED_UNKNOWN)
		table_cell(table, "?");
	else if (owner->pid.known)
		table_cell(table, "%s[%" PRIu64 "]", owner->comm ? owner->comm : "?",
			   owner->pid.val);
	else
		table_cell(table, "%s", owner->comm ? owner->comm : "?");
}

/* What makes @window fail: where, why, whose. */
static void put_blocker(struct table *table, const struct lt_explain *explain,
			const struct lt_window *window)
{
	struct lt_obstacle obstacle;
	bool is_told;

	if (!window->blocker.known) {
		for (int i = 0; i < 3; i++)
			table_cell(table, window->verdict == LT_WINDOW_UNSURE ? "?" : "-");
		return;
	}
	is_told =
		!window->is_tail && lt_explain_obstacle_at(explain, window->blocker.val, &obstacle);
	table_cell(table, "%s", text_pfn(window->blocker.val).s);
	table_cell(table, "%s",
		   window->is_tail ? "inside a folio"
		   : is_told	   ? lt_fate_name(obstacle.fate)
				   : "?");
	if (is_told && obstacle.owner != LT_NO_OWNER)
		put_owner(table, &explain->owners.v[obstacle.owner]);
	else
		table_cell(table, "?");
}

static void put_window(struct table *table, const struct text *text,
		       const struct lt_explain *explain, const struct lt_window *window,
		       uint64_t nr_alike)
{
	const uint64_t *nr = window->nr;
	const uint64_t counts[] = {
		nr[LT_FATE_FREE],    nr[LT_FATE_MOVED] + nr[LT_FATE_RECLAIMED],
		nr[LT_FATE_PINNED],  nr[LT_FATE_HELD] + nr[LT_FATE_UNMOVABLE],
		nr[LT_FATE_UNKNOWN],
	};

	table_row(table);
	table_cell(table, "%s", text_pfn(window->pfns.start_pfn).s);
	table_cell(table, "%" PRIu64, nr_alike);
	table_cell(table, "%s", verdicts[window->verdict]);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		table_cell(table, "%s", text_count(text, lt_num(counts[i])).s);
	put_blocker(table, explain, window);
}

static bool is_alike(const struct lt_window *a, const struct lt_window *b)
{
	return a->verdict == b->verdict && !a->is_tail && !b->is_tail && a->blocker.known &&
	       b->blocker.known && a->blocker.val == b->blocker.val;
}

/* Windows that fail at one page are one row. */
static int print_windows(struct text *text, const struct lt_explain *explain)
{
	const struct table_column columns[] = {
		{ "WINDOW", TABLE_LEFT }, { "NR", TABLE_RIGHT },   { "VERDICT", TABLE_LEFT },
		{ "FREE", TABLE_RIGHT },  { "MOVE", TABLE_RIGHT }, { "PINNED", TABLE_RIGHT },
		{ "OTHER", TABLE_RIGHT }, { "?", TABLE_RIGHT },	   { "BLOCKER", TABLE_LEFT },
		{ "WHY", TABLE_LEFT },	  { "WHO", TABLE_LEFT },   { NULL, 0 },
	};
	const struct lt_windows *windows = &explain->result.windows;
	struct table *table = table_new(text, columns);
	uint64_t nr_shown = 0;
	size_t next, rows = 0;

	for (size_t i = 0; i < windows->nr && rows < ROWS_MAX; i = next, rows++) {
		for (next = i + 1;
		     next < windows->nr && is_alike(&windows->v[i], &windows->v[next]);)
			next++;
		put_window(table, text, explain, &windows->v[i], next - i);
		nr_shown += next - i;
	}
	if (table_print(table, text))
		return -ENOMEM;
	if (nr_shown < explain->result.nr_windows && !text->is_brief)
		fprintf(text->out, "  ... %" PRIu64 " more\n",
			explain->result.nr_windows - nr_shown);
	return 0;
}

static int print_owners(struct text *text, const struct lt_explain *explain)
{
	const struct table_column columns[] = {
		{ "OWNER", TABLE_LEFT },	  { "HOW", TABLE_LEFT },
		{ text_unit(text), TABLE_RIGHT }, { "FOLIOS", TABLE_RIGHT },
		{ "MAX AFTER", TABLE_RIGHT },	  { "SIZE AFTER", TABLE_RIGHT },
		{ "THIS REQUEST", TABLE_LEFT },	  { NULL, 0 },
	};
	struct table *table = table_new(text, columns);
	size_t nr = explain->owners.nr < ROWS_MAX ? explain->owners.nr : ROWS_MAX;

	for (size_t i = 0; i < nr; i++) {
		const struct lt_obstacle_owner *owner = &explain->owners.v[i];
		const char *how = lt_owned_by_name(owner->by);

		table_row(table);
		put_owner(table, owner);
		table_cell(table, "%s", how ? how : "?");
		table_cell(table, "%s", text_count(text, lt_num(owner->nr_pages)).s);
		table_cell(table, "%" PRIu64, owner->nr_folios);
		table_cell(table, "%s", text_count(text, lt_num(owner->largest)).s);
		table_cell(table, "%s", text_size(text, lt_num(owner->largest)).s);
		table_cell(table, "%s", owner->would_succeed ? "fits" : "-");
	}
	if (table_print(table, text))
		return -ENOMEM;
	if (nr < explain->owners.nr && !text->is_brief)
		fprintf(text->out, "  ... %zu more\n", explain->owners.nr - nr);
	return 0;
}

static void print_cheapest(struct text *text, const struct lt_cheapest *cheapest)
{
	char kernel[80] = "";

	if (cheapest->nr_unmovable)
		snprintf(kernel, sizeof(kernel),
			 "; %" PRIu64 " of these folios belong to the kernel or a driver",
			 cheapest->nr_unmovable);
	text_wrapf(text, "  ", 4,
		   "PFN %s-0x%" PRIx64 ": release %" PRIu64 " page%s in %" PRIu64
		   " folio%s of %" PRIu64 " owner%s%s.",
		   text_pfn(cheapest->pfns.start_pfn).s, cheapest->pfns.end_pfn - 1,
		   cheapest->nr_pages, cheapest->nr_pages == 1 ? "" : "s", cheapest->nr_folios,
		   cheapest->nr_folios == 1 ? "" : "s", cheapest->nr_owners,
		   cheapest->nr_owners == 1 ? "" : "s", kernel);
}

static void print_sizes(struct text *text, const struct lt_explain *explain)
{
	fprintf(text->out, "  Now: %s\n", text_pages(text, explain->largest).s);
	if (explain->enough_pages.known)
		text_wrapf(text, "  ", 2,
			   "An area of %s would have room for this request, with every blocking "
			   "page where it is.",
			   text_pages(text, explain->enough_pages).s);
}

/* The answer, and in which role. */
static void print_headline(struct text *text, const struct lt_explain *explain)
{
	static const enum text_role roles[] = {
		[LT_PREDICT_UNKNOWN] = TEXT_WARNING,
		[LT_PREDICT_SUCCESS] = TEXT_GOOD,
		[LT_PREDICT_FAILURE] = TEXT_BAD,
	};

	fputs(text_role(text, roles[explain->prediction]), text->out);
	text_wrap(text, "", 0, explain->headline);
	fputs(text_role(text, TEXT_PLAIN), text->out);
}

static int print_evidence(struct text *text, const struct lt_explain *explain)
{
	int err = 0;

	if (explain->result.nr_windows) {
		text_heading(text, "Windows tried, in order");
		err = print_windows(text, explain);
	}
	if (explain->cheapest.is_known) {
		text_heading(text, "Cheapest window to free");
		print_cheapest(text, &explain->cheapest);
	}
	if (!err && explain->owners.nr) {
		text_heading(text,
			     "Owners of blocking pages, and the largest allocation without them");
		err = print_owners(text, explain);
	}
	text_heading(text, "Largest allocation");
	print_sizes(text, explain);
	text_heading(text, "Evidence, and what is not known");
	lt_vec_each(sentence, &explain->basis)
		text_wrap(text, "  - ", 4, *sentence);
	return err;
}

int explain_print_text(struct text *text, const struct lt_explain *explain)
{
	int err;

	if (text->columns) {
		err = print_windows(text, explain);
		return err ? err : print_owners(text, explain);
	}
	print_headline(text, explain);
	return text->is_brief ? 0 : print_evidence(text, explain);
}
