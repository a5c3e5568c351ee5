// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints areas: the table, the map of each, and the bar. */
#include <inttypes.h>
#include <string.h>

#include "base/array_size.h"
#include "model/no_cma.h"
#include "render/evidence.h"
#include "render/table.h"

#define MAP_CELLS_MAX 512

const char *area_label(const struct lt_snapshot *snap, size_t area)
{
	if (area >= snap->areas.nr)
		return "-";
	return snap->areas.v[area].name ? snap->areas.v[area].name : "(unnamed)";
}

const char *area_none(const struct lt_snapshot *snap)
{
	const struct lt_no_cma none = lt_no_cma_of(snap);

	if (none.is_proven && none.kind == LT_NO_CMA_BUILT)
		return "this kernel is built without CMA";
	if (none.is_proven && none.kind == LT_NO_CMA_RESERVED)
		return "no CMA area is reserved";
	return "no CMA area could be located; see `ltpin doctor`";
}

int area_print_table(struct text *text, const struct lt_snapshot *snap)
{
	const struct table_column columns[] = {
		{ "AREA", TABLE_LEFT },	   { text_unit(text), TABLE_RIGHT },
		{ "SIZE", TABLE_RIGHT },   { "ALLOC", TABLE_RIGHT },
		{ "LENT", TABLE_RIGHT },   { "FREE", TABLE_RIGHT },
		{ "PINNED", TABLE_RIGHT }, { "LONGEST", TABLE_RIGHT },
		{ "SOURCE", TABLE_LEFT },  { NULL, 0 },
	};
	struct table *table = table_new(text, columns);

	for (size_t i = 0; i < snap->areas.nr; i++) {
		const struct lt_area *area = &snap->areas.v[i];

		table_row(table);
		table_cell(table, "%s", area_label(snap, i));
		table_cell(table, "%s", text_count(text, area->nr_pages).s);
		table_cell(table, "%s", text_size(text, area->nr_pages).s);
		table_cell(table, "%s", text_count(text, area->nr_allocated).s);
		table_cell(table, "%s", text_count(text, area->nr_lent).s);
		table_cell(table, "%s", text_count(text, area->nr_free).s);
		table_cell(table, "%s", text_count(text, area->nr_pinned).s);
		table_cell(table, "%s", text_count(text, area->largest_free_run).s);
		table_cell(table, "%s", area->source ? area->source : "-");
	}
	return table_print(table, text);
}

/* Whether any page from @first up to @end was given out by cma_alloc(). */
static bool is_allocated(const struct lt_area_range *range, unsigned int order, uint64_t first,
			 uint64_t end)
{
	uint64_t bit = (first - range->pfns.start_pfn) >> order;
	uint64_t last = (end - 1 - range->pfns.start_pfn) >> order;

	for (; bit <= last && bit < range->bitmap.nr_bits; bit++)
		if (range->bitmap.words[bit / 32] >> (bit % 32) & 1)
			return true;
	return false;
}

/* Whether any page from @pin on, up to @end, is known to be held now. */
static bool has_held(const struct lt_snapshot *snap, const struct lt_pin *pin, uint64_t end)
{
	for (; pin && pin < snap->pins.v + snap->pins.nr && pin->pfn < end; pin++)
		if (pin->kind != LT_PIN_UNKNOWN)
			return true;
	return false;
}

static char cell_of(const struct lt_snapshot *snap, const struct lt_area *area,
		    const struct lt_area_range *range, struct lt_range pfns)
{
	const struct lt_pin *pin = lt_pins_from(&snap->pins, pfns.start_pfn);

	if (pin && pin->pfn < pfns.end_pfn)
		return has_held(snap, pin, pfns.end_pfn) ? 'P' : '*';
	if (!range->bitmap.words || !area->order_per_bit.known)
		return '?';
	return is_allocated(range, (unsigned int)area->order_per_bit.val & 31, pfns.start_pfn,
			    pfns.end_pfn)
		       ? '#'
		       : '.';
}

/* Whether a map would show anything but question marks. */
static bool has_map(const struct lt_snapshot *snap, const struct lt_area *area,
		    const struct lt_area_range *range)
{
	return cell_of(snap, area, range, range->pfns) != '?';
}

void area_fill_map(const struct lt_snapshot *snap, const struct lt_area *area,
		   const struct lt_area_range *range, struct lt_range part, unsigned int cells,
		   char *out)
{
	uint64_t nr_pages = lt_range_nr_pages(part);

	if (cells > nr_pages)
		cells = (unsigned int)nr_pages;
	for (uint64_t i = 0; i < cells; i++) {
		struct lt_range pfns = {
			.start_pfn = part.start_pfn + nr_pages / cells * i +
				     nr_pages % cells * i / cells,
			.end_pfn = part.start_pfn + nr_pages / cells * (i + 1) +
				   nr_pages % cells * (i + 1) / cells,
		};

		out[i] = cell_of(snap, area, range, pfns);
	}
	out[cells] = '\0';
}

enum text_role area_cell_role(char cell)
{
	return cell == 'P' || cell == '*' ? TEXT_BAD : TEXT_PLAIN;
}

/* Every cell that a map can have, the bits of area_print_map() in this order. */
static const struct {
	char cell;
	const char *means;
} alphabet[] = {
	{ '#', "allocated to a device" },
	{ 'P', "has a page that cannot move" },
	{ '*', "has a page that blocked" },
	{ '.', "not allocated" },
	{ '?', "not known" },
};

static unsigned int bit_of(char cell)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(alphabet); i++)
		if (alphabet[i].cell == cell)
			return 1u << i;
	return 0;
}

static unsigned int print_range_map(struct text *text, const struct lt_snapshot *snap,
				    const struct lt_area *area, const struct lt_area_range *range)
{
	unsigned int nr = text->width - 4 < MAP_CELLS_MAX ? text->width - 4 : MAP_CELLS_MAX;
	unsigned int seen = 0;
	char map[MAP_CELLS_MAX + 1];

	if (!has_map(snap, area, range))
		return 0;
	area_fill_map(snap, area, range, range->pfns, nr, map);
	fputs("  [", text->out);
	for (const char *cell = map; *cell; cell++) {
		fprintf(text->out, "%s%c%s", text_role(text, area_cell_role(*cell)), *cell,
			text_role(text, TEXT_PLAIN));
		seen |= bit_of(*cell);
	}
	fputs("]\n", text->out);
	return seen;
}

unsigned int area_print_maps(struct text *text, const struct lt_snapshot *snap, size_t index)
{
	const struct lt_area *area = &snap->areas.v[index];
	unsigned int seen = 0;

	lt_vec_each(range, &area->ranges)
		seen |= print_range_map(text, snap, area, range);
	return seen;
}

unsigned int area_print_map(struct text *text, const struct lt_snapshot *snap, size_t index)
{
	const struct lt_area *area = &snap->areas.v[index];
	unsigned int seen = 0;

	if (!area->ranges.nr)
		fprintf(text->out, "  %s: no source locates it\n", area_label(snap, index));
	lt_vec_each(range, &area->ranges) {
		fprintf(text->out, "  %s: PFN 0x%" PRIx64 "-0x%" PRIx64, area_label(snap, index),
			range->pfns.start_pfn, range->pfns.end_pfn - 1);
		if (text->page_size.known)
			fprintf(text->out, ", physical 0x%" PRIx64 "-0x%" PRIx64,
				range->pfns.start_pfn * text->page_size.val,
				range->pfns.end_pfn * text->page_size.val - 1);
		putc('\n', text->out);
		seen |= print_range_map(text, snap, area, range);
	}
	return seen;
}

void area_print_map_legend(struct text *text, unsigned int seen)
{
	char means[160] = "";

	for (size_t i = 0; i < ARRAY_SIZE(alphabet); i++) {
		size_t len = strlen(means);

		if (seen & 1u << i)
			snprintf(means + len, sizeof(means) - len, "%s%c %s", len ? ", " : "",
				 alphabet[i].cell, alphabet[i].means);
	}
	if (means[0])
		text_wrapf(text, "  ", 2, "Each cell is a share of the range: %s.", means);
}

/* Cells for @part of @whole; something never rounds to nothing. */
static unsigned int share(struct lt_num part, uint64_t whole, unsigned int cells)
{
	double exact = part.known && whole ? (double)part.val / (double)whole * cells : 0;

	if (!part.known || !part.val)
		return 0;
	return exact < 1 ? 1 : (unsigned int)(exact + 0.5);
}

void area_fill_bar(const struct lt_area *area, unsigned int cells, char *out)
{
	unsigned int allocated = share(area->nr_allocated, area->nr_pages.val, cells);
	unsigned int pinned = share(area->nr_pinned, area->nr_pages.val, cells);
	/* Pinned pages are lent ones. */
	unsigned int lent =
		share(lt_num_sub(area->nr_lent, area->nr_pinned), area->nr_pages.val, cells);
	unsigned int free = share(area->nr_free, area->nr_pages.val, cells);

	if (area->nr_allocated.known)
		free = cells;
	for (unsigned int i = 0; i < cells; i++)
		out[i] = i < allocated			 ? '#'
			 : i < allocated + pinned	 ? 'P'
			 : i < allocated + pinned + lent ? '+'
			 : i + free >= cells		 ? '.'
							 : '?';
	out[cells] = '\0';
}
