// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints who holds device memory. */
#include <inttypes.h>

#include "render/evidence.h"
#include "render/table.h"

#define ROWS_MAX 20

static void put_name(struct table *table, const struct lt_holder *holder)
{
	if (holder->name)
		table_cell(table, "%s", holder->name);
	else
		table_cell(table, "?");
}

static void put_process(struct table *table, const struct lt_holder *holder)
{
	if (holder->pid.known)
		table_cell(table, "%s[%" PRIu64 "]", holder->comm ? holder->comm : "?",
			   holder->pid.val);
	else
		table_cell(table, holder->kind == LT_HOLDER_DRIVER ? "?" : "all");
}

static void put_holder(struct table *table, const struct text *text, const struct lt_snapshot *snap,
		       const struct lt_holder *holder)
{
	table_row(table);
	table_cell(table, "%s", lt_holder_kind_name(holder->kind));
	put_name(table, holder);
	table_cell(table, "%s", text_count(text, holder->nr_pages).s);
	table_cell(table, "%s", text_size(text, holder->nr_pages).s);
	table_cell(table, "%s", text_num(holder->nr_buffers).s);
	put_process(table, holder);
	table_cell(table, "%s", area_label(snap, holder->area));
}

int holder_print_table(struct text *text, const struct lt_snapshot *snap)
{
	const struct table_column columns[] = {
		{ "KIND", TABLE_LEFT },		  { "NAME", TABLE_LEFT },
		{ text_unit(text), TABLE_RIGHT }, { "SIZE", TABLE_RIGHT },
		{ "BUFFERS", TABLE_RIGHT },	  { "PROCESS", TABLE_LEFT },
		{ "AREA", TABLE_LEFT },		  { NULL, 0 },
	};
	struct table *table = table_new(text, columns);
	int err;

	for (size_t i = 0; i < snap->holders.nr && i < ROWS_MAX; i++)
		put_holder(table, text, snap, &snap->holders.v[i]);
	err = table_print(table, text);
	if (snap->holders.nr > ROWS_MAX)
		fprintf(text->out, "  ... and %zu more\n", snap->holders.nr - ROWS_MAX);
	text_wrap(text, "  ", 2,
		  "driver: allocated the pages, for that process (page_owner). dma-buf: an "
		  "exporter's buffers, and the part that a process has open; one that several "
		  "share counts for each. Where their memory comes from is not known.");
	return err;
}
