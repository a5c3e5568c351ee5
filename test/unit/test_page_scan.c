// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/folio/page_scan.c. */
#include "test.h"

#include <errno.h>

#include "source/folio/page_places.h"
#include "source/folio/page_scan.h"
#include "uapi/ltpin_netlink.h"

/* Memory as a reader knows it, and what it was asked for. */
struct memory {
	const struct lt_folio *folios;
	size_t nr;
	struct lt_range asked[4];
	size_t nr_asked;
	int movable_err;
};

static int ask(void *arg, struct lt_range pfns,
	       int (*each)(const struct lt_folio *folio, void *arg), void *each_arg,
	       struct lt_diag *diag)
{
	struct memory *memory = arg;
	int err = memory->nr_asked ? memory->movable_err : 0;

	(void)diag;
	assert_true(memory->nr_asked < 4);
	memory->asked[memory->nr_asked++] = pfns;
	for (size_t i = 0; i < memory->nr && !err; i++)
		if (lt_range_has(pfns, memory->folios[i].pfn))
			err = each(&memory->folios[i], each_arg);
	return err;
}

#define LRU (LTPIN_PAGE_ANON | LTPIN_PAGE_LRU)

static const struct lt_folio folios[] = {
	/* pfn, nr_pages, refcount, mapcount, pins, flags */
	{ 1000, 1, 1025, 1, 1, LRU },
	{ 3001, 1, 1, 1, 0, LRU },
	{ 3002, 1, 1025, 1, 1, LRU },
	{ 3004, 4, 3, 1, 2, LRU | LTPIN_PAGE_PINS_EXACT },
	{ 3010, 8, 0, -1, -1, LTPIN_PAGE_BUDDY },
};

/* A CMA area, [1000, 1100), and ZONE_MOVABLE, from 3000 on. */
static void world(struct lt_snapshot *snap, uint64_t nr_movable)
{
	struct lt_area *area;
	struct lt_zone *zone;

	memset(snap, 0, sizeof(*snap));
	area = lt_vec_push(&snap->areas);
	area->nr_pages = lt_num(100);
	((struct lt_area_range *)lt_vec_push(&area->ranges))->pfns =
		(struct lt_range){ 1000, 1100 };
	zone = lt_zones_get(&snap->zones, 0, "Normal");
	zone->start_pfn = lt_num(0);
	zone->nr_spanned = zone->nr_managed = lt_num(3000);
	zone = lt_zones_get(&snap->zones, 0, "Movable");
	zone->start_pfn = lt_num(3000);
	zone->nr_spanned = zone->nr_managed = lt_num(nr_movable);
}

static void free_world(struct lt_snapshot *snap, struct lt_page_scan *scan)
{
	lt_page_scan_fini(scan);
	lt_areas_free(&snap->areas);
	lt_zones_free(&snap->zones);
	lt_pins_free(&snap->pins);
	lt_vec_free(&snap->folios);
}

static void run(struct lt_snapshot *snap, struct memory *memory, struct lt_diag *diag)
{
	struct lt_page_reader reader = { .ask = ask, .arg = memory };
	struct lt_page_scan scan;

	memory->folios = folios;
	memory->nr = sizeof(folios) / sizeof(folios[0]);
	assert_int_equal(lt_page_scan_run(snap, &reader, &scan, diag), 0);
	lt_page_scan_store(&scan, snap);
	assert_int_equal(snap->pins.nr, 1); /* of the areas alone */
	assert_int_equal(snap->pins.v[0].pfn, 1000);
	assert_int_equal(snap->pins.v[0].kind, LT_PIN_PINNED);
	assert_unknown(snap->zones.v[0].nr_pinned);
	lt_page_scan_fini(&scan);
}

static void pins_in_zone_movable_are_counted(void **state)
{
	struct lt_page_scan none = { 0 };
	struct memory memory = { 0 };
	struct lt_diag diag = { 0 };
	struct lt_snapshot snap;

	(void)state;
	world(&snap, 500);
	run(&snap, &memory, &diag);
	assert_int_equal(memory.nr_asked, 2);
	assert_int_equal(memory.asked[1].start_pfn, 3000);
	assert_int_equal(memory.asked[1].end_pfn, 3500);
	assert_num(snap.zones.v[1].nr_pinned, 5);
	assert_num(snap.zones.v[1].first_pinned_pfn, 3002);
	free_world(&snap, &none);
}

static void an_area_in_zone_movable_is_counted_once(void **state)
{
	struct lt_page_scan none = { 0 };
	struct memory memory = { 0 };
	struct lt_diag diag = { 0 };
	struct lt_snapshot snap;

	(void)state;
	world(&snap, 500);
	snap.zones.v[1].start_pfn = lt_num(900);
	snap.zones.v[1].nr_spanned = lt_num(300);
	run(&snap, &memory, &diag);
	assert_int_equal(memory.nr_asked, 3);
	assert_int_equal(memory.asked[1].start_pfn, 900);
	assert_int_equal(memory.asked[1].end_pfn, 1000);
	assert_int_equal(memory.asked[2].start_pfn, 1100);
	assert_int_equal(memory.asked[2].end_pfn, 1200);
	assert_num(snap.zones.v[1].nr_pinned, 0);
	assert_unknown(snap.zones.v[1].first_pinned_pfn);
	free_world(&snap, &none);
}

static void what_is_large_or_empty_is_not_looked_at(void **state)
{
	static const uint64_t sizes[] = { 0, LT_MOVABLE_PAGES_MAX + 1 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lt_page_scan none = { 0 };
		struct memory memory = { 0 };
		struct lt_diag diag = { 0 };
		struct lt_snapshot snap;

		world(&snap, sizes[i]);
		run(&snap, &memory, &diag);
		assert_int_equal(memory.nr_asked, 1);
		assert_unknown(snap.zones.v[1].nr_pinned);
		assert_int_equal(!!strstr(diag.note, "it is large"), i);
		free_world(&snap, &none);
	}
}

/* What is known of CMA stays known. */
static void a_zone_that_cannot_be_read_is_not_known(void **state)
{
	struct memory memory = { .movable_err = -EIO };
	struct lt_page_scan none = { 0 };
	struct lt_diag diag = { 0 };
	struct lt_snapshot snap;

	(void)state;
	world(&snap, 500);
	run(&snap, &memory, &diag);
	assert_unknown(snap.zones.v[1].nr_pinned);
	assert_non_null(strstr(diag.why, "ZONE_MOVABLE of node 0 was not looked at"));
	free_world(&snap, &none);
}

/* No kernel has such areas, but a capture may claim so. */
static void pages_of_two_areas_are_looked_at_once(void **state)
{
	struct lt_page_scan none = { 0 };
	struct memory memory = { 0 };
	struct lt_diag diag = { 0 };
	struct lt_snapshot snap;

	(void)state;
	world(&snap, 0);
	for (int i = 0; i < 2; i++) {
		struct lt_area *area = lt_vec_push(&snap.areas);

		area->name = "twin";
		((struct lt_area_range *)lt_vec_push(&area->ranges))->pfns =
			(struct lt_range){ 1000, 1200 };
	}
	run(&snap, &memory, &diag);
	assert_int_equal(memory.nr_asked, 1);
	assert_num(snap.areas.v[0].nr_pinned, 1);
	assert_unknown(snap.areas.v[1].nr_pinned);
	assert_non_null(strstr(diag.why, "another area has pages of it: area \"twin\""));
	free_world(&snap, &none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pins_in_zone_movable_are_counted),
		cmocka_unit_test(an_area_in_zone_movable_is_counted_once),
		cmocka_unit_test(what_is_large_or_empty_is_not_looked_at),
		cmocka_unit_test(pages_of_two_areas_are_looked_at_once),
		cmocka_unit_test(a_zone_that_cannot_be_read_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
