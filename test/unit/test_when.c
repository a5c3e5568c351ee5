// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/when.c. */
#include "test.h"

#include <errno.h>

#include "model/when.h"

static struct lt_when between(uint64_t a, uint64_t b)
{
	return lt_when_between(a, b);
}

static void what_is_apart_has_an_order(void **state)
{
	(void)state;
	assert_true(lt_when_is_before(between(1, 4), between(5, 9)));
	assert_false(lt_when_is_before(between(5, 9), between(1, 4)));
	assert_true(lt_when_is_ordered(between(1, 4), between(5, 9)));
	assert_true(lt_when_is_ordered(between(5, 9), between(1, 4)));
	assert_true(lt_when_is_before(lt_when_at(lt_num(4)), lt_when_at(lt_num(5))));
}

static void what_shares_a_point_has_none(void **state)
{
	const struct lt_when pairs[][2] = {
		{ between(1, 5), between(5, 9) },
		{ between(1, 9), between(3, 4) },
		{ between(3, 7), between(1, 9) },
		{ lt_when_at(lt_num(5)), lt_when_at(lt_num(5)) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_false(lt_when_is_before(pairs[i][0], pairs[i][1]));
		assert_false(lt_when_is_before(pairs[i][1], pairs[i][0]));
		assert_false(lt_when_is_ordered(pairs[i][0], pairs[i][1]));
	}
}

static void an_end_that_is_not_known_orders_nothing(void **state)
{
	const struct lt_when any = { 0 }, since = { .earliest_ns = lt_num(100) },
			     until = { .latest_ns = lt_num(100) };

	(void)state;
	assert_false(lt_when_is_ordered(any, between(5, 9)));
	assert_false(lt_when_is_ordered(any, any));
	assert_true(lt_when_is_before(between(5, 9), since));
	assert_false(lt_when_is_ordered(between(200, 300), since));
	assert_true(lt_when_is_before(until, between(200, 300)));
	assert_false(lt_when_is_ordered(between(5, 9), until));
	assert_false(lt_when_is_ordered(since, until));
	assert_false(lt_when_at((struct lt_num){ 0 }).latest_ns.known);
}

static void wider_never_leaves_the_numbers(void **state)
{
	struct lt_when wide = lt_when_widen(between(10, UINT64_MAX - 5), 20, 5);

	(void)state;
	assert_int_equal(wide.earliest_ns.val, 0);
	assert_true(wide.latest_ns.val == UINT64_MAX);
	wide = lt_when_widen(wide, 0, 1);
	assert_true(wide.earliest_ns.known);
	assert_false(wide.latest_ns.known);
	wide = lt_when_widen((struct lt_when){ .earliest_ns = lt_num(50) }, 20, 20);
	assert_int_equal(wide.earliest_ns.val, 30);
	assert_false(wide.latest_ns.known);
}

static void two_statements_say_more_than_one(void **state)
{
	struct lt_when both = between(77, 77);

	(void)state;
	assert_int_equal(lt_when_meet(between(1, 6), between(4, 9), &both), 0);
	assert_int_equal(both.earliest_ns.val, 4);
	assert_int_equal(both.latest_ns.val, 6);
	assert_int_equal(lt_when_meet((struct lt_when){ .earliest_ns = lt_num(3) },
				      (struct lt_when){ .latest_ns = lt_num(8) }, &both),
			 0);
	assert_int_equal(both.earliest_ns.val, 3);
	assert_int_equal(both.latest_ns.val, 8);
	assert_int_equal(lt_when_meet(between(1, 3), between(4, 9), &both), -ERANGE);
	assert_int_equal(lt_when_meet(between(4, 9), between(1, 3), &both), -ERANGE);
	assert_int_equal(both.latest_ns.val, 8);
}

static void check_read(const char *text, bool want)
{
	struct lt_json_value *value;
	struct lt_when when = { 0 };

	assert_int_equal(lt_json_parse(text, strlen(text), &value, NULL), 0);
	assert_int_equal(lt_when_read(value, "at", &when), want);
	assert_int_equal(lt_when_is_known(when), want);
	lt_json_value_free(value);
}

static void both_bounds_are_written_and_read_or_none(void **state)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct lt_json *json = lt_json_new_line(out);

	(void)state;
	lt_json_object(json, NULL);
	lt_when_write(json, "at", lt_when_between(3, 4));
	lt_when_write(json, "since", (struct lt_when){ .earliest_ns = lt_num(5) });
	lt_when_write(json, "never", (struct lt_when){ 0 });
	assert_int_equal(lt_json_end(json), 0);
	fclose(out);
	assert_non_null(strstr(text, "3"));
	assert_null(strstr(text, "since"));
	assert_null(strstr(text, "never"));
	check_read(text, true);
	free(text);
	check_read("{\"at\": 3}", false);
	check_read("{\"at\": [3]}", false);
	check_read("{\"at\": [4, 3]}", false);
	check_read("{\"at\": [3, \"4\"]}", false);
	check_read("{\"at\": [-1, 4]}", false);
	check_read("{}", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_apart_has_an_order),
		cmocka_unit_test(what_shares_a_point_has_none),
		cmocka_unit_test(an_end_that_is_not_known_orders_nothing),
		cmocka_unit_test(wider_never_leaves_the_numbers),
		cmocka_unit_test(two_statements_say_more_than_one),
		cmocka_unit_test(both_bounds_are_written_and_read_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
