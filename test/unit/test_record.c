// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/record.c. */
#include "test.h"

#include "model/record.h"

static void what_was_saved_reaches_as_far_as_its_attempts(void **state)
{
	static const struct lt_attempt attempts[] = {
		{ .source = LT_ATTEMPT_ALLOC, .ts_ns = { 50, true }, .latency_ns = { 9, true } },
		{ .source = LT_ATTEMPT_LOG, .ts_ns = { 7, true }, .last_ts_ns = { 8, true } },
		{ .source = LT_ATTEMPT_ALLOC, .ts_ns = { 20, true } },
		{ .source = LT_ATTEMPT_ALLOC },
	};
	struct lt_records records = { 0 };

	(void)state;
	/* Of the running system: a document adds one of its own. */
	((struct lt_record *)lt_vec_push(&records))->source = LT_ATTEMPT_LOG;
	assert_int_equal(lt_records_add_saved(&records, attempts, 4), 0);
	assert_int_equal(records.nr, 3);
	assert_unknown(records.v[0].from_ns);
	assert_int_equal(records.v[1].source, LT_ATTEMPT_ALLOC);
	assert_num(records.v[1].from_ns, 20);
	assert_num(records.v[1].to_ns, 59);
	assert_true(records.v[1].successes);
	assert_unknown(records.v[1].nr_lost);
	assert_num(records.v[2].from_ns, 7);
	assert_num(records.v[2].to_ns, 8);
	assert_true(records.v[2].failures);
	assert_false(records.v[2].successes);
	lt_vec_free(&records);
}

static void no_attempts_are_no_record(void **state)
{
	struct lt_records records = { 0 };

	(void)state;
	assert_int_equal(lt_records_add_saved(&records, NULL, 0), 0);
	assert_int_equal(records.nr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_saved_reaches_as_far_as_its_attempts),
		cmocka_unit_test(no_attempts_are_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
