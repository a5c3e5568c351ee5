// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Draws an area page by page, as inline SVG. What most pages are (given to a device, lent, free) is
 * one path for each, of runs in rows, so that a map of 131072 pages stays small whatever is in it. A
 * page that is held, or that blocked, is a link to its row in the table of pages: it has a shape of its
 * own, and its text shows where it is pointed at or has the focus.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "render/evidence.h"
#include "render/html/html_part.h"
#include "uapi/ltpin_netlink.h"

/* More pages than that share cells: nobody can see that many, and the file would be large. */
#define CELLS_MAX 262144
#define AXIS 84		/* for the PFN at the left */
#define AXIS_ROWS 16	/* rows between two of these */
#define TOP 12		/* for the ring of a page in the first row */
#define LABEL_WIDTH 640 /* of what is shown of a mark, at least */
#define LABEL_SPACE 22	/* below the last row, for what is shown of a mark there */

enum state {
	STATE_UNKNOWN,
	STATE_UNALLOCATED, /* lent or free: which is not known */
	STATE_FREE,
	STATE_LENT,
	STATE_DEVICE,
	NR_STATES,
};

static const struct {
	const char *class, *means;
} states[NR_STATES] = {
	[STATE_UNKNOWN] = { "unknown", "not known" },
	[STATE_UNALLOCATED] = { NULL, "not allocated: lent or free" },
	[STATE_FREE] = { NULL, "free" },
	[STATE_LENT] = { "lent", "lent to processes and caches" },
	[STATE_DEVICE] = { "dev", "allocated to a device" },
};

/* Where one range is drawn. */
struct grid {
	struct lt_range pfns;
	uint64_t per_cell; /* pages */
	uint64_t nr_cells, columns, rows;
	unsigned int unit; /* of a cell, in pixels */
};

static struct grid grid_of(struct lt_range pfns)
{
	uint64_t nr_pages = lt_range_nr_pages(pfns);
	struct grid grid = { .pfns = pfns, .per_cell = (nr_pages + CELLS_MAX - 1) / CELLS_MAX };

	grid.nr_cells = (nr_pages + grid.per_cell - 1) / grid.per_cell;
	grid.columns = grid.nr_cells <= 4096 ? 64 : grid.nr_cells <= 32768 ? 128 : 256;
	grid.unit = grid.nr_cells <= 4096 ? 8 : grid.nr_cells <= 32768 ? 5 : 4;
	grid.rows = (grid.nr_cells + grid.columns - 1) / grid.columns;
	return grid;
}

/* The folio that @pfn is in, from *@next on, which is moved; NULL. */
static const struct lt_folio *folio_at(const struct lt_snapshot *snap, size_t *next, uint64_t pfn)
{
	const struct lt_folios *folios = &snap->folios;

	while (*next < folios->nr && folios->v[*next].pfn + folios->v[*next].nr_pages <= pfn)
		(*next)++;
	return *next < folios->nr && folios->v[*next].pfn <= pfn ? &folios->v[*next] : NULL;
}

static enum state state_of(const struct lt_area *area, const struct lt_area_range *range,
			   const struct lt_folio *folio, uint64_t pfn)
{
	if (lt_area_is_allocated(area, range, pfn))
		return STATE_DEVICE;
	if (folio)
		return folio->flags & LTPIN_PAGE_BUDDY || folio->refcount <= 0 ? STATE_FREE
									       : STATE_LENT;
	return range->bitmap.words ? STATE_UNALLOCATED : STATE_UNKNOWN;
}

/* One a cell: of the pages in it, the state that is furthest from free. */
static unsigned char *find_states(const struct lt_snapshot *snap, const struct lt_area *area,
				  const struct lt_area_range *range, const struct grid *grid)
{
	unsigned char *cells = calloc(grid->nr_cells + 1, 1);
	size_t next = 0;

	while (next < snap->folios.nr &&
	       snap->folios.v[next].pfn + snap->folios.v[next].nr_pages <= grid->pfns.start_pfn)
		next++;
	for (uint64_t i = 0; cells && i < lt_range_nr_pages(grid->pfns); i++) {
		uint64_t pfn = grid->pfns.start_pfn + i;
		enum state state = state_of(area, range, folio_at(snap, &next, pfn), pfn);

		if (state > cells[i / grid->per_cell])
			cells[i / grid->per_cell] = (unsigned char)state;
	}
	return cells;
}

/* The cells of one row that are @value, as parts of a path: where it goes on from is @pen. */
static void put_runs(FILE *out, const struct grid *grid, const unsigned char *cells, uint64_t row,
		     unsigned char value)
{
	uint64_t end = (row + 1) * grid->columns, pen = UINT64_MAX;

	if (end > grid->nr_cells)
		end = grid->nr_cells;
	for (uint64_t i = row * grid->columns, run; i < end; i += run) {
		for (run = 1; i + run < end && cells[i + run] == cells[i];)
			run++;
		if (cells[i] != value)
			continue;
		if (pen == UINT64_MAX)
			fprintf(out, "M%" PRIu64 " %" PRIu64 ".5", i % grid->columns, row);
		else
			fprintf(out, "m%" PRIu64 " 0", i - pen);
		fprintf(out, "h%" PRIu64, run);
		pen = i + run;
	}
}

/* All cells that are @value, as one path. */
static void put_layer(FILE *out, const struct grid *grid, const unsigned char *cells,
		      unsigned char value, const char *class)
{
	if (!memchr(cells, value, grid->nr_cells))
		return;
	fprintf(out, "<path class=\"%s\" transform=\"translate(%u)scale(%u)\" d=\"", class, AXIS,
		grid->unit);
	for (uint64_t row = 0; row < grid->rows; row++)
		put_runs(out, grid, cells, row, value);
	fputs("\"/>\n", out);
}

/* The cells of a folio as shapes: a rectangle in each row that it is in. */
static void put_cells(FILE *out, const struct grid *grid, const struct lt_pin *pin,
		      const char *class)
{
	uint64_t first = (pin->pfn - grid->pfns.start_pfn) / grid->per_cell;
	uint64_t end = (pin->pfn + pin->nr_pages - 1 - grid->pfns.start_pfn) / grid->per_cell + 1;

	fprintf(out, "<path class=\"%s\" d=\"", class);
	if (end > grid->nr_cells)
		end = grid->nr_cells;
	for (uint64_t i = first, run; i < end; i += run) {
		uint64_t column = i % grid->columns;

		run = grid->columns - column < end - i ? grid->columns - column : end - i;
		fprintf(out, "M%" PRIu64 " %" PRIu64 "h%" PRIu64 "v%uh-%" PRIu64 "z",
			AXIS + column * grid->unit, i / grid->columns * grid->unit,
			run * grid->unit, grid->unit, run * grid->unit);
	}
	fputs("\"/>", out);
}

static const char *class_of(enum lt_pin_kind kind)
{
	switch (kind) {
	case LT_PIN_PINNED:
		return "pin";
	case LT_PIN_EXTRA_REF:
		return "ref";
	case LT_PIN_UNMOVABLE:
		return "fixed";
	case LT_PIN_UNKNOWN:
		break;
	}
	return "gone";
}

static void put_mark(FILE *out, const struct lt_report *report, const struct grid *grid,
		     const struct lt_pin *pin)
{
	const struct lt_cause_page *said =
		lt_blocking_pages_find(&report->blocking, report->snap, pin);
	uint64_t cell = (pin->pfn - grid->pfns.start_pfn) / grid->per_cell;
	uint64_t x = AXIS + cell % grid->columns * grid->unit;
	uint64_t y = cell / grid->columns * grid->unit;

	fprintf(out, "<a class=\"m\" href=\"#p%" PRIx64 "\">", pin->pfn);
	put_cells(out, grid, pin, class_of(pin->kind));
	if (pin->kind == LT_PIN_UNMOVABLE)
		fprintf(out, "<path class=\"cross\" d=\"M%" PRIu64 " %" PRIu64 "l%u %u\"/>", x, y,
			grid->unit, grid->unit);
	if (*pin_mark(pin, said))
		fprintf(out,
			"<circle class=\"ring\" cx=\"%" PRIu64 "\" cy=\"%" PRIu64 "\" r=\"%u\"/>",
			x + grid->unit / 2, y + grid->unit / 2, grid->unit + 1);
	fprintf(out, "<text x=\"%u\" y=\"%" PRIu64 "\">", AXIS + 4, y + grid->unit + 14);
	html_page_label(out, report, pin);
	fputs("</text></a>\n", out);
}

static bool is_in(const struct grid *grid, const struct lt_pin *pin)
{
	return pin->pfn >= grid->pfns.start_pfn && pin->pfn < grid->pfns.end_pfn;
}

/* Held pages that have no mark, as one path. 0 or -ENOMEM. */
static int put_unlisted(FILE *out, const struct lt_report *report, const struct html_pages *pages,
			const struct grid *grid)
{
	unsigned char *cells = calloc(grid->nr_cells + 1, 1);

	if (!cells)
		return -ENOMEM;
	lt_vec_each(pin, &report->snap->pins) {
		uint64_t first = pin->pfn - grid->pfns.start_pfn;

		if (!is_in(grid, pin) || pages->is_listed[pin - report->snap->pins.v] ||
		    pin->kind == LT_PIN_UNKNOWN)
			continue;
		for (uint64_t i = first; i < first + pin->nr_pages; i++)
			if (i / grid->per_cell < grid->nr_cells)
				cells[i / grid->per_cell] = 1;
	}
	put_layer(out, grid, cells, 1, "held");
	free(cells);
	return 0;
}

/* Last, so that nothing lies on them. */
static void put_marks(FILE *out, const struct lt_report *report, const struct html_pages *pages,
		      const struct grid *grid)
{
	lt_vec_each(pin, &report->snap->pins)
		if (is_in(grid, pin) && pages->is_listed[pin - report->snap->pins.v])
			put_mark(out, report, grid, pin);
}

static void put_axis(FILE *out, const struct grid *grid)
{
	for (uint64_t row = 0; row < grid->rows; row += AXIS_ROWS)
		fprintf(out,
			"<text class=\"axis\" x=\"%u\" y=\"%" PRIu64
			"\" text-anchor=\"end\">0x%" PRIx64 "</text>\n",
			AXIS - 6, row * grid->unit + 10,
			grid->pfns.start_pfn + row * grid->columns * grid->per_cell);
}

void html_map_patterns(FILE *out)
{
	fputs("<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
	      "<pattern id=\"dev\" width=\"1\" height=\"1\" patternUnits=\"userSpaceOnUse\">"
	      "<path class=\"pd\" d=\"M0 0h1v1h-1z\"/><path class=\"pf\" d=\"M0 .4h1v.2h-1z\"/></pattern>"
	      "<pattern id=\"lent\" width=\"2\" height=\"2\" patternUnits=\"userSpaceOnUse\">"
	      "<path class=\"pl\" d=\"M0 0h2v2h-2z\"/><path class=\"pf\" d=\"M.7 .7h.6v.6h-.6z\"/></pattern>"
	      "<pattern id=\"unknown\" width=\"3\" height=\"3\" patternUnits=\"userSpaceOnUse\">"
	      "<path class=\"pf\" d=\"M0 0h3v3h-3z\"/><path class=\"pu\" d=\"M0 0h1v3h-1z\"/></pattern>"
	      "</defs></svg>\n",
	      out);
}

static void put_map(FILE *out, const struct lt_report *report, const struct grid *grid,
		    const unsigned char *cells, size_t area)
{
	uint64_t last = grid->nr_cells % grid->columns, whole = grid->nr_cells / grid->columns;
	uint64_t width = AXIS + 8 +
			 (grid->columns * grid->unit < LABEL_WIDTH ? LABEL_WIDTH
								   : grid->columns * grid->unit);
	uint64_t height = TOP + grid->rows * grid->unit + LABEL_SPACE;

	fprintf(out,
		"<svg width=\"%" PRIu64 "\" height=\"%" PRIu64 "\" viewBox=\"0 -%u %" PRIu64
		" %" PRIu64 "\" role=\"group\" aria-label=\"Map of ",
		width, height, TOP, width, height);
	html_text(out, area_label(report->snap, area));
	fprintf(out, ", from page 0x%" PRIx64 "\">\n", grid->pfns.start_pfn);
	fprintf(out,
		"<path class=\"free\" transform=\"translate(%u)scale(%u)\" d=\"M0 0h%" PRIu64
		"v%" PRIu64 "h-%" PRIu64 "z",
		AXIS, grid->unit, grid->columns, whole, grid->columns);
	if (last)
		fprintf(out, "M0 %" PRIu64 "h%" PRIu64 "v1h-%" PRIu64 "z", whole, last, last);
	fputs("\"/>\n", out);
	for (unsigned int state = 0; state < NR_STATES; state++)
		if (states[state].class)
			put_layer(out, grid, cells, (unsigned char)state, states[state].class);
	put_axis(out, grid);
}

/* A sample of @shapes, and what it means. */
static void put_legend(FILE *out, const char *shapes, const char *means)
{
	fprintf(out,
		"<li><svg width=\"16\" height=\"16\" aria-hidden=\"true\">%s"
		"</svg>%s</li>\n",
		shapes, means);
}

static const struct {
	enum lt_pin_kind kind;
	const char *shapes, *means;
} marks[] = {
	{ LT_PIN_PINNED, "<path class=\"pin\" d=\"M3 3h10v10h-10z\"/>", "pinned" },
	{ LT_PIN_EXTRA_REF, "<path class=\"ref\" d=\"M3 3h10v10h-10z\"/>",
	  "held by a reference that is no pin" },
	{ LT_PIN_UNMOVABLE,
	  "<path class=\"fixed\" d=\"M3 3h10v10h-10z\"/><path class=\"cross\" d=\"M3 3l10 10\"/>",
	  "unmovable" },
	{ LT_PIN_UNKNOWN, "<path class=\"gone\" d=\"M3 3h10v10h-10z\"/>",
	  "not known to be held now" },
};

static void put_state_legend(FILE *out, const struct grid *grid, const unsigned char *cells)
{
	for (unsigned int state = NR_STATES; state--;) {
		const char *class = states[state].class ? states[state].class : "free";
		const char *path =
			states[state].class ? "M0 .5h4M0 1.5h4M0 2.5h4M0 3.5h4" : "M0 0h4v4h-4z";

		if (!memchr(cells, (int)state, grid->nr_cells))
			continue;
		fprintf(out,
			"<li><svg width=\"16\" height=\"16\" aria-hidden=\"true\"><path class=\"%s\" "
			"transform=\"scale(4)\" d=\"%s\"/><path class=\"edge\" "
			"d=\"M.5 .5h15v15h-15z\"/></svg>%s</li>\n",
			class, path, states[state].means);
	}
}

static void put_mark_legend(FILE *out, const struct lt_report *report, const struct grid *grid)
{
	bool has_blocker = false;

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		bool is_there = false;

		lt_vec_each(pin, &report->snap->pins) {
			if (!is_in(grid, pin))
				continue;
			is_there |= pin->kind == marks[i].kind;
			has_blocker |= *pin_mark(
				pin, lt_blocking_pages_find(&report->blocking, report->snap, pin));
		}
		if (is_there)
			put_legend(out, marks[i].shapes, marks[i].means);
	}
	if (has_blocker)
		put_legend(out, "<circle class=\"ring\" cx=\"8\" cy=\"8\" r=\"6\"/>",
			   "blocked an allocation");
}

static int put_range(FILE *out, const struct lt_report *report, const struct html_pages *pages,
		     size_t area, const struct lt_area_range *range)
{
	const struct grid grid = grid_of(range->pfns);
	unsigned char *cells =
		find_states(report->snap, &report->snap->areas.v[area], range, &grid);
	int err;

	if (!cells)
		return -ENOMEM;
	fputs("<figure><figcaption>", out);
	html_text(out, area_label(report->snap, area));
	fprintf(out,
		": pages 0x%" PRIx64 "-0x%" PRIx64 ", %" PRIu64 " page%s a cell, %" PRIu64
		" cells a row</figcaption>\n<div class=\"scroll\" role=\"region\" "
		"tabindex=\"0\" aria-label=\"Drawing: ",
		range->pfns.start_pfn, range->pfns.end_pfn - 1, grid.per_cell,
		grid.per_cell == 1 ? "" : "s", grid.columns);
	html_text(out, area_label(report->snap, area));
	fprintf(out, ", from page 0x%" PRIx64 "\">", range->pfns.start_pfn);
	put_map(out, report, &grid, cells, area);
	err = put_unlisted(out, report, pages, &grid);
	put_marks(out, report, pages, &grid);
	fputs("</svg></div>\n<ul class=\"legend\">\n", out);
	put_state_legend(out, &grid, cells);
	put_mark_legend(out, report, &grid);
	fputs("</ul></figure>\n", out);
	free(cells);
	return err;
}

int html_map(FILE *out, const struct lt_report *report, const struct html_pages *pages, size_t area)
{
	int err = 0;

	lt_vec_each(range, &report->snap->areas.v[area].ranges)
		if (!err && lt_range_nr_pages(range->pfns))
			err = put_range(out, report, pages, area, range);
	return err;
}
