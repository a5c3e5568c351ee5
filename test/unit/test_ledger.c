// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/ledger.c. */
#include "test.h"

#include "model/ledger.h"

#define S 1000000000ull

static const struct lt_stack camera, gpu;

static void allocate(struct lt_ledger *ledger, uint64_t s, uint64_t pfn, uint64_t nr_pages,
		     const struct lt_stack *stack)
{
	struct lt_ledger_event event = { .pfns = { pfn, pfn + nr_pages },
					 .ts_ns = lt_num(s * S),
					 .area_name = "reserved",
					 .caller = "camera",
					 .stack = stack };

	assert_int_equal(lt_ledger_allocate(ledger, &event), 0);
}

static void release(struct lt_ledger *ledger, uint64_t s, uint64_t pfn, uint64_t nr_pages)
{
	struct lt_ledger_event event = { .pfns = { pfn, pfn + nr_pages },
					 .ts_ns = lt_num(s * S),
					 .area_name = "reserved",
					 .caller = "camera" };

	assert_int_equal(lt_ledger_release(ledger, &event), 0);
}

static uint64_t nr_pages_held(const struct lt_ledger *ledger)
{
	uint64_t nr_pages = 0;

	lt_vec_each(allocation, &ledger->allocations)
		if (!allocation->is_released)
			nr_pages += lt_range_nr_pages(allocation->pfns);
	return nr_pages;
}

static void what_is_allocated_and_released_is_joined(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	allocate(&ledger, 1, 0x100, 16, &camera);
	allocate(&ledger, 2, 0x110, 16, &gpu);
	allocate(&ledger, 3, 0x120, 16, &camera);
	release(&ledger, 5, 0x110, 16);
	release(&ledger, 6, 0x100, 16);
	assert_int_equal(ledger.requesters.nr, 2);
	assert_ptr_equal(ledger.requesters.v[0].stack, &camera);
	assert_int_equal(ledger.requesters.v[0].nr_allocated, 2);
	assert_int_equal(ledger.requesters.v[0].nr_released, 1);
	assert_int_equal(ledger.requesters.v[0].nr_pages_held, 16);
	assert_num(ledger.requesters.v[0].longest_ns, 5 * S);
	assert_int_equal(ledger.requesters.v[1].nr_held, 0);
	assert_int_equal(nr_pages_held(&ledger), 16);
	assert_num(ledger.from_ns, 1 * S);
	assert_num(ledger.to_ns, 6 * S);
	lt_ledger_free(&ledger);
}

static void a_part_that_is_released_leaves_a_rest(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	allocate(&ledger, 1, 0x100, 16, &camera);
	release(&ledger, 2, 0x104, 8);
	assert_int_equal(nr_pages_held(&ledger), 8);
	assert_int_equal(ledger.requesters.v[0].nr_parts, 1);
	assert_int_equal(ledger.requesters.v[0].nr_held, 1);
	assert_true(ledger.allocations.v[0].is_rest);
	assert_true(ledger.allocations.v[2].is_rest);
	release(&ledger, 3, 0x100, 4);
	assert_int_equal(nr_pages_held(&ledger), 4);
	assert_int_equal(ledger.nr_again, 0);
	lt_ledger_free(&ledger);
}

static void what_is_released_twice_is_seen(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	allocate(&ledger, 1, 0x100, 16, &camera);
	release(&ledger, 2, 0x100, 16);
	release(&ledger, 3, 0x108, 8);
	assert_int_equal(ledger.nr_again, 1);
	assert_int_equal(ledger.again.v[0].pfns.start_pfn, 0x108);
	assert_num(ledger.again.v[0].first_ns, 2 * S);
	assert_num(ledger.again.v[0].ts_ns, 3 * S);
	assert_int_equal(ledger.again.v[0].requester, 0);
	lt_ledger_free(&ledger);
}

/* Its allocation was not seen: others may not be recorded either. */
static void without_an_allocation_nothing_is_released_twice(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	release(&ledger, 2, 0x100, 16);
	release(&ledger, 3, 0x100, 16);
	assert_int_equal(ledger.nr_again, 0);
	assert_true(ledger.requesters.v[0].is_unknown);
	assert_int_equal(ledger.requesters.v[0].nr_pages_released, 16);
	lt_ledger_free(&ledger);
}

static void after_a_gap_nothing_is_certain(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	allocate(&ledger, 1, 0x100, 16, &camera);
	allocate(&ledger, 1, 0x200, 16, &camera);
	release(&ledger, 2, 0x200, 16);
	lt_ledger_gap(&ledger, lt_num(3 * S));
	assert_int_equal(ledger.requesters.v[0].nr_doubtful, 1);
	assert_int_equal(ledger.requesters.v[0].nr_pages_doubtful, 16);
	release(&ledger, 4, 0x200, 16);
	assert_int_equal(ledger.nr_again, 0);
	release(&ledger, 4, 0x100, 16);
	assert_int_equal(ledger.requesters.v[0].nr_held, 0);
	assert_int_equal(ledger.requesters.v[0].nr_doubtful, 0);
	assert_int_equal(ledger.requesters.v[0].nr_pages_old, 16);
	assert_int_equal(lt_ledger_nr_pages_old(&ledger, &ledger.requesters.v[0]), 32);
	lt_ledger_free(&ledger);
}

/* The bitmap is cleared before the event: another processor may be faster with the same pages. */
static void a_release_may_be_traced_late(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	allocate(&ledger, 1, 0x100, 16, &camera);
	allocate(&ledger, 2, 0x100, 16, &gpu);
	assert_int_equal(ledger.requesters.v[0].nr_held, 0);
	release(&ledger, 2, 0x100, 16);
	assert_int_equal(ledger.requesters.v[1].nr_held, 1);
	release(&ledger, 3, 0x100, 16);
	assert_int_equal(ledger.requesters.v[1].nr_held, 0);
	assert_int_equal(ledger.nr_again, 0);
	lt_ledger_free(&ledger);
}

/* Whose it is cannot be told where nothing is known of what was there before. */
static void a_late_release_of_unknown_pages_is_not_released_twice(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	allocate(&ledger, 1, 0x200, 16, &camera);
	allocate(&ledger, 2, 0x100, 16, &gpu);
	release(&ledger, 2, 0x100, 16);
	assert_int_equal(ledger.requesters.v[1].nr_held, 0);
	release(&ledger, 3, 0x100, 16);
	assert_int_equal(ledger.nr_again, 0);
	allocate(&ledger, 4, 0x100, 16, &gpu);
	release(&ledger, 5, 0x100, 16);
	release(&ledger, 6, 0x100, 16);
	assert_int_equal(ledger.nr_again, 1);
	lt_ledger_free(&ledger);
}

static void what_comes_back_at_once_may_be_of_another_clock(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	allocate(&ledger, 1, 0x100, 16, &camera);
	release(&ledger, 2, 0x100, 16);
	release(&ledger, 3, 0x100, 16);
	allocate(&ledger, 3, 0x100, 16, &gpu);
	assert_int_equal(ledger.nr_again, 0);
	assert_int_equal(ledger.requesters.v[1].nr_doubtful, 1);
	lt_ledger_free(&ledger);
}

static void there_is_an_end_of_what_is_kept(void **state)
{
	struct lt_ledger ledger = { 0 };

	(void)state;
	for (uint64_t i = 0; i <= LT_LEDGER_RANGES_MAX; i++)
		allocate(&ledger, i, i, 1, &camera);
	assert_true(ledger.is_full);
	assert_int_equal(ledger.allocations.nr, LT_LEDGER_RANGES_MAX);
	lt_ledger_free(&ledger);
}

/* Where releases are not recorded, each allocation waits for the one before it. */
static void what_never_comes_is_not_awaited_for_ever(void **state)
{
	struct lt_ledger ledger = { 0 };
	struct lt_ledger_event event = { .pfns = { 0x100, 0x110 } };

	(void)state;
	for (uint64_t i = 0; i < 10000; i++)
		allocate(&ledger, i, 0x100, 16, &camera);
	assert_true(ledger.late.nr <= 1);
	for (uint64_t i = 0; i < 10000; i++)
		assert_int_equal(lt_ledger_allocate(&ledger, &event), 0);
	assert_true(ledger.late.cap <= 1024);
	lt_ledger_free(&ledger);
}

/* Days take no more room than seconds, and no low or high is forgotten. */
static void growth_keeps_its_lows(void **state)
{
	struct lt_growth growth = { 0 };
	struct lt_growth_span span;

	(void)state;
	for (uint64_t s = 0; s < 86400; s++)
		lt_growth_add(&growth, s * S, s == 30000 ? 1 : 10 + s / 1000);
	lt_growth_reach(&growth, 100000 * S);
	assert_true(growth.nr <= LT_GROWTH_SPANS);
	assert_true(lt_growth_quarter(&growth, 0, 1, &span));
	assert_int_equal(span.least, 1);
	assert_int_equal(span.nr_released, 1);
	assert_true(lt_growth_quarter(&growth, 0, 3, &span));
	assert_int_equal(span.most, 96);
	assert_true(span.least > 80 && span.least < 90);
	lt_growth_add(&growth, 0, 5);
	assert_int_equal(growth.spans[growth.nr - 1].least, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_allocated_and_released_is_joined),
		cmocka_unit_test(a_part_that_is_released_leaves_a_rest),
		cmocka_unit_test(what_is_released_twice_is_seen),
		cmocka_unit_test(without_an_allocation_nothing_is_released_twice),
		cmocka_unit_test(after_a_gap_nothing_is_certain),
		cmocka_unit_test(a_release_may_be_traced_late),
		cmocka_unit_test(a_late_release_of_unknown_pages_is_not_released_twice),
		cmocka_unit_test(what_comes_back_at_once_may_be_of_another_clock),
		cmocka_unit_test(there_is_an_end_of_what_is_kept),
		cmocka_unit_test(what_never_comes_is_not_awaited_for_ever),
		cmocka_unit_test(growth_keeps_its_lows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
