// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints groups of page_owner records. */
#include "render/owner_groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/memstream.h"
#include "render/table.h"

#define ROWS_PER_TABLE 200 /* a table is laid out in memory */

const struct owner_key owner_keys[] = {
	{ "area", "AREA", LT_OWNER_BY_AREA },
	{ "task", "TASK", LT_OWNER_BY_TASK },
	{ "migratetype", "TYPE", LT_OWNER_BY_MIGRATETYPE },
	{ "gfp", "GFP", LT_OWNER_BY_GFP },
	{ "stack", "STACK", LT_OWNER_BY_STACK },
	{ 0 },
};

enum lt_owner_key owner_key_find(const char *name, size_t len)
{
	for (const struct owner_key *key = owner_keys; key->name; key++)
		if (len == strlen(key->name) && !memcmp(name, key->name, len))
			return key->key;
	return 0;
}

static const char *area_name(const struct lt_areas *areas, size_t area)
{
	return area == LT_NO_AREA ? NULL : areas->v[area].name;
}

static void put_stack(struct table *table, const struct lt_stack *stack)
{
	char *cell = NULL;
	size_t size;
	FILE *out = stack ? open_memstream(&cell, &size) : NULL;

	for (size_t i = 0; out && i < stack->nr; i++)
		fprintf(out, "%s%s", i ? "\n" : "", stack->frames[i]);
	if (stack && (!out || lt_memstream_close(out, &cell)))
		table_fail(table);
	table_cell(table, "%s", cell ? cell : "?");
	free(cell);
}

static void put_task(struct table *table, const struct lt_owner_group_key *owner)
{
	if (!owner->pid.known && !owner->comm)
		table_cell(table, "?"); /* 5.10 does not tell */
	else
		table_cell(table, "%s[%s]", owner->comm ? owner->comm : "?",
			   text_num(owner->pid).s);
}

static void put_key(struct table *table, const struct lt_areas *areas,
		    const struct lt_owner_group *group, enum lt_owner_key key)
{
	const char *cell = NULL;

	switch (key) {
	case LT_OWNER_BY_STACK:
		put_stack(table, group->key.stack);
		return;
	case LT_OWNER_BY_TASK:
		put_task(table, &group->key);
		return;
	case LT_OWNER_BY_GFP:
		cell = group->key.gfp;
		break;
	case LT_OWNER_BY_MIGRATETYPE:
		cell = group->key.migratetype;
		break;
	case LT_OWNER_BY_AREA:
		cell = group->area == LT_NO_AREA ? "none" : area_name(areas, group->area);
		break;
	}
	table_cell(table, "%s", cell ? cell : "?");
}

static struct table *new_table(struct text *text, unsigned int grouped_by)
{
	struct table_column columns[ARRAY_SIZE(owner_keys) + 2] = {
		{ "PAGES", TABLE_RIGHT },
		{ "RECORDS", TABLE_RIGHT },
	};
	size_t nr = 2;

	for (const struct owner_key *key = owner_keys; key->name; key++)
		if (grouped_by & key->key)
			columns[nr++] = (struct table_column){ key->title, TABLE_LINES };
	return table_new(text, columns);
}

int owner_groups_print(struct text *text, const struct lt_owner_groups *groups,
		       const struct lt_areas *areas, size_t nr)
{
	int err = 0;

	for (size_t i = 0; i < nr && !err;) {
		struct table *table = new_table(text, groups->keys);

		do {
			const struct lt_owner_group *group = &groups->list.v[i];

			table_row(table);
			table_cell(table, "%s", text_count(text, lt_num(group->nr_pages)).s);
			table_cell(table, "%" PRIu64, group->nr_records);
			for (const struct owner_key *key = owner_keys; key->name; key++)
				if (groups->keys & key->key)
					put_key(table, areas, group, key->key);
		} while (++i < nr && i % ROWS_PER_TABLE);
		err = table_print(table, text);
	}
	return err;
}
