// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/selftest/selftest_verdict.c. */
#include "test.h"

#include <errno.h>

#include "act/selftest/selftest_verdict.h"

/* The case called @name. */
static const struct lt_case *find_case(const char *name)
{
	static struct lt_cases all;

	if (!all.nr)
		assert_int_equal(lt_cases_all(&all), 0);
	lt_vec_each(what, &all)
		if (!strcmp(what->name, name))
			return what;
	fail_msg("there is no case %s", name);
	return NULL;
}

static void a_case_is_judged_by_its_counts(void **state)
{
	static const struct {
		const char *what;
		struct lt_case_counts counts;
		enum lt_outcome want;
	} cases[] = {
		{ "kept",
		  { .nr_calls = 10, .nr_pinned = 640, .control_faults = 320, .control_landed = 320 },
		  LT_OUTCOME_KEPT },
		{ "one page",
		  { .nr_calls = 10,
		    .nr_pinned = 640,
		    .nr_landed = 1,
		    .control_faults = 320,
		    .control_landed = 320 },
		  LT_OUTCOME_LANDED },
		{ "landed is proof without a control",
		  { .nr_calls = 1, .nr_pinned = 64, .nr_landed = 64 },
		  LT_OUTCOME_LANDED },
		{ "just enough power",
		  { .nr_calls = 10, .nr_pinned = 640, .control_faults = 320, .control_landed = 64 },
		  LT_OUTCOME_KEPT },
		{ "just too little",
		  { .nr_calls = 10, .nr_pinned = 640, .control_faults = 320, .control_landed = 63 },
		  LT_OUTCOME_NO_POWER },
		{ "no control at all", { .nr_calls = 10, .nr_pinned = 640 }, LT_OUTCOME_NO_POWER },
		{ "the buffer was not in CMA",
		  { .nr_calls = 10,
		    .nr_pinned = 640,
		    .control_faults = 320,
		    .control_landed = 320,
		    .resident_faults = 640,
		    .resident_landed = 100 },
		  LT_OUTCOME_NO_POWER },
		{ "some calls fail in a race",
		  { .nr_calls = 40,
		    .nr_calls_failed = 13,
		    .nr_pinned = 1728,
		    .control_faults = 640,
		    .control_landed = 640,
		    .resident_faults = 1280,
		    .resident_landed = 1280,
		    .call_err = -EAGAIN },
		  LT_OUTCOME_KEPT },
		{ "all fail",
		  { .nr_calls = 10,
		    .nr_calls_failed = 10,
		    .control_faults = 320,
		    .control_landed = 320,
		    .call_err = -ENOMEM },
		  LT_OUTCOME_FAILED },
		{ "pagemap contradicts",
		  { .nr_calls = 10,
		    .nr_pinned = 640,
		    .nr_disagreed = 1,
		    .control_faults = 320,
		    .control_landed = 320 },
		  LT_OUTCOME_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *name = cases[i].counts.resident_faults ? "in-cma" : "fresh";
		enum lt_outcome got = lt_case_evaluate(find_case(name), &cases[i].counts);

		if (got != cases[i].want)
			fail_msg("%s: %s", cases[i].what, lt_outcome_name(got));
	}
}

/* Outcomes of three cases and the verdict and reason they come to. */
static void the_verdict_follows_from_the_cases(void **state)
{
	enum {
		KEPT = LT_OUTCOME_KEPT,
		LANDED = LT_OUTCOME_LANDED,
		LIVELOCK = LT_OUTCOME_LIVELOCK,
		FAILED = LT_OUTCOME_FAILED,
		NO_POWER = LT_OUTCOME_NO_POWER,
		SKIPPED = LT_OUTCOME_SKIPPED
	};
	static const struct {
		int outcomes[3], verdict, reason;
	} rows[] = {
		{ { KEPT, KEPT, KEPT }, LT_VERDICT_KEPT, KEPT },
		{ { KEPT, KEPT, LANDED }, LT_VERDICT_BROKEN, LANDED },
		{ { LIVELOCK, LIVELOCK, LIVELOCK }, LT_VERDICT_BROKEN, LIVELOCK },
		{ { LIVELOCK, LANDED, KEPT }, LT_VERDICT_BROKEN, LANDED },
		{ { NO_POWER, FAILED, LANDED }, LT_VERDICT_BROKEN, LANDED },
		{ { KEPT, KEPT, SKIPPED }, LT_VERDICT_KEPT, KEPT },
		{ { KEPT, NO_POWER, KEPT }, LT_VERDICT_UNKNOWN, NO_POWER },
		{ { KEPT, KEPT, FAILED }, LT_VERDICT_UNKNOWN, FAILED },
		{ { SKIPPED, SKIPPED, SKIPPED }, LT_VERDICT_UNKNOWN, SKIPPED },
	};
	static const char *const names[] = { "fresh", "in-cma", "race" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lt_strings *strings = lt_strings_new();
		struct lt_selftest selftest = { 0 };

		for (size_t j = 0; j < 3; j++) {
			struct lt_case_result *result = lt_vec_push(&selftest.cases);

			*result = (struct lt_case_result){
				.name = names[j],
				.detail = "as it is",
				.outcome = (enum lt_outcome)rows[i].outcomes[j],
				.nr_pinned = lt_num(640),
				.nr_calls = lt_num(10),
				.nr_calls_failed = lt_num(0),
				.is_required = true,
			};
		}
		lt_selftest_evaluate(&selftest, strings);
		assert_int_equal(selftest.verdict, rows[i].verdict);
		assert_int_equal(selftest.reason, rows[i].reason);
		assert_true(selftest.text && selftest.text[0]);
		assert_true((selftest.verdict == LT_VERDICT_KEPT) ==
			    (selftest.upper_bound_95 >= 0));
		lt_selftest_fini(&selftest);
		lt_strings_free(strings);
	}
}

static void the_bound_counts_calls_that_succeeded(void **state)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_selftest selftest = { 0 };
	struct lt_case_result *result = lt_vec_push(&selftest.cases);

	(void)state;
	*result = (struct lt_case_result){ .name = "race",
					   .nr_pinned = lt_num(1920),
					   .nr_calls = lt_num(40),
					   .nr_calls_failed = lt_num(10) };
	lt_selftest_evaluate(&selftest, strings);
	assert_true(selftest.upper_bound_95 == 3.0 / 30);
	assert_non_null(strstr(selftest.text, "1920 pages of 30 long-term pins"));
	result->nr_calls = lt_num(11);
	lt_selftest_evaluate(&selftest, strings);
	assert_true(selftest.upper_bound_95 == 1);
	lt_selftest_fini(&selftest);
	lt_strings_free(strings);
}

static void no_case_is_no_verdict(void **state)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_selftest selftest = { 0 };

	(void)state;
	lt_selftest_evaluate(&selftest, strings);
	assert_int_equal(selftest.verdict, LT_VERDICT_UNKNOWN);
	assert_int_equal(selftest.reason, LT_OUTCOME_SKIPPED);
	lt_strings_free(strings);
}

static void how_a_run_ended_counts_first(void **state)
{
	static const struct lt_case_counts good = { .nr_calls = 1,
						    .nr_pinned = 64,
						    .control_faults = 32,
						    .control_landed = 32,
						    .resident_faults = 64,
						    .resident_landed = 64 };
	static const struct {
		enum lt_watchdog_end end;
		int err;
		uint64_t nr_landed;
		enum lt_outcome want;
	} rows[] = {
		{ LT_WATCHDOG_DONE, 0, 0, LT_OUTCOME_KEPT },
		{ LT_WATCHDOG_DONE, -EIO, 0, LT_OUTCOME_FAILED },
		{ LT_WATCHDOG_DIED, 0, 0, LT_OUTCOME_FAILED },
		{ LT_WATCHDOG_TIMEOUT, 0, 0, LT_OUTCOME_FAILED },
		{ LT_WATCHDOG_TIMEOUT, 0, 3, LT_OUTCOME_LANDED },
		{ LT_WATCHDOG_LIVELOCK, 0, 0, LT_OUTCOME_LIVELOCK },
	};
	struct lt_strings *strings = lt_strings_new();
	struct lt_case_setup setup = { .what = find_case("in-cma") };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lt_watchdog watchdog = { .end = rows[i].end, .nr_stuck = lt_num(0) };
		struct lt_case_run run = { .counts = good, .err = rows[i].err };
		struct lt_case_result result;

		run.counts.nr_landed = rows[i].nr_landed;
		lt_case_report(&setup, LT_SCOPE_NO_CMA, &watchdog, &run, strings, &result);
		assert_int_equal(result.outcome, rows[i].want);
		assert_true(result.promise && result.detail);
	}
	lt_strings_free(strings);
}

static void fresh_has_no_power_where_pins_are_unmovable(void **state)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_case_setup setup = { .what = find_case("fresh") };
	struct lt_watchdog watchdog = { .end = LT_WATCHDOG_DONE };
	struct lt_case_run run = { .counts = { .nr_calls = 1,
					       .nr_pinned = 64,
					       .control_faults = 32,
					       .control_landed = 32 } };
	struct lt_case_result result;

	(void)state;
	lt_case_report(&setup, LT_SCOPE_UNMOVABLE, &watchdog, &run, strings, &result);
	assert_non_null(strstr(result.detail, "no power against"));
	assert_non_null(strstr(result.promise, "or ZONE_MOVABLE"));
	assert_num(result.could_catch, 0);
	lt_case_report(&setup, LT_SCOPE_NO_CMA, &watchdog, &run, strings, &result);
	assert_null(strstr(result.detail, "no power against"));
	assert_num(result.could_catch, 1);
	lt_strings_free(strings);
}

static void a_blind_case_says_nothing(void **state)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_selftest selftest = { 0 };
	struct lt_case_result *result = lt_vec_push(&selftest.cases);

	(void)state;
	*result = (struct lt_case_result){ .name = "fresh",
					   .detail = "no power",
					   .could_catch = lt_num(0),
					   .nr_pinned = lt_num(640),
					   .nr_calls = lt_num(10),
					   .nr_calls_failed = lt_num(0) };
	lt_selftest_evaluate(&selftest, strings);
	assert_int_equal(selftest.verdict, LT_VERDICT_UNKNOWN);
	assert_int_equal(selftest.reason, LT_OUTCOME_NO_POWER);
	result = lt_vec_push(&selftest.cases);
	*result = (struct lt_case_result){ .name = "race",
					   .nr_pinned = lt_num(1920),
					   .nr_calls = lt_num(30),
					   .nr_calls_failed = lt_num(0) };
	lt_selftest_evaluate(&selftest, strings);
	assert_int_equal(selftest.verdict, LT_VERDICT_KEPT);
	assert_non_null(strstr(selftest.text, "1920 pages of 30 long-term pins"));
	lt_selftest_fini(&selftest);
	lt_strings_free(strings);
}

static void a_rival_has_to_be_met(void **state)
{
	struct lt_case_counts counts = { .nr_calls = 10,
					 .nr_pinned = 640,
					 .resident_faults = 640,
					 .resident_landed = 640,
					 .nr_calls_contended = 2 };
	const struct lt_case *isolated = find_case("isolated"), *held = find_case("held");

	(void)state;
	/* Pages next in line do not matter to these, so there is no control. */
	assert_int_equal(lt_case_evaluate(isolated, &counts), LT_OUTCOME_KEPT);
	counts.nr_calls_contended = 1;
	assert_int_equal(lt_case_evaluate(isolated, &counts), LT_OUTCOME_NO_POWER);
	/* A pin that succeeds elsewhere was not held. */
	assert_int_equal(lt_case_evaluate(held, &counts), LT_OUTCOME_NO_POWER);
	counts.nr_calls_failed = 10;
	counts.call_err = -ENOMEM;
	assert_int_equal(lt_case_evaluate(held, &counts), LT_OUTCOME_KEPT);
	counts.resident_landed = 0;
	assert_int_equal(lt_case_evaluate(held, &counts), LT_OUTCOME_NO_POWER);
	counts.nr_landed = 1;
	assert_int_equal(lt_case_evaluate(held, &counts), LT_OUTCOME_LANDED);
}

static void what_the_kernel_refuses_is_skipped(void **state)
{
	struct lt_case_counts counts = { .nr_calls = 10,
					 .nr_calls_failed = 10,
					 .call_err = -EFAULT };

	(void)state;
	assert_int_equal(lt_case_evaluate(find_case("in-cma-file"), &counts), LT_OUTCOME_SKIPPED);
	assert_int_equal(lt_case_evaluate(find_case("in-cma-file-read"), &counts),
			 LT_OUTCOME_FAILED);
	assert_int_equal(lt_case_evaluate(find_case("in-cma"), &counts), LT_OUTCOME_FAILED);
	counts.call_err = -EOPNOTSUPP;
	assert_int_equal(lt_case_evaluate(find_case("in-cma-memfd"), &counts), LT_OUTCOME_SKIPPED);
}

/* The verdict of one required case that was kept, and one more. */
static enum lt_verdict judge_with(struct lt_case_result more)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_selftest selftest = { 0 };
	struct lt_case_result *result = lt_vec_push(&selftest.cases);

	*result = (struct lt_case_result){ .name = "in-cma",
					   .nr_pinned = lt_num(640),
					   .nr_calls = lt_num(10),
					   .nr_calls_failed = lt_num(0),
					   .is_required = true };
	*(struct lt_case_result *)lt_vec_push(&selftest.cases) = more;
	lt_selftest_evaluate(&selftest, strings);
	assert_non_null(selftest.text);
	lt_selftest_fini(&selftest);
	lt_strings_free(strings);
	return selftest.verdict;
}

static void what_is_not_required_changes_a_verdict_only_by_a_breach(void **state)
{
	struct lt_case_result more = { .name = "in-cma-thp", .detail = "as it is" };
	static const enum lt_outcome silent[] = { LT_OUTCOME_NO_POWER, LT_OUTCOME_FAILED };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		more.outcome = silent[i];
		more.is_required = false;
		assert_int_equal(judge_with(more), LT_VERDICT_KEPT);
		more.is_required = true;
		assert_int_equal(judge_with(more), LT_VERDICT_UNKNOWN);
	}
	more.is_required = false;
	more.outcome = LT_OUTCOME_LANDED;
	assert_int_equal(judge_with(more), LT_VERDICT_BROKEN);
	more.is_promised = lt_num(0);
	assert_int_equal(judge_with(more), LT_VERDICT_KEPT);
	more.outcome = LT_OUTCOME_LIVELOCK;
	assert_int_equal(judge_with(more), LT_VERDICT_BROKEN);
}

static void old_kernels_promise_less(void **state)
{
	static const struct {
		const char *name;
		uint64_t before, since;
	} rows[] = {
		{ "in-cma", 1, 1 },  { "in-cma-thp", 1, 1 }, { "race-memfd-read-fast", 1, 1 },
		{ "movable", 0, 1 }, { "isolated", 0, 1 },   { "held", 0, 1 },
	};
	struct lt_watchdog watchdog = { .end = LT_WATCHDOG_DONE };
	struct lt_case_run run = { .counts = { .nr_calls = 1, .nr_landed = 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lt_case_setup setup = { .what = find_case(rows[i].name) };
		struct lt_strings *strings = lt_strings_new();
		struct lt_case_result result;

		lt_case_report(&setup, LT_SCOPE_NO_CMA, &watchdog, &run, strings, &result);
		assert_num(result.is_promised, rows[i].before);
		lt_case_report(&setup, LT_SCOPE_UNMOVABLE, &watchdog, &run, strings, &result);
		assert_num(result.is_promised, rows[i].since);
		lt_strings_free(strings);
	}
}

static void a_case_that_was_killed_has_to_tell(void **state)
{
	struct lt_case_setup setup = { .what = find_case("in-cma-thp") };
	struct lt_watchdog watchdog = { .end = LT_WATCHDOG_TIMEOUT };
	struct lt_case_run run = { 0 };
	struct lt_strings *strings = lt_strings_new();
	struct lt_case_result result;

	(void)state;
	lt_case_report(&setup, LT_SCOPE_NO_CMA, &watchdog, &run, strings, &result);
	assert_int_equal(result.outcome, LT_OUTCOME_FAILED);
	assert_true(result.is_required);
	watchdog.end = LT_WATCHDOG_DONE;
	run.err = -EOPNOTSUPP;
	lt_case_report(&setup, LT_SCOPE_NO_CMA, &watchdog, &run, strings, &result);
	assert_int_equal(result.outcome, LT_OUTCOME_SKIPPED);
	assert_false(result.is_required);
	lt_strings_free(strings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rival_has_to_be_met),
		cmocka_unit_test(what_the_kernel_refuses_is_skipped),
		cmocka_unit_test(what_is_not_required_changes_a_verdict_only_by_a_breach),
		cmocka_unit_test(old_kernels_promise_less),
		cmocka_unit_test(a_case_that_was_killed_has_to_tell),
		cmocka_unit_test(a_case_is_judged_by_its_counts),
		cmocka_unit_test(the_verdict_follows_from_the_cases),
		cmocka_unit_test(the_bound_counts_calls_that_succeeded),
		cmocka_unit_test(no_case_is_no_verdict),
		cmocka_unit_test(how_a_run_ended_counts_first),
		cmocka_unit_test(fresh_has_no_power_where_pins_are_unmovable),
		cmocka_unit_test(a_blind_case_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
