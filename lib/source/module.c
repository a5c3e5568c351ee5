// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Source "module": the state of every page in the CMA areas, as the helper
 * module sees it, and the pins that ltpin itself made. Uses the module if it
 * is loaded; never loads it. A captured tree has no such source.
 */
#include "source/module.h"

#include <errno.h>
#include <stdlib.h>

#include "source/module_pages.h"
#include "source/source.h"

struct scan {
	const struct lt_area *area;
	size_t i;
	const struct lt_area_range *range;
	struct lt_module_tally tally;
	struct lt_pins *pins;
};

static int tally(const struct lt_folio *folio, void *arg)
{
	struct scan *scan = arg;

	return lt_module_tally_folio(scan->area, scan->i, scan->range, folio, &scan->tally,
				     scan->pins);
}

static int scan_area(const struct lt_areas *areas, size_t i, struct lt_module_tally *out,
		     struct lt_pins *pins, struct lt_diag *diag)
{
	struct scan scan = { .area = &areas->v[i], .i = i, .pins = pins };
	int err = 0;

	lt_vec_each(range, &scan.area->ranges) {
		scan.range = range;
		if (!err && lt_range_nr_pages(range->pfns))
			err = lt_module_scan(range->pfns, 0, tally, &scan, diag);
	}
	*out = scan.tally;
	return err;
}

/* Sort, and drop the second of two records of one folio: it lay across two areas. */
static void sort_pins(struct lt_pins *pins)
{
	size_t nr = 0;

	lt_pins_sort(pins);
	lt_vec_each(pin, pins)
		if (!nr || pins->v[nr - 1].pfn != pin->pfn)
			pins->v[nr++] = *pin;
	pins->nr = nr;
}

static int name_pinners(struct lt_snapshot *snap, struct lt_pins *pins, struct lt_diag *diag)
{
	struct lt_module_holds holds = { 0 };
	int err = lt_module_list(&holds, diag);

	if (err == -ENOMEM)
		return err;
	if (err) {
		lt_diag_set(diag, "the list of ltpin's own pins could not be read");
		return 0;
	}
	lt_vec_each(hold, &holds)
		if (!err)
			err = lt_module_name_pinner(hold, pins, snap->strings);
	lt_module_holds_free(&holds);
	return err;
}

static void store(struct lt_snapshot *snap, const struct lt_module_tally *tallies)
{
	for (size_t i = 0; i < snap->areas.nr; i++) {
		struct lt_area *area = &snap->areas.v[i];

		if (!area->ranges.nr)
			continue;
		area->nr_free = lt_num(tallies[i].nr_free);
		area->nr_pinned = lt_num(tallies[i].nr_pinned);
		if (lt_area_has_bitmaps(area))
			area->nr_lent = lt_num(tallies[i].nr_lent);
	}
}

static int read_module(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_module_tally *tallies;
	struct lt_module_info info;
	struct lt_pins pins = { 0 };
	int err;

	if (!lt_root_is_live(snap->root))
		return -ENOENT;
	err = lt_module_info(&info, diag);
	if (err)
		return err;
	tallies = calloc(snap->areas.nr + 1, sizeof(*tallies));
	err = tallies ? 0 : -ENOMEM;
	for (size_t i = 0; i < snap->areas.nr && !err; i++)
		err = scan_area(&snap->areas, i, &tallies[i], &pins, diag);
	if (!err) {
		sort_pins(&pins);
		err = name_pinners(snap, &pins, diag);
	}
	if (!err) {
		store(snap, tallies);
		lt_pins_free(&snap->pins);
		snap->pins = pins;
	} else {
		lt_pins_free(&pins);
	}
	free(tallies);
	return err;
}

const struct lt_source lt_source_module = {
	.name = "module",
	.where = "generic netlink family ltpin",
	.proves = "exact state of every CMA page: pins, references, mappings",
	.enable = "ltpin module load (CONFIG_MODULES)",
	.stage = LT_STAGE_PAGES,
	.read = read_module,
};
