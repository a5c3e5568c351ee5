// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pages on the per-CPU lists: a request for one page is served from there, which
 * is how CMA pages once reached requests that must not have them.
 */
#include <inttypes.h>

#include "tui/view.h"

#define BAR_CELLS 20

static const struct rows_column columns[] = {
	{ "ZONE", ROWS_LEFT },	{ "NODE", ROWS_RIGHT },
	{ "CPU", ROWS_RIGHT },	{ "PAGES", ROWS_RIGHT },
	{ "HIGH", ROWS_RIGHT }, { "BATCH", ROWS_RIGHT },
	{ "FILLED", ROWS_MAP }, { NULL, 0 },
};

static void put_num(struct rows *rows, struct lt_num num)
{
	rows_number(rows, TEXT_PLAIN, num, "%s", text_num(num).s);
}

static void put_bar(struct rows *rows, const struct lt_pcp *pcp)
{
	char bar[BAR_CELLS + 1];
	uint64_t filled = pcp->count.val;

	if (pcp->high.val)
		filled = pcp->count.val >= pcp->high.val
				 ? BAR_CELLS
				 : pcp->count.val * BAR_CELLS / pcp->high.val;
	for (unsigned int i = 0; i < BAR_CELLS; i++)
		bar[i] = !pcp->high.known || !pcp->high.val ? '?' : i < filled ? '+' : '.';
	bar[BAR_CELLS] = '\0';
	rows_number(rows, TEXT_PLAIN, lt_num(filled), "%s", bar);
}

static void make(const struct top_model *model, const struct top_scope *scope, struct rows *rows)
{
	const struct lt_zones *zones = &top_model_at(model, TOP_TABLES)->zones;

	(void)scope;
	rows->empty = "no source reports per-CPU lists";
	lt_vec_each(zone, zones) {
		lt_vec_each(pcp, &zone->pcp) {
			uint64_t id = (uint64_t)(zone - zones->v) << 32 | pcp->cpu;

			if (lt_zone_is_empty(zone) || !rows_begin(rows, id, NULL))
				continue;
			rows_cell(rows, TEXT_PLAIN, "%s", zone->name);
			put_num(rows, lt_num(zone->node));
			put_num(rows, lt_num(pcp->cpu));
			put_num(rows, pcp->count);
			put_num(rows, pcp->high);
			put_num(rows, pcp->batch);
			put_bar(rows, pcp);
		}
	}
	lt_vec_each(zone, zones) {
		if (lt_zone_is_empty(zone))
			continue;
		rows_note(rows, TEXT_PLAIN,
			  "%s: %s pages free, %s of them CMA; min %s, low %s, high %s", zone->name,
			  text_num(zone->nr_free).s, text_num(zone->nr_free_cma).s,
			  text_num(zone->watermark.min).s, text_num(zone->watermark.low).s,
			  text_num(zone->watermark.high).s);
	}
}

const struct view view_cpus = {
	.name = "cpus",
	.columns = columns,
	.depth = TOP_TABLES,
	.sort = ROWS_COLUMNS_MAX, /* as the kernel lists them */
	.make = make,
};
