// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the state of the pages in a CMA area, or in ZONE_MOVABLE, means for it. */
#include "source/folio/page_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/folio/folio_answer.h"
#include "source/folio/page_places.h"
#include "uapi/ltpin_netlink.h"

static int add_pin(const struct lt_folio *folio, size_t area, struct lt_pins *pins)
{
	struct lt_pin *pin;

	/* A folio that reaches from one range into the next is scanned with both. */
	if (pins->nr && pins->v[pins->nr - 1].pfn == folio->pfn)
		return 0;
	pin = lt_vec_push(pins);
	if (!pin)
		return -ENOMEM;
	lt_pin_set_folio(pin, folio);
	pin->area = area;
	return 0;
}

static struct lt_range clip(const struct lt_folio *folio, struct lt_range within)
{
	struct lt_range part = { folio->pfn, folio->pfn + folio->nr_pages };

	if (part.start_pfn < within.start_pfn)
		part.start_pfn = within.start_pfn;
	if (part.end_pfn > within.end_pfn)
		part.end_pfn = within.end_pfn;
	return part;
}

/*
 * The pages of @folio in @part that cma_alloc() has not given out. A request marks its run while it
 * is under way, so a marked page that is on an LRU list is no driver's yet.
 */
static uint64_t nr_lent(const struct lt_area *area, const struct lt_area_range *range,
			const struct lt_folio *folio, struct lt_range part)
{
	uint64_t nr = lt_range_nr_pages(part);

	return folio->flags & LTPIN_PAGE_LRU ? nr : nr - lt_area_nr_allocated(area, range, part);
}

/* Named pages of a free block, or of one that the kernel is about to free: each for itself. */
static int add_free(const struct lt_pfns *named, struct lt_range part, size_t area,
		    const struct lt_folio *folio, struct lt_pins *pins)
{
	const uint64_t *pfn = lt_pfns_from(named, part.start_pfn);
	int err = 0;

	for (; !err && pfn && pfn < named->v + named->nr && *pfn < part.end_pfn; pfn++) {
		struct lt_folio page = *folio;

		page.pfn = *pfn;
		page.nr_pages = 1;
		err = add_pin(&page, area, pins);
	}
	return err;
}

/* What a named page is now; one that is given out again was released before. */
static int add_named(const struct lt_folio *folio, size_t area, bool is_given_out,
		     struct lt_pins *pins)
{
	struct lt_pin *pin;
	int err = add_pin(folio, area, pins);

	if (err)
		return err;
	pin = &pins->v[pins->nr - 1];
	pin->has_passed = pin->has_passed || is_given_out;
	if (is_given_out)
		pin->kind = LT_PIN_UNKNOWN; /* what a driver does with its own buffer */
	return 0;
}

int lt_page_tally_folio(const struct lt_scanned_range *in, const struct lt_folio *folio,
			struct lt_page_tally *tally, struct lt_pins *pins)
{
	const uint64_t no_page = LTPIN_PAGE_RESERVED | LTPIN_PAGE_OFFLINE;
	struct lt_range part = clip(folio, in->pfns->pfns);
	bool is_named = in->named && lt_pfns_has_any(in->named, part);
	enum lt_pin_kind kind;
	uint64_t nr;

	if (part.start_pfn >= part.end_pfn)
		return 0;
	if (folio->flags & LTPIN_PAGE_BUDDY)
		tally->nr_free += lt_range_nr_pages(part);
	/* Not free, but not in use either: on a per-CPU list, or frozen for a moment. */
	if (folio->flags & (LTPIN_PAGE_BUDDY | no_page) || folio->refcount <= 0)
		return is_named ? add_free(in->named, part, in->i, folio, pins) : 0;
	nr = nr_lent(in->area, in->pfns, folio, part);
	tally->nr_lent += nr;
	/* What a driver does with its own buffer is no obstacle to others. */
	kind = nr ? lt_pin_kind_of(folio) : LT_PIN_UNKNOWN;
	if (kind == LT_PIN_PINNED)
		tally->nr_pinned += lt_range_nr_pages(part);
	if (kind != LT_PIN_UNKNOWN)
		return add_pin(folio, in->i, pins);
	return is_named ? add_named(folio, in->i, !nr, pins) : 0;
}

struct scan {
	struct lt_scanned_range in;
	struct lt_page_scan *out;
	struct lt_json *answer;
	bool keeps_folios;
};

static int add_folio(const struct lt_folio *folio, void *arg)
{
	struct scan *scan = arg;
	struct lt_folio *kept;

	lt_folio_answer_add(scan->answer, folio);
	if (scan->keeps_folios) {
		kept = lt_vec_push(&scan->out->folios);
		if (!kept)
			return -ENOMEM;
		*kept = *folio;
	}
	return lt_page_tally_folio(&scan->in, folio, &scan->out->tallies[scan->in.i],
				   &scan->out->pins);
}

static int scan_area(const struct lt_snapshot *snap, size_t i, const struct lt_pfns *named,
		     const struct lt_page_reader *reader, struct lt_page_scan *out,
		     struct lt_diag *diag)
{
	struct scan scan = {
		.in = { .area = &snap->areas.v[i], .i = i, .named = named },
		.out = out,
		.answer = reader->answer,
		.keeps_folios = snap->options.keep_folios,
	};
	int err = 0;

	out->tallies[i].is_scanned = true;
	lt_vec_each(range, &scan.in.area->ranges) {
		scan.in.pfns = range;
		if (!err && lt_range_nr_pages(range->pfns))
			err = reader->ask(reader->arg, range->pfns, add_folio, &scan, diag);
	}
	return err;
}

struct zone_scan {
	struct lt_zone_tally *tally;
	struct lt_json *answer;
};

/* A capture keeps what is pinned, and nothing else of the zone. */
static int add_movable(const struct lt_folio *folio, void *arg)
{
	struct zone_scan *scan = arg;

	if (folio->flags & LTPIN_PAGE_BUDDY || folio->refcount <= 0 || lt_folio_pins(folio) <= 0)
		return 0;
	if (!scan->tally->nr_pinned)
		scan->tally->first_pfn = folio->pfn;
	scan->tally->nr_pinned += folio->nr_pages;
	lt_folio_answer_add(scan->answer, folio);
	return 0;
}

static int scan_zone(const struct lt_page_places *places, struct lt_range pfns,
		     const struct lt_page_reader *reader, struct lt_zone_tally *tally,
		     struct lt_diag *diag)
{
	struct zone_scan scan = { tally, reader->answer };
	int err = 0;

	while (!err && pfns.start_pfn < pfns.end_pfn) {
		struct lt_range part = lt_page_places_next_outside(places, &pfns);

		if (lt_range_nr_pages(part))
			err = reader->ask(reader->arg, part, add_movable, &scan, diag);
	}
	return err;
}

/* What cannot be told of ZONE_MOVABLE takes nothing away from what is known of CMA. */
static int scan_movable(const struct lt_snapshot *snap, const struct lt_page_places *places,
			const struct lt_page_reader *reader, struct lt_page_scan *out,
			struct lt_diag *diag)
{
	int err = 0;

	for (size_t i = 0; i < snap->zones.nr && err != -ENOMEM; i++) {
		struct lt_range pfns = lt_page_places_movable(&snap->zones.v[i]);
		unsigned int node = snap->zones.v[i].node;

		if (!lt_range_nr_pages(pfns))
			continue;
		if (places->is_zone_shared[i]) {
			lt_diag_note(diag,
				     "ZONE_MOVABLE of node %u was not looked at: another "
				     "node's begins before and has pages of it",
				     node);
			continue;
		}
		if (lt_range_nr_pages(pfns) > LT_MOVABLE_PAGES_MAX) {
			lt_diag_note(diag, "ZONE_MOVABLE of node %u was not looked at: it is large",
				     node);
			continue;
		}
		err = scan_zone(places, pfns, reader, &out->zones[i], diag);
		out->zones[i].is_scanned = !err;
		if (err)
			lt_diag_set(diag, "ZONE_MOVABLE of node %u was not looked at", node);
	}
	return err == -ENOMEM ? err : 0;
}

/* An area that is somewhere, but nobody knows where, is not looked at: so say. */
static void report_unlocated(const struct lt_snapshot *snap, struct lt_diag *diag)
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

static int scan_areas(const struct lt_snapshot *snap, const struct lt_page_places *places,
		      const struct lt_page_reader *reader, struct lt_page_scan *out,
		      struct lt_diag *diag)
{
	struct lt_pfns named = { 0 };
	int err = lt_attempts_blockers(&snap->attempts, &named);

	for (size_t i = 0; i < snap->areas.nr && !err; i++) {
		const char *name = snap->areas.v[i].name;

		if (places->is_area_shared[i])
			lt_diag_set(diag,
				    "not looked at, since another area has pages of it: "
				    "area \"%s\"",
				    name ? name : "?");
		else
			err = scan_area(snap, i, &named, reader, out, diag);
	}
	lt_vec_free(&named);
	return err;
}

int lt_page_scan_run(const struct lt_snapshot *snap, const struct lt_page_reader *reader,
		     struct lt_page_scan *out, struct lt_diag *diag)
{
	struct lt_page_places places;
	int err;

	*out = (struct lt_page_scan){
		.tallies = calloc(snap->areas.nr + 1, sizeof(*out->tallies)),
		.zones = calloc(snap->zones.nr + 1, sizeof(*out->zones)),
	};
	if (!out->tallies || !out->zones)
		return -ENOMEM;
	err = lt_page_places_init(snap, &places);
	if (!err)
		err = scan_areas(snap, &places, reader, out, diag);
	if (!err)
		err = scan_movable(snap, &places, reader, out, diag);
	lt_page_places_fini(&places);
	if (err)
		return err;
	report_unlocated(snap, diag);
	sort_pins(&out->pins);
	return 0;
}

void lt_page_scan_store(struct lt_page_scan *scan, struct lt_snapshot *snap)
{
	for (size_t i = 0; i < snap->areas.nr; i++) {
		struct lt_area *area = &snap->areas.v[i];
		const struct lt_page_tally *tally = &scan->tallies[i];

		if (!area->ranges.nr || !tally->is_scanned)
			continue;
		area->nr_free = lt_num(tally->nr_free);
		area->nr_pinned = lt_num(tally->nr_pinned);
		if (lt_area_has_bitmaps(area))
			area->nr_lent = lt_num(tally->nr_lent);
	}
	for (size_t i = 0; i < snap->zones.nr; i++) {
		const struct lt_zone_tally *tally = &scan->zones[i];

		if (tally->is_scanned)
			snap->zones.v[i].nr_pinned = lt_num(tally->nr_pinned);
		if (tally->is_scanned && tally->nr_pinned)
			snap->zones.v[i].first_pinned_pfn = lt_num(tally->first_pfn);
	}
	lt_pins_free(&snap->pins);
	snap->pins = scan->pins;
	scan->pins = (struct lt_pins){ 0 };
	lt_vec_free(&snap->folios);
	snap->folios = scan->folios;
	scan->folios = (struct lt_folios){ 0 };
}

void lt_page_scan_fini(struct lt_page_scan *scan)
{
	free(scan->tallies);
	free(scan->zones);
	lt_pins_free(&scan->pins);
	lt_vec_free(&scan->folios);
	*scan = (struct lt_page_scan){ 0 };
}
