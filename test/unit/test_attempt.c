// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/attempt.c. */
#include "test.h"

#include "model/attempt.h"

static void add_try(struct lt_attempt *attempt, bool ok, struct lt_num blocker)
{
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	*tried = (struct lt_try){ .ok = ok, .blocker_pfn = blocker };
}

static void assert_blockers(const struct lt_attempt *attempt, size_t nr, const uint64_t *pfns)
{
	struct lt_pfns found = { 0 };

	assert_int_equal(lt_attempt_blockers(attempt, &found), 0);
	assert_int_equal(found.nr, nr);
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(found.v[i], pfns[i]);
	lt_vec_free(&found);
}

static void each_page_is_named_once_in_the_order_of_the_tries(void **state)
{
	static const uint64_t met[] = { 0x900, 0x900, 0x100, 0x900, 0x500, 0x100, 0x900 };
	static const uint64_t expected[] = { 0x900, 0x100, 0x500 };
	struct lt_attempt attempt = { .failed = true };

	(void)state;
	add_try(&attempt, false, (struct lt_num){ 0 });
	for (size_t i = 0; i < sizeof(met) / sizeof(met[0]); i++)
		add_try(&attempt, false, lt_num(met[i]));
	assert_blockers(&attempt, 3, expected);
	assert_int_equal(lt_attempt_blocker(&attempt).val, 0x900);
	lt_attempt_fini(&attempt);
}

static void page_zero_is_a_page(void **state)
{
	static const uint64_t expected[] = { 0, 7 };
	struct lt_attempt attempt = { .failed = true };

	(void)state;
	add_try(&attempt, false, lt_num(0));
	add_try(&attempt, false, lt_num(7));
	assert_true(lt_attempt_blocker(&attempt).known);
	assert_blockers(&attempt, 2, expected);
	lt_attempt_fini(&attempt);
}

/* A saved document may name a page with a range that passed: it blocked nothing. */
static void a_range_that_passed_was_not_blocked(void **state)
{
	struct lt_attempt attempt = { 0 };

	(void)state;
	assert_blockers(&attempt, 0, NULL);
	add_try(&attempt, true, lt_num(0x300));
	assert_false(lt_try_blocker(&attempt.tries.v[0]).known);
	assert_false(lt_attempt_blocker(&attempt).known);
	assert_blockers(&attempt, 0, NULL);
	lt_attempt_fini(&attempt);
}

static void those_of_several_attempts_are_appended(void **state)
{
	struct lt_attempt attempt = { .failed = true };
	struct lt_pfns pfns = { 0 };

	(void)state;
	add_try(&attempt, false, lt_num(5));
	add_try(&attempt, false, lt_num(3));
	add_try(&attempt, false, lt_num(5));
	assert_int_equal(lt_attempt_blockers(&attempt, &pfns), 0);
	assert_int_equal(lt_attempt_blockers(&attempt, &pfns), 0);
	assert_int_equal(pfns.nr, 4); /* of each its own */
	assert_int_equal(pfns.v[2], 5);
	assert_int_equal(pfns.v[3], 3);
	lt_vec_free(&pfns);
	lt_attempt_fini(&attempt);
}

static void repeats_differ_in_nothing_but_the_time(void **state)
{
	const struct lt_attempt first = {
		.failed = true,
		.ts_ns = lt_num(1),
		.area_name = "a",
		.nr_pages = lt_num(8),
		.err = lt_num(12),
		.count = 1,
	};
	struct lt_attempt other = first;

	(void)state;
	other.ts_ns = lt_num(2);
	assert_true(lt_attempt_is_repeat(&first, &other));
	other.nr_free = lt_num(3);
	assert_false(lt_attempt_is_repeat(&first, &other));
	other = first;
	other.caller = "driver";
	assert_false(lt_attempt_is_repeat(&first, &other));
	other = first;
	other.source = LT_ATTEMPT_TRACE;
	assert_false(lt_attempt_is_repeat(&first, &other));
	other = first;
	other.failed = false;
	assert_false(lt_attempt_is_repeat(&first, &other));
	other = first;
	add_try(&other, false, lt_num(5));
	assert_false(lt_attempt_is_repeat(&first, &other));
	lt_attempt_fini(&other);
}

static void the_last_of_several_has_its_own_time(void **state)
{
	struct lt_attempt attempt = { .ts_ns = lt_num(1) };

	(void)state;
	assert_int_equal(lt_attempt_last_ns(&attempt).val, 1);
	attempt.last_ts_ns = lt_num(9);
	assert_int_equal(lt_attempt_last_ns(&attempt).val, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_page_is_named_once_in_the_order_of_the_tries),
		cmocka_unit_test(page_zero_is_a_page),
		cmocka_unit_test(a_range_that_passed_was_not_blocked),
		cmocka_unit_test(those_of_several_attempts_are_appended),
		cmocka_unit_test(repeats_differ_in_nothing_but_the_time),
		cmocka_unit_test(the_last_of_several_has_its_own_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
