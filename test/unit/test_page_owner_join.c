// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/source/page_owner/page_owner_join.c. */
#include "test.h"

#include "source/page_owner/page_owner_join.h"
#include "source/source.h"
#include "tree.h"

#define PATH "sys/kernel/debug/page_owner"

static uint32_t allocated[8]; /* the area's bitmap */
static char text[65536];
static size_t len;

static void add_record(uint64_t pfn, unsigned int order, const char *more, const char *type,
		       const char *block)
{
	len += (size_t)snprintf(text + len, sizeof(text) - len,
				"Page allocated via order %u, mask 0xcc0(GFP_KERNEL)%s\n"
				"PFN 0x%lx type %s Block 1 type %s Flags 0x0()\n f+0x1/0x2\n\n",
				order, more, (unsigned long)pfn, type, block);
}

#define TASK ", pid 812, tgid 812 (camera-hal), ts 5000 ns"

static void lend(uint64_t pfn, unsigned int order)
{
	add_record(pfn, order, TASK, "Movable", "CMA");
}

static void add_pin(struct lt_snapshot *snap, uint64_t pfn, uint64_t nr_pages,
		    enum lt_pin_kind kind)
{
	struct lt_pin *pin = lt_vec_push(&snap->pins);

	pin->pfn = pfn;
	pin->nr_pages = nr_pages;
	pin->kind = kind;
}

/* An area of 256 pages from page 1000 on, of which cma_alloc() gave out the first 32. */
static struct lt_snapshot new_snapshot(void)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_area *area = lt_vec_push(&snap.areas);
	struct lt_area_range *range = lt_vec_push(&area->ranges);

	snap.stacks = lt_stacks_new();
	range->pfns = (struct lt_range){ 1000, 1256 };
	range->bitmap = (struct lt_bitmap){ .words = allocated, .nr_bits = 256 };
	area->order_per_bit = lt_num(0);
	memset(allocated, 0, sizeof(allocated));
	allocated[0] = 0xffffffff;
	len = 0;
	return snap;
}

static void done(struct lt_snapshot *snap)
{
	lt_vec_each(area, &snap->areas) {
		lt_vec_each(range, &area->ranges)
			range->bitmap.words = NULL;
	}
	lt_areas_free(&snap->areas);
	lt_pins_free(&snap->pins);
	lt_stacks_free(snap->stacks);
	tree_done(snap);
}

static int read_text(struct lt_snapshot *snap, struct lt_diag *diag)
{
	*diag = (struct lt_diag){ 0 };
	tree_write(PATH, text, len);
	return lt_source_page_owner.read(snap, diag);
}

static void pins_get_the_owner_of_their_page(void **state)
{
	struct lt_snapshot snap = new_snapshot();
	struct lt_diag diag;

	(void)state;
	add_pin(&snap, 1100, 1, LT_PIN_PINNED);
	add_pin(&snap, 1106, 1, LT_PIN_UNKNOWN); /* a blocker inside a block of four */
	add_pin(&snap, 1110, 1, LT_PIN_EXTRA_REF);
	add_pin(&snap, 1128, 4, LT_PIN_PINNED); /* a folio with a record for a tail, too */
	lend(900, 0);
	lend(1100, 0);
	lend(1104, 2);
	lend(1111, 0);
	add_record(1128, 2, ", pid 1, tgid 1 (head), ts 5 ns", "Movable", "CMA");
	add_record(1129, 0, ", pid 1, tgid 1 (tail), ts 5 ns", "Movable", "CMA");
	lend(1300, 0);
	assert_int_equal(read_text(&snap, &diag), 0);
	assert_int_equal(snap.pins.nr, 4);
	assert_true(snap.pins.v[0].has_owner);
	assert_num(snap.pins.v[0].allocated_by.pid, 812);
	assert_string_equal(snap.pins.v[0].allocated_by.comm, "camera-hal");
	assert_int_equal(snap.pins.v[0].allocated_by.stack->nr, 1);
	assert_true(snap.pins.v[1].has_owner);
	assert_int_equal(snap.pins.v[1].allocated_by.pfn, 1104);
	assert_false(snap.pins.v[2].has_owner);
	assert_string_equal(snap.pins.v[3].allocated_by.comm, "head");
	done(&snap);
}

static void lent_pages_are_those_that_were_not_given_out(void **state)
{
	struct lt_snapshot snap = new_snapshot();
	struct lt_diag diag;

	(void)state;
	lend(996, 0);
	lend(998, 2);  /* two pages in the area, given out */
	lend(1030, 2); /* two given out, two not */
	lend(1200, 5);
	lend(1254, 2); /* two pages in the area */
	lend(1256, 0);
	assert_int_equal(read_text(&snap, &diag), 0);
	assert_num(snap.areas.v[0].nr_lent, 2 + 32 + 2);
	done(&snap);
}

static void lent_pages_follow_the_bits_of_the_bitmap(void **state)
{
	struct lt_snapshot snap = new_snapshot();
	struct lt_diag diag;

	(void)state;
	snap.areas.v[0].order_per_bit = lt_num(2); /* 32 bits, 128 pages given out */
	lend(996, 0);
	lend(1126, 2);
	lend(1256, 0);
	assert_int_equal(read_text(&snap, &diag), 0);
	assert_num(snap.areas.v[0].nr_lent, 2);
	done(&snap);
}

static void hold(uint64_t pfn, unsigned int order, const char *task, const char *driver)
{
	len += (size_t)snprintf(text + len, sizeof(text) - len,
				"Page allocated via order %u, mask 0x8()%s\n"
				"PFN 0x%lx type Movable Block 1 type CMA Flags 0x0()\n"
				" split_free_pages+0x1/0x2\n cma_alloc+0x1/0x2\n%s\n\n",
				order, task, (unsigned long)pfn, driver);
}

/* Only what cma_alloc() gave out has a holder, and only as far as the area goes. */
static void pages_that_were_given_out_have_a_holder(void **state)
{
	struct lt_snapshot snap = new_snapshot();
	struct lt_diag diag;

	(void)state;
	snap.taken_ns = lt_num(9000);
	hold(998, 2, TASK, " vb2_dc_alloc+0x1/0x2"); /* two pages in the area */
	hold(1002, 1, TASK, " vb2_dc_alloc+0x1/0x2");
	hold(1004, 0, TASK, " probe+0x1/0x2 [drv]");
	hold(1005, 0, TASK, " 0xffffffff81234567");
	hold(1006, 0, ", pid 9, tgid 8 (late), ts 9001 ns", " probe+0x1/0x2 [drv]");
	hold(1031, 1, TASK, " probe+0x1/0x2 [drv]"); /* one of the two */
	hold(1200, 0, TASK, " probe+0x1/0x2 [drv]");
	assert_int_equal(read_text(&snap, &diag), 0);
	lt_holders_sort(&snap.holders);
	assert_int_equal(snap.holders.nr, 3);
	assert_string_equal(snap.holders.v[0].name, "vb2_dc_alloc");
	assert_num(snap.holders.v[0].nr_pages, 4);
	assert_num(snap.holders.v[0].pid, 812);
	assert_string_equal(snap.holders.v[0].comm, "camera-hal");
	assert_int_equal(snap.holders.v[0].area, 0);
	assert_int_equal(snap.holders.v[0].stack->nr, 3);
	assert_string_equal(snap.holders.v[1].name, "drv");
	assert_num(snap.holders.v[1].nr_pages, 2);
	assert_null(snap.holders.v[2].name);
	done(&snap);
}

/* A part of the file cannot tell how many pages are lent. */
static void a_partial_text_gives_no_total(void **state)
{
	struct lt_diag diag;

	(void)state;
	for (int missing = 0; missing < 5; missing++) {
		struct lt_snapshot snap = new_snapshot();

		if (missing != 1)
			lend(999, 0);
		lend(1100, 0);
		lend(1101, 0);
		if (missing == 2) /* the text of two readings */
			lend(1050, 0);
		if (missing == 3)
			len += (size_t)sprintf(text + len, "Page allocated via or");
		if (missing != 4)
			lend(1256, 0);
		assert_int_equal(read_text(&snap, &diag), 0);
		if (missing)
			assert_unknown(snap.areas.v[0].nr_lent);
		else
			assert_num(snap.areas.v[0].nr_lent, 2);
		done(&snap);
	}
}

static void without_a_bitmap_nothing_is_called_lent(void **state)
{
	struct lt_snapshot snap = new_snapshot();
	struct lt_diag diag;

	(void)state;
	snap.areas.v[0].ranges.v[0].bitmap.words = NULL;
	lend(999, 0);
	add_record(1100, 0, TASK, "Unmovable", "CMA");
	lend(1256, 0);
	assert_int_equal(read_text(&snap, &diag), 0);
	assert_unknown(snap.areas.v[0].nr_lent);
	assert_int_equal(snap.pins.nr, 0);
	done(&snap);
}

static void unmovable_pages_are_found(void **state)
{
	struct lt_snapshot snap = new_snapshot();
	struct lt_diag diag;

	(void)state;
	snap.taken_ns = lt_num(10000);
	add_pin(&snap, 1110, 1, LT_PIN_UNKNOWN);
	add_pin(&snap, 1111, 1, LT_PIN_PINNED);
	lend(999, 0);
	add_record(1001, 0, TASK, "Unmovable", "CMA"); /* given out */
	add_record(1104, 2, TASK, "Unmovable", "CMA");
	lend(1108, 0);
	add_record(1110, 0, TASK, "Unmovable", "CMA");
	add_record(1111, 0, TASK, "Unmovable", "CMA");
	add_record(1120, 0, TASK, "Reclaimable", "CMA");
	add_record(1121, 0, TASK, "Unmovable", "Isolate");			     /* in flight */
	add_record(1122, 0, ", pid 1, tgid 1 (a), ts 10001 ns", "Unmovable", "CMA"); /* since */
	add_record(1300, 0, TASK, "Unmovable", "Unmovable");
	assert_int_equal(read_text(&snap, &diag), 0);
	assert_int_equal(snap.pins.nr, 4);
	assert_int_equal(snap.pins.v[0].pfn, 1104);
	assert_int_equal(snap.pins.v[0].nr_pages, 4);
	assert_int_equal(snap.pins.v[0].kind, LT_PIN_UNMOVABLE);
	assert_int_equal(snap.pins.v[0].area, 0);
	assert_string_equal(snap.pins.v[0].allocated_by.comm, "camera-hal");
	assert_int_equal(snap.pins.v[1].pfn, 1110);
	assert_int_equal(snap.pins.v[1].kind, LT_PIN_UNMOVABLE);
	assert_int_equal(snap.pins.v[2].kind, LT_PIN_PINNED);
	assert_int_equal(snap.pins.v[3].pfn, 1120);
	done(&snap);
}

static void what_does_not_come_from_page_owner_changes_nothing(void **state)
{
	struct lt_snapshot snap = new_snapshot();
	struct lt_diag diag;

	(void)state;
	add_pin(&snap, 1100, 1, LT_PIN_PINNED);
	len = (size_t)sprintf(text, "not page_owner\n");
	assert_int_equal(read_text(&snap, &diag), -EBADMSG);
	assert_string_equal(diag.path, "/" PATH);
	assert_int_equal(diag.line, 1);
	len = 0;
	assert_int_equal(read_text(&snap, &diag), -EBADMSG);
	assert_false(snap.pins.v[0].has_owner);
	assert_unknown(snap.areas.v[0].nr_lent);
	remove(tree_path(PATH));
	assert_int_equal(lt_source_page_owner.read(&snap, &diag), -ENOENT);
	done(&snap);
}

/* Reading failed after some records. */
static void without_a_commit_all_is_taken_back(void **state)
{
	struct lt_snapshot snap = new_snapshot();
	struct lt_owner owner = {
		.pfn = 1100,
		.gfp = "GFP_KERNEL",
		.migratetype = "Unmovable",
		.block_migratetype = "CMA",
	};
	struct lt_page_owner_join join;

	(void)state;
	add_pin(&snap, 1100, 1, LT_PIN_UNKNOWN);
	assert_int_equal(lt_page_owner_join_init(&join, &snap), 0);
	assert_int_equal(lt_page_owner_join_add(&owner, &join), 0);
	assert_true(snap.pins.v[0].has_owner);
	lt_page_owner_join_fini(&join);
	assert_false(snap.pins.v[0].has_owner);
	assert_int_equal(snap.pins.v[0].kind, LT_PIN_UNKNOWN);
	assert_int_equal(snap.pins.nr, 1);
	assert_unknown(snap.areas.v[0].nr_lent);
	done(&snap);
}

static void without_areas_it_is_not_read(void **state)
{
	struct lt_snapshot snap = tree_snapshot(tree_dir);
	struct lt_diag diag;

	(void)state;
	len = 0;
	lend(1, 0);
	assert_int_equal(read_text(&snap, &diag), -ENODATA);
	tree_done(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pins_get_the_owner_of_their_page),
		cmocka_unit_test(lent_pages_are_those_that_were_not_given_out),
		cmocka_unit_test(lent_pages_follow_the_bits_of_the_bitmap),
		cmocka_unit_test(a_partial_text_gives_no_total),
		cmocka_unit_test(pages_that_were_given_out_have_a_holder),
		cmocka_unit_test(without_a_bitmap_nothing_is_called_lent),
		cmocka_unit_test(unmovable_pages_are_found),
		cmocka_unit_test(what_does_not_come_from_page_owner_changes_nothing),
		cmocka_unit_test(without_a_commit_all_is_taken_back),
		cmocka_unit_test(without_areas_it_is_not_read),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
