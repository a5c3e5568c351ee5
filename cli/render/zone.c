// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints zones and their free blocks. */
#include <inttypes.h>

#include "render/evidence.h"
#include "render/table.h"

static struct lt_num pcp_total(const struct lt_zone *zone)
{
	struct lt_num total = { .known = zone->pcp.nr > 0 };

	lt_vec_each(pcp, &zone->pcp)
		total = lt_num_add(total, pcp->count);
	return total;
}

static struct lt_num pcp_high(const struct lt_zone *zone)
{
	struct lt_num total = { .known = zone->pcp.nr > 0 };

	lt_vec_each(pcp, &zone->pcp)
		total = lt_num_add(total, pcp->high);
	return total;
}

int zone_print_table(struct text *text, const struct lt_snapshot *snap)
{
	static const struct table_column columns[] = {
		{ "NODE", TABLE_RIGHT },     { "ZONE", TABLE_LEFT },
		{ "MANAGED", TABLE_RIGHT },  { "FREE", TABLE_RIGHT },
		{ "MIN", TABLE_RIGHT },	     { "LOW", TABLE_RIGHT },
		{ "HIGH", TABLE_RIGHT },     { "CMA", TABLE_RIGHT },
		{ "CMA-FREE", TABLE_RIGHT }, { "PCP-FREE", TABLE_RIGHT },
		{ "PCP-HIGH", TABLE_RIGHT }, { NULL, 0 },
	};
	struct table *table = table_new(text, columns);

	lt_vec_each(zone, &snap->zones) {
		if (lt_zone_is_empty(zone))
			continue;
		table_row(table);
		table_cell(table, "%u", zone->node);
		table_cell(table, "%s", zone->name);
		table_cell(table, "%s", text_count(text, zone->nr_managed).s);
		table_cell(table, "%s", text_count(text, zone->nr_free).s);
		table_cell(table, "%s", text_count(text, zone->watermark.min).s);
		table_cell(table, "%s", text_count(text, zone->watermark.low).s);
		table_cell(table, "%s", text_count(text, zone->watermark.high).s);
		table_cell(table, "%s", text_count(text, zone->nr_cma).s);
		table_cell(table, "%s", text_count(text, zone->nr_free_cma).s);
		table_cell(table, "%s", text_count(text, pcp_total(zone)).s);
		table_cell(table, "%s", text_count(text, pcp_high(zone)).s);
	}
	return table_print(table, text);
}

/* Whether the zone has any block of that type, so that the line says something. */
static bool is_in_use(const struct lt_migratetype *type)
{
	for (unsigned int order = 0; order < type->nr_orders; order++)
		if (type->nr_free[order])
			return true;
	return type->nr_pageblocks.known && type->nr_pageblocks.val;
}

static void put_type(struct table *table, const struct lt_migratetype *type, unsigned int orders)
{
	table_row(table);
	table_cell(table, "%s", type->name);
	table_cell(table, "%s", text_num(type->nr_pageblocks).s);
	for (unsigned int order = 0; order < orders; order++) {
		if (order < type->nr_orders)
			table_cell(table, "%" PRIu64 "%s", type->nr_free[order],
				   type->at_least >> order & 1 ? "+" : "");
		else
			table_cell(table, "-");
	}
}

static int print_one(struct text *text, const struct lt_zone *zone)
{
	struct table_column columns[LT_NR_ORDERS_MAX + 3] = { { "TYPE", TABLE_LEFT },
							      { "BLOCKS", TABLE_RIGHT } };
	char names[LT_NR_ORDERS_MAX][4];
	unsigned int orders = 0;
	struct table *table;

	lt_vec_each(type, &zone->types)
		if (type->nr_orders > orders)
			orders = type->nr_orders;
	for (unsigned int order = 0; order < orders; order++) {
		snprintf(names[order], sizeof(names[order]), "%u", order & 63);
		columns[order + 2] = (struct table_column){ names[order], TABLE_RIGHT };
	}
	table = table_new(text, columns);
	lt_vec_each(type, &zone->types)
		if (is_in_use(type))
			put_type(table, type, orders);
	return table_print(table, text);
}

int zone_print_free(struct text *text, const struct lt_snapshot *snap)
{
	int err = 0;

	lt_vec_each(zone, &snap->zones) {
		bool any = false;

		lt_vec_each(type, &zone->types)
			any |= is_in_use(type);
		if (!any)
			continue;
		fprintf(text->out, "\n  Node %u, zone %s: free blocks of 1 << order pages\n",
			zone->node, zone->name);
		err = err ? err : print_one(text, zone);
	}
	return err;
}
