// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints allocation attempts, those that are alike as one row. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/errno_name.h"
#include "base/compiler.h"
#include "model/completeness.h"
#include "render/evidence.h"
#include "render/table.h"

/* Attempts that asked for the same, were told by the same source and ended alike. */
struct group {
	const struct lt_attempt *last;
	unsigned int count;
	struct lt_pfns blockers; /* that any of them met, not sorted */
	struct lt_num first_pfn; /* the first that the last of those met which met one */
	unsigned int nr_tries;
};

LT_VEC_OF(groups, struct group);

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_names(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : compare(a != NULL, b != NULL);
}

static int compare_nums(struct lt_num a, struct lt_num b)
{
	return a.known && b.known ? compare(a.val, b.val) : compare(a.known, b.known);
}

/* 0: they are of one group. */
static int compare_kinds(const struct lt_attempt *a, const struct lt_attempt *b)
{
	int order = compare(a->source, b->source);

	order = order ? order : compare(a->area, b->area);
	order = order ? order : compare(a->failed, b->failed);
	order = order ? order : compare(a->is_open, b->is_open);
	order = order ? order : compare_nums(a->nr_pages, b->nr_pages);
	order = order ? order : compare_nums(a->err, b->err);
	return order ? order : compare_names(a->area_name, b->area_name);
}

/* Those of one group side by side, in the order in which they are told. */
static int by_kind(const void *left, const void *right)
{
	const struct lt_attempt *a = *(const struct lt_attempt *const *)left;
	const struct lt_attempt *b = *(const struct lt_attempt *const *)right;
	int order = compare_kinds(a, b);

	return order ? order : (a > b) - (a < b);
}

static int by_last(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	return (left->last > right->last) - (left->last < right->last);
}

static int add(struct groups *groups, const struct lt_attempt *attempt)
{
	struct group *group = groups->nr ? &groups->v[groups->nr - 1] : NULL;

	if (!group || compare_kinds(group->last, attempt)) {
		group = lt_vec_push(groups);
		if (!group)
			return -ENOMEM;
	}
	group->last = attempt;
	group->count += attempt->count;
	group->nr_tries += (unsigned int)lt_attempt_nr_ranges(attempt).val;
	if (lt_attempt_blocker(attempt).known)
		group->first_pfn = lt_attempt_blocker(attempt);
	return lt_attempt_blockers(attempt, &group->blockers);
}

static void free_groups(struct groups *groups)
{
	lt_vec_each(group, groups)
		lt_vec_free(&group->blockers);
	lt_vec_free(groups);
}

/* Groups in the order of their last attempts, which the first column has. */
static int make_groups(const struct lt_attempts *attempts, struct groups *out)
{
	const struct lt_attempt **sorted = calloc(attempts->nr + 1, sizeof(const void *));
	int err = sorted ? 0 : -ENOMEM;

	for (size_t i = 0; i < attempts->nr && !err; i++)
		sorted[i] = &attempts->v[i];
	if (!err && attempts->nr)
		qsort(sorted, attempts->nr, sizeof(*sorted), by_kind);
	for (size_t i = 0; i < attempts->nr && !err; i++)
		err = add(out, sorted[i]);
	free(sorted);
	lt_vec_each(group, out)
		lt_pfns_sort(&group->blockers);
	if (!err && out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_last);
	return err;
}

/* "0x1ae03 +2": a page, and how many others there are; "-" if there is none. */
static struct text_chunk name_blockers(struct lt_num first, size_t nr)
{
	struct text_chunk chunk = { "-" };

	if (first.known)
		chunk = text_pfn(first.val);
	if (first.known && nr > 1)
		snprintf(chunk.s + strlen(chunk.s), sizeof(chunk.s) - strlen(chunk.s), " +%zu",
			 nr - 1);
	return chunk;
}

struct text_chunk attempt_blockers(const struct lt_attempt *attempt)
{
	struct lt_pfns pfns = { 0 };
	struct text_chunk chunk;

	/* Without memory to count the others, the first is named alone. */
	lt_ignore(lt_attempt_blockers(attempt, &pfns));
	chunk = name_blockers(lt_attempt_blocker(attempt), pfns.nr);
	lt_vec_free(&pfns);
	return chunk;
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
		      const struct group *group, bool is_complete)
{
	const struct lt_attempt *last = group->last;
	const bool is_of_log = !group->nr_tries && last->source == LT_ATTEMPT_LOG;
	const bool is_at_least = last->failed && (!is_complete || last->is_paired);
	const char *name = last->area_name	      ? last->area_name
			   : last->area == LT_NO_AREA ? "?"
						      : area_label(snap, last->area);

	table_row(table);
	table_cell(table, "%s", text_time(lt_attempt_last_ns(last)).s);
	table_cell(table, "%s", lt_attempt_source_name(last->source));
	table_cell(table, "%s", name);
	table_cell(table, "%s", text_count(text, last->nr_pages).s);
	table_cell(table, "%s", text_size(text, last->nr_pages).s);
	put_result(table, last);
	table_cell(table, "%u%s", group->count, is_at_least ? "+" : "");
	/* The log has no ranges: how many were tried, and what blocked them, is not known. */
	table_cell(table, "%s",
		   text_num(is_of_log ? (struct lt_num){ 0 } : lt_num(group->nr_tries)).s);
	table_cell(table, "%s",
		   is_of_log && !group->first_pfn.known
			   ? "?"
			   : name_blockers(group->first_pfn, group->blockers.nr).s);
}

int attempt_print_table(struct text *text, const struct lt_snapshot *snap)
{
	const struct table_column columns[] = {
		{ "LAST", TABLE_RIGHT },      { "SOURCE", TABLE_LEFT },
		{ "AREA", TABLE_LEFT },	      { text_unit(text), TABLE_RIGHT },
		{ "SIZE", TABLE_RIGHT },      { "RESULT", TABLE_LEFT },
		{ "TIMES", TABLE_RIGHT },     { "TRIES", TABLE_RIGHT },
		{ "BLOCKED BY", TABLE_LEFT }, { NULL, 0 },
	};
	struct table *table = table_new(text, columns);
	const bool is_complete = lt_completeness_of(snap, LT_NO_AREA).is_complete;
	struct groups groups = { 0 };
	int err = make_groups(&snap->attempts, &groups);

	lt_vec_each(group, &groups)
		put_group(table, text, snap, group, is_complete);
	free_groups(&groups);
	return table_print(table, text) ? -ENOMEM : err;
}
