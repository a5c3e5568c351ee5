// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/module/module_pages.c. */
#include "test.h"

#include "base/array_size.h"

#include "source/module/module_pages.h"
#include "source/folio/page_scan.h"
#include "uapi/ltpin_netlink.h"

#define ANON (LTPIN_PAGE_ANON | LTPIN_PAGE_LRU | LTPIN_PAGE_REFERENCED)

/* 64 pages from PFN 1000; cma_alloc() gave out 1016 to 1023 (order_per_bit 2: bits 4 and 5). */
struct fixture {
	uint32_t words[1];
	struct lt_area_range range;
	struct lt_area area;
	struct lt_page_tally tally;
	struct lt_pins pins;
};

static void set_up(struct fixture *f)
{
	*f = (struct fixture){
		.words = { 0x30 },
		.range = { .pfns = { 1000, 1064 } },
		.area = { .name = "reserved", .order_per_bit = lt_num(2) },
	};
	f->range.bitmap = (struct lt_bitmap){ .words = f->words, .nr_bits = 16 };
	f->area.ranges.v = &f->range;
	f->area.ranges.nr = 1;
}

static void add(struct fixture *f, uint64_t pfn, uint32_t nr_pages, int32_t refcount,
		int32_t mapcount, int32_t pins, uint64_t flags)
{
	struct lt_folio folio = { pfn, nr_pages, refcount, mapcount, pins, flags };
	struct lt_scanned_range in = { &f->area, 3, &f->range, NULL };

	assert_int_equal(lt_page_tally_folio(&in, &folio, &f->tally, &f->pins), 0);
}

static void assert_tally(const struct fixture *f, uint64_t nr_free, uint64_t nr_lent,
			 uint64_t nr_pinned)
{
	assert_int_equal(f->tally.nr_free, nr_free);
	assert_int_equal(f->tally.nr_lent, nr_lent);
	assert_int_equal(f->tally.nr_pinned, nr_pinned);
}

static void free_blocks_are_clipped_to_the_range(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	add(&f, 992, 16, 0, 0, 0, LTPIN_PAGE_BUDDY);  /* 8 of them inside */
	add(&f, 1056, 32, 0, 0, 0, LTPIN_PAGE_BUDDY); /* 8 again */
	add(&f, 1064, 8, 0, 0, 0, LTPIN_PAGE_BUDDY);  /* past the end */
	assert_tally(&f, 16, 0, 0);
	assert_int_equal(f.pins.nr, 0);
}

static void pages_in_use_are_lent_unless_allocated(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	add(&f, 1001, 1, 1, 1, 0, ANON);
	add(&f, 1002, 1, 0, 0, 0, 0);			/* on a per-CPU list */
	add(&f, 1017, 1, 1, 0, 0, 0);			/* a device's */
	add(&f, 1018, 1, 5000, 0, 4, 0);		/* whatever the device does to it */
	add(&f, 1023, 2, 1, 0, 0, LTPIN_PAGE_COMPOUND); /* across the end of the buffer */
	add(&f, 1040, 1, 1, 0, 0, LTPIN_PAGE_RESERVED);
	assert_tally(&f, 0, 2, 0);
	assert_int_equal(f.pins.nr, 0);
}

/* A request marks its run while it is under way: what it did not get yet is a process's still. */
static void a_marked_page_of_a_process_is_lent(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	add(&f, 1017, 1, 1025, 1, 1, ANON);
	assert_tally(&f, 0, 1, 1);
	assert_int_equal(f.pins.nr, 1);
	assert_int_equal(f.pins.v[0].kind, LT_PIN_PINNED);
	lt_pins_free(&f.pins);
}

/* What the kernel named is kept, whatever it is now. */
static void a_named_page_is_kept(void **state)
{
	static const struct {
		int32_t refcount, mapcount;
		uint64_t pfn, flags;
		bool has_passed;
	} rows[] = {
		{ 0, 0, 1001, LTPIN_PAGE_BUDDY, true },
		{ 0, 0, 1001, 0, true },    /* on a per-CPU list */
		{ 1, 1, 1001, ANON, true }, /* nothing else holds it */
		{ 2, 0, 1001, LTPIN_PAGE_FILE | LTPIN_PAGE_PRIVATE | LTPIN_PAGE_LRU,
		  false }, /* buffers */
		{ 1, 1, 1001, ANON | LTPIN_PAGE_LOCKED, false },
		{ 1, 1, 1001, ANON | LTPIN_PAGE_UNSTABLE, false },
		{ 1, 0, 1001, 0, false }, /* somebody's, who knows */
		{ 1, 0, 1017, 0, true },  /* given out since */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_folio folio = { rows[i].pfn,	    1, rows[i].refcount,
					  rows[i].mapcount, 0, rows[i].flags };
		uint64_t pfns[] = { 1000, rows[i].pfn };
		struct lt_pfns named = { .v = pfns, .nr = 2 };
		struct fixture f;
		struct lt_scanned_range in = { &f.area, 3, &f.range, &named };

		set_up(&f);
		assert_int_equal(lt_page_tally_folio(&in, &folio, &f.tally, &f.pins), 0);
		assert_int_equal(f.pins.nr, 1);
		assert_int_equal(f.pins.v[0].kind, LT_PIN_UNKNOWN);
		if (f.pins.v[0].has_passed != rows[i].has_passed)
			fail_msg("row %zu: released %d", i, f.pins.v[0].has_passed);
		lt_pins_free(&f.pins);
	}
}

static void what_cannot_move_is_listed(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	add(&f, 1001, 1, 2049, 1, 2, ANON);
	add(&f, 1004, 4, 3, 1, 1, ANON | LTPIN_PAGE_COMPOUND | LTPIN_PAGE_PINS_EXACT);
	add(&f, 1030, 1, 2, 1, 0, ANON);
	add(&f, 1031, 1, 1, 0, 0, LTPIN_PAGE_SLAB);
	add(&f, 1032, 1, 1025, 1, 1, ANON | LTPIN_PAGE_UNSTABLE);
	assert_tally(&f, 0, 8, 5);
	assert_int_equal(f.pins.nr, 4);
	assert_int_equal(f.pins.v[0].kind, LT_PIN_PINNED);
	assert_num(f.pins.v[0].pins, 2);
	assert_true(f.pins.v[0].pins_estimated);
	assert_num(f.pins.v[0].refcount, 2049);
	assert_num(f.pins.v[0].mapcount, 1);
	assert_int_equal(f.pins.v[0].area, 3);
	assert_int_equal(f.pins.v[1].nr_pages, 4);
	assert_num(f.pins.v[1].pins, 1);
	assert_false(f.pins.v[1].pins_estimated);
	assert_int_equal(f.pins.v[2].kind, LT_PIN_EXTRA_REF);
	assert_num(f.pins.v[2].pins, 0);
	assert_int_equal(f.pins.v[3].kind, LT_PIN_UNMOVABLE);
	assert_unknown(f.pins.v[3].mapcount);
	lt_pins_free(&f.pins);
}

static void a_folio_across_two_ranges_is_listed_once(void **state)
{
	const uint64_t flags = ANON | LTPIN_PAGE_COMPOUND | LTPIN_PAGE_PINS_EXACT;
	struct fixture f;

	(void)state;
	set_up(&f);
	add(&f, 1060, 8, 2, 1, 1, flags);
	f.range.pfns = (struct lt_range){ 1064, 1080 };
	add(&f, 1060, 8, 2, 1, 1, flags);
	assert_tally(&f, 0, 8, 8);
	assert_int_equal(f.pins.nr, 1);
	lt_pins_free(&f.pins);
}

static void without_bitmaps_nothing_counts_as_allocated(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	assert_true(lt_area_has_bitmaps(&f.area));
	f.range.bitmap = (struct lt_bitmap){ 0 };
	assert_false(lt_area_has_bitmaps(&f.area));
	add(&f, 1017, 1, 1025, 1, 1, ANON);
	assert_int_equal(f.pins.nr, 1);
	lt_pins_free(&f.pins);
}

static void own_pins_have_a_name(void **state)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_range runs[] = { { 1001, 1003 },
				   { 1007, 1008 },
				   { 2000, UINT64_C(1) << 60 } /* forged */ };
	struct lt_module_hold hold = {
		.kind = LTPIN_KIND_PIN, .pid = 812, .ts_ns = 5, .comm = "cam\x1b[2J"
	};
	struct fixture f;

	(void)state;
	hold.runs.v = runs;
	hold.runs.nr = 3;
	set_up(&f);
	add(&f, 1001, 1, 1025, 1, 1, ANON);
	add(&f, 1003, 1, 1025, 1, 1, ANON);
	add(&f, 1004, 4, 3, 1, 1, ANON | LTPIN_PAGE_COMPOUND | LTPIN_PAGE_PINS_EXACT);
	assert_int_equal(lt_module_name_pinner(&hold, &f.pins, strings), 0);
	assert_true(f.pins.v[0].has_pinner);
	assert_num(f.pins.v[0].pinned_by.pid, 812);
	assert_string_equal(f.pins.v[0].pinned_by.comm, "cam\\x1b[2J");
	assert_num(f.pins.v[0].nr_pins_seen, 1);
	assert_false(f.pins.v[1].has_pinner);
	assert_false(f.pins.v[1].nr_pins_seen.known);
	assert_true(f.pins.v[2].has_pinner); /* its last page is in the second run */
	assert_num(f.pins.v[2].nr_pins_seen, 1);
	hold.pid = 900; /* pins it once more, and is not the one that is named */
	assert_int_equal(lt_module_name_pinner(&hold, &f.pins, strings), 0);
	assert_num(f.pins.v[0].nr_pins_seen, 2);
	assert_num(f.pins.v[0].pinned_by.pid, 812);
	hold.kind = LTPIN_KIND_ALLOC;
	f.pins.v[0].has_pinner = false;
	assert_int_equal(lt_module_name_pinner(&hold, &f.pins, strings), 0);
	assert_false(f.pins.v[0].has_pinner);
	lt_pins_free(&f.pins);
	lt_strings_free(strings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(free_blocks_are_clipped_to_the_range),
		cmocka_unit_test(pages_in_use_are_lent_unless_allocated),
		cmocka_unit_test(a_marked_page_of_a_process_is_lent),
		cmocka_unit_test(a_named_page_is_kept),
		cmocka_unit_test(what_cannot_move_is_listed),
		cmocka_unit_test(a_folio_across_two_ranges_is_listed_once),
		cmocka_unit_test(without_bitmaps_nothing_counts_as_allocated),
		cmocka_unit_test(own_pins_have_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
