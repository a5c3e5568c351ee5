// SPDX-License-Identifier: GPL-2.0-or-later
/* What is on record: lib/model/record.c, lib/model/completeness.c. */
#include "test.h"

#include "model/completeness.h"
#include "model/record.h"
#include "model/snapshot.h"

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

/* The log is read up to now; the trace's clock is ahead of it by what both showed at one moment. */
static void records_of_two_clocks_are_compared_by_one(void **state)
{
	struct lt_record record[] = {
		{ .source = LT_ATTEMPT_LOG,
		  .failures = true,
		  .from_ns = { 0, true },
		  .to_ns = { 2000000000, true } },
		{ .source = LT_ATTEMPT_TRACE,
		  .failures = true,
		  .successes = true,
		  .from_ns = { 2040000000, true },
		  .to_ns = { 2090000000, true },
		  .nr_lost = { 0, true } },
	};
	struct lt_snapshot snap = { .records = { record, 2, 2 } };

	(void)state;
	snap.clock = (struct lt_clock_set){ .trace_clock = "local",
					    .error_ns = { 1000, true },
					    .log_ns = { 2000000000, true },
					    .trace_ns = { 2100000000, true } };
	assert_true(lt_completeness_of(&snap, LT_NO_AREA).is_complete);
	record[1].from_ns = record[1].to_ns = lt_num(2110000000); /* the control: after the log */
	assert_false(lt_completeness_of(&snap, LT_NO_AREA).is_complete);
	record[1].from_ns = lt_num(2040000000);
	record[1].to_ns = lt_num(2090000000);
	snap.clock = (struct lt_clock_set){ .trace_clock = "local" }; /* nor where none was read */
	assert_false(lt_completeness_of(&snap, LT_NO_AREA).is_complete);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_saved_reaches_as_far_as_its_attempts),
		cmocka_unit_test(no_attempts_are_no_record),
		cmocka_unit_test(records_of_two_clocks_are_compared_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
