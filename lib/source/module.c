// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Source "module": the state of every page in the CMA areas, as the helper
 * module sees it, and the pins that ltpin itself made. Uses the module if it
 * is loaded; never loads it.
 */
#include "source/module.h"

#include <errno.h>
#include <stdlib.h>

#include "source/module_answer.h"
#include "source/module_pages.h"
#include "source/source.h"

struct scan {
	const struct lt_area *area;
	size_t i;
	const struct lt_area_range *range;
	struct lt_module_tally tally;
	struct lt_pins *pins;
	struct lt_json *answer; /* of a capture, or NULL */
};

static int tally(const struct lt_folio *folio, void *arg)
{
	struct scan *scan = arg;

	lt_module_answer_add(scan->answer, folio);
	return lt_module_tally_folio(scan->area, scan->i, scan->range, folio, &scan->tally,
				     scan->pins);
}

static int scan_area(const struct lt_snapshot *snap, size_t i, struct lt_module_tally *out,
		     struct lt_pins *pins, struct lt_json *answer, struct lt_diag *diag)
{
	struct scan scan = {
		.area = &snap->areas.v[i], .i = i, .pins = pins, .answer = answer,
	};
	int err = 0;

	lt_vec_each(range, &scan.area->ranges) {
		scan.range = range;
		if (!err && lt_range_nr_pages(range->pfns))
			err = lt_module_ask_scan(snap->root, range->pfns, tally, &scan, diag);
	}
	*out = scan.tally;
	return err;
}

/* An area that is somewhere, but nobody knows where, is not looked at: so say. */
static void tell_unlocated(const struct lt_snapshot *snap, struct lt_diag *diag)
{
	lt_vec_each(area, &snap->areas)
		if (!area->ranges.nr && (!area->nr_pages.known || area->nr_pages.val))
			lt_diag_set(diag, "not looked at, since it is not located: area \"%s\"",
				    area->name ? area->name : "?");
	if (!snap->areas.nr && snap->memory.cma_total_kib.known && snap->memory.cma_total_kib.val)
		lt_diag_set(diag, "not looked at, since no CMA area is located");
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

static int list_holds(const struct lt_root *root, struct lt_module_holds *holds,
		      struct lt_diag *diag)
{
	int err = lt_module_ask_list(root, holds, diag);

	if (err && err != -ENOMEM)
		lt_diag_set(diag, "the list of ltpin's own pins could not be read");
	return err == -ENOMEM ? err : 0;
}

static int name_pinners(struct lt_snapshot *snap, const struct lt_module_holds *holds,
			struct lt_pins *pins)
{
	int err = 0;

	lt_vec_each(hold, holds)
		if (!err)
			err = lt_module_name_pinner(hold, pins, snap->strings);
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
	struct lt_module_tally *tallies = calloc(snap->areas.nr + 1, sizeof(*tallies));
	struct lt_json *answer = lt_module_answer_begin(snap->root);
	struct lt_module_holds holds = { 0 };
	struct lt_pins pins = { 0 };
	int err = tallies ? lt_module_ask_info(snap->root, diag) : -ENOMEM;

	for (size_t i = 0; i < snap->areas.nr && !err; i++)
		err = scan_area(snap, i, &tallies[i], &pins, answer, diag);
	if (!err)
		tell_unlocated(snap, diag);
	if (!err)
		err = list_holds(snap->root, &holds, diag);
	if (!err) {
		sort_pins(&pins);
		err = name_pinners(snap, &holds, &pins);
	}
	lt_module_answer_end(snap->root, answer, &holds, err, diag);
	if (!err) {
		store(snap, tallies);
		lt_pins_free(&snap->pins);
		snap->pins = pins;
	} else {
		lt_pins_free(&pins);
	}
	lt_module_holds_free(&holds);
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
