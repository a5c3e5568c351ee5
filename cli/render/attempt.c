// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/errno_name.h"
#include "render/evidence.h"
#include "render/table.h"

/* Attempts that asked for the same, were told by the same source and ended alike. */
struct group {
	const struct lt_attempt *last;
	unsigned int count;
	struct lt_num blocker_pfn; /* of the last that met one */
	unsigned int nr_tries;
};

LT_VEC_OF(groups, struct group);

static bool is_same_name(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool is_same_num(struct lt_num a, struct lt_num b)
{
	return a.known == b.known && (!a.known || a.val == b.val);
}

static bool is_alike(const struct lt_attempt *a, const struct lt_attempt *b)
{
	return a->source == b->source && a->area == b->area && a->failed == b->failed &&
	       a->is_open == b->is_open && is_same_name(a->area_name, b->area_name) &&
	       is_same_num(a->nr_pages, b->nr_pages) && is_same_num(a->err, b->err);
}

static int add(struct groups *groups, const struct lt_attempt *attempt)
{
	struct group *group = NULL;

	lt_vec_each(old, groups)
		if (is_alike(old->last, attempt))
			group = old;
	if (!group)
		group = lt_vec_push(groups);
	if (!group)
		return -ENOMEM;
	group->last = attempt;
	group->count += attempt->count;
	group->nr_tries += (unsigned int)attempt->tries.nr;
	lt_vec_each(tried, &attempt->tries)
		if (!tried->ok && tried->blocker_pfn.known)
			group->blocker_pfn = tried->blocker_pfn;
	return 0;
}

static void put_result(struct table *table, const struct lt_attempt *attempt)
{
	const char *name = attempt->err.known ? lt_errno_name((int)attempt->err.val) : NULL;

	if (attempt->is_open)
		table_cell(table, "not known");
	else if (!attempt->failed)
		table_cell(table, "ok");
	else if (name)
		table_cell(table, "-%s", name);
	else if (attempt->err.known)
		table_cell(table, "-%" PRIu64, attempt->err.val);
	else
		table_cell(table, "failed");
}

static void put_group(struct table *table, const struct text *text, const struct lt_snapshot *snap,
		      const struct group *group)
{
	const struct lt_attempt *last = group->last;
	const char *name = last->area_name ? last->area_name : area_label(snap, last->area);

	table_row(table);
	table_cell(table, "%s", text_time(last->ts_ns).s);
	table_cell(table, "%s", lt_attempt_source_name(last->source));
	table_cell(table, "%s", name);
	table_cell(table, "%s", text_count(text, last->nr_pages).s);
	table_cell(table, "%s", text_size(text, last->nr_pages).s);
	put_result(table, last);
	table_cell(table, "%u", group->count);
	table_cell(table, "%u", group->nr_tries);
	table_cell(table, "%s", group->blocker_pfn.known ? text_pfn(group->blocker_pfn.val).s : "-");
}

int attempt_print_table(struct text *text, const struct lt_snapshot *snap)
{
	const struct table_column columns[] = {
		{ "LAST", TABLE_RIGHT },   { "SOURCE", TABLE_LEFT }, { "AREA", TABLE_LEFT },
		{ text_unit(text), TABLE_RIGHT },  { "SIZE", TABLE_RIGHT },  { "RESULT", TABLE_LEFT },
		{ "TIMES", TABLE_RIGHT },  { "TRIES", TABLE_RIGHT }, { "BLOCKED BY", TABLE_LEFT },
		{ NULL, 0 },
	};
	struct table *table = table_new(text, columns);
	struct groups groups = { 0 };
	int err = 0;

	lt_vec_each(attempt, &snap->attempts)
		err = err ? err : add(&groups, attempt);
	lt_vec_each(group, &groups)
		put_group(table, text, snap, group);
	lt_vec_free(&groups);
	return table_print(table, text) ? -ENOMEM : err;
}
