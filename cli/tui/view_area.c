// SPDX-License-Identifier: GPL-2.0-or-later
/* The areas, and stretches of one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/evidence.h"
#include "tui/view.h"

/* What the other columns of the areas leave for the bar of a narrow and of a wide screen. */
#define OTHER_COLUMNS 64
#define BAR_MIN 8
#define BAR_MAX 64

#define MAP_LINES 4
#define LEGEND "# allocated, + lent, P cannot move, * blocked, . not allocated, ? not known"

/* Stretches per range of an area, at most. */
#define NR_WINDOWS 64
#define WINDOW_CELLS 32

static const struct rows_column area_columns[] = {
	{ "AREA", ROWS_LEFT },	  { "SIZE", ROWS_RIGHT },    { "USE", ROWS_MAP },
	{ "ALLOC", ROWS_RIGHT },  { "LENT", ROWS_RIGHT },    { "FREE", ROWS_RIGHT },
	{ "PINNED", ROWS_RIGHT }, { "LONGEST", ROWS_RIGHT }, { NULL, 0 },
};

static void put_count(struct rows *rows, struct lt_num nr, bool is_bad)
{
	rows_number(rows, is_bad && nr.known && nr.val ? TEXT_BAD : TEXT_PLAIN, nr, "%s",
		    text_num(nr).s);
}

static void make_areas(const struct top_model *model, const struct top_scope *scope,
		       struct rows *rows)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	unsigned int cells =
		rows->width > OTHER_COLUMNS + BAR_MIN ? rows->width - OTHER_COLUMNS : BAR_MIN;
	struct text text = view_text(model);

	(void)scope;
	rows->empty = area_none(snap);
	for (size_t i = 0; i < snap->areas.nr; i++) {
		const struct top_scope target = { .view = VIEW_WINDOWS, .area = i };
		struct lt_area area = top_model_area(model, i);
		char bar[BAR_MAX + 1];

		if (!rows_begin(rows, i, &target))
			continue;
		area_fill_bar(&area, cells < BAR_MAX ? cells : BAR_MAX, bar);
		rows_cell(rows, TEXT_PLAIN, "%s", area_label(snap, i));
		rows_number(rows, TEXT_PLAIN, area.nr_pages, "%s",
			    text_size(&text, area.nr_pages).s);
		rows_number(rows, TEXT_PLAIN, area.nr_allocated, "%s", bar);
		put_count(rows, area.nr_allocated, false);
		put_count(rows, area.nr_lent, false);
		put_count(rows, area.nr_free, false);
		put_count(rows, area.nr_pinned, true);
		put_count(rows, area.largest_free_run, false);
	}
}

/* In lines of the screen's width. */
static void note_map(struct rows *rows, char *map)
{
	size_t len = strlen(map), line = rows->width > 4 ? rows->width - 4 : 1;

	for (size_t at = 0; at < len; at += line) {
		char end = map[at + line < len ? at + line : len];

		map[at + line < len ? at + line : len] = '\0';
		rows_note_map(rows, map + at);
		map[at + line < len ? at + line : len] = end;
	}
}

static void below_area(const struct top_model *model, const struct top_scope *scope,
		       const struct rows_row *row, struct rows *rows)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	unsigned int cells = (rows->width > 4 ? rows->width - 4 : 1) * MAP_LINES;
	char *map = malloc(cells + 1);
	struct lt_area area;

	(void)scope;
	rows->is_lost = rows->is_lost || !map;
	if (!map || row->target.area >= snap->areas.nr) {
		free(map);
		return;
	}
	area = top_model_area(model, row->target.area);
	if (!area.ranges.nr)
		rows_note(rows, TEXT_PLAIN, "no source locates %s",
			  area_label(snap, row->target.area));
	lt_vec_each(range, &area.ranges) {
		rows_note(rows, TEXT_HEADING, "%s, PFN 0x%" PRIx64 "-0x%" PRIx64,
			  area_label(snap, row->target.area), range->pfns.start_pfn,
			  range->pfns.end_pfn - 1);
		area_fill_map(snap, &area, range, range->pfns, cells, map);
		note_map(rows, map);
	}
	rows_note(rows, TEXT_FAINT, LEGEND);
	free(map);
}

const struct view view_areas = {
	.name = "areas",
	.columns = area_columns,
	.depth = TOP_PAGES,
	.make = make_areas,
	.below = below_area,
};

static const struct rows_column window_columns[] = {
	{ "PFN", ROWS_LEFT },	 { "PAGES", ROWS_RIGHT }, { "ALLOC", ROWS_RIGHT },
	{ "STUCK", ROWS_RIGHT }, { "MAP", ROWS_MAP },	  { NULL, 0 },
};

/* A power of two, so that stretches begin where large requests do. */
static uint64_t window_pages(const struct lt_area_range *range)
{
	uint64_t nr = 1;

	while (lt_range_nr_pages(range->pfns) / nr > NR_WINDOWS)
		nr *= 2;
	return nr;
}

/* Pages that cma_alloc() gave out: unknown without the bitmap. */
static struct lt_num count_allocated(const struct lt_area *area, const struct lt_area_range *range,
				     struct lt_range pfns)
{
	uint64_t nr = 0;

	if (!lt_area_has_bitmaps(area))
		return (struct lt_num){ 0 };
	for (uint64_t pfn = pfns.start_pfn; pfn < pfns.end_pfn; pfn++)
		nr += lt_area_is_allocated(area, range, pfn);
	return lt_num(nr);
}

/* Pages of folios in @pfns that cannot move. */
static uint64_t count_stuck(const struct lt_pins *pins, struct lt_range pfns)
{
	const struct lt_pin *pin = lt_pins_from(pins, pfns.start_pfn);
	uint64_t nr = 0;

	for (; pin && pin < pins->v + pins->nr && pin->pfn < pfns.end_pfn; pin++) {
		uint64_t end = pin->pfn + pin->nr_pages;
		uint64_t first = pin->pfn > pfns.start_pfn ? pin->pfn : pfns.start_pfn;

		nr += (end < pfns.end_pfn ? end : pfns.end_pfn) - first;
	}
	return nr;
}

static void add_window(const struct top_model *model, const struct top_scope *scope,
		       const struct lt_area *area, const struct lt_area_range *range,
		       struct lt_range pfns, struct rows *rows)
{
	const struct lt_snapshot *snap = top_model_at(model, TOP_PAGES);
	const struct top_scope target = { .view = VIEW_PAGES, .area = scope->area, .pfns = pfns };
	char map[WINDOW_CELLS + 1];

	if (!rows_begin(rows, pfns.start_pfn, &target))
		return;
	area_fill_map(snap, area, range, pfns, WINDOW_CELLS, map);
	rows_number(rows, TEXT_PLAIN, lt_num(pfns.start_pfn), "0x%" PRIx64 "-0x%" PRIx64,
		    pfns.start_pfn, pfns.end_pfn - 1);
	put_count(rows, lt_num(lt_range_nr_pages(pfns)), false);
	put_count(rows, count_allocated(area, range, pfns), false);
	put_count(rows, lt_num(count_stuck(&snap->pins, pfns)), true);
	rows_cell(rows, TEXT_PLAIN, "%s", map);
}

static void make_windows(const struct top_model *model, const struct top_scope *scope,
			 struct rows *rows)
{
	struct lt_area area;

	rows->empty = "no source locates this area";
	if (scope->area >= top_model_at(model, TOP_PAGES)->areas.nr)
		return;
	area = top_model_area(model, scope->area);
	lt_vec_each(range, &area.ranges) {
		uint64_t nr = window_pages(range);

		for (uint64_t pfn = range->pfns.start_pfn; pfn < range->pfns.end_pfn; pfn += nr) {
			struct lt_range pfns = { pfn, pfn + nr };

			if (pfns.end_pfn > range->pfns.end_pfn)
				pfns.end_pfn = range->pfns.end_pfn;
			add_window(model, scope, &area, range, pfns, rows);
		}
	}
}

const struct view view_windows = {
	.name = "area",
	.columns = window_columns,
	.depth = TOP_PAGES,
	.make = make_windows,
};
