// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/clock.c. */
#include "test.h"

#include "model/clock.h"

#define MS 1000000ull
#define S 1000000000ull
#define ERROR_NS 1000u

/* Read 1000 s after the log began; MONOTONIC began 2 s before the log, and the trace 1 s after. */
static struct lt_clock_set clocks(uint64_t suspended_ns)
{
	return (struct lt_clock_set){
		.log_ns = lt_num(1000 * S),
		.trace_ns = lt_num(999 * S),
		.monotonic_ns = lt_num(1002 * S),
		.boottime_ns = lt_num(1002 * S + suspended_ns),
		.error_ns = lt_num(ERROR_NS),
		.suspended_ns = lt_num(suspended_ns),
		.trace_clock = "local",
	};
}

static struct lt_when at(uint64_t ns)
{
	return lt_when_at(lt_num(ns));
}

static void assert_between(struct lt_when when, uint64_t earliest_ns, uint64_t latest_ns)
{
	assert_true(when.earliest_ns.known);
	assert_true(when.latest_ns.known);
	assert_int_equal(when.earliest_ns.val, earliest_ns);
	assert_int_equal(when.latest_ns.val, latest_ns);
}

static bool has(struct lt_when when, uint64_t ns)
{
	return when.earliest_ns.val <= ns && ns <= when.latest_ns.val;
}

static uint64_t width(struct lt_when when)
{
	return when.latest_ns.val - when.earliest_ns.val;
}

static void a_trace_of_the_same_counter_is_only_moved(void **state)
{
	struct lt_clock_set clock = clocks(500 * S);

	(void)state;
	assert_between(lt_clock_of_trace(&clock, at(399 * S)), 400 * S - ERROR_NS,
		       400 * S + ERROR_NS);
	/* What came after the reading too: nothing moves the two apart. */
	assert_between(lt_clock_of_trace(&clock, at(1399 * S)), 1400 * S - ERROR_NS,
		       1400 * S + ERROR_NS);
	clock.trace_clock = "global";
	assert_between(lt_clock_of_trace(&clock, at(399 * S)),
		       400 * S - ERROR_NS - LT_CLOCK_TICK_NS,
		       400 * S + ERROR_NS + LT_CLOCK_TICK_NS);
}

static void another_trace_clock_may_have_been_suspended(void **state)
{
	struct lt_clock_set clock = clocks(5 * S);
	struct lt_when when;

	(void)state;
	clock.trace_clock = "mono";
	when = lt_clock_of_trace(&clock, at(899 * S));
	assert_true(has(when, 900 * S));
	assert_true(has(when, 895 * S)); /* the log went on in suspend */
	assert_false(has(when, 894 * S));
	assert_false(has(when, 901 * S));
	clock.trace_clock = "counter";
	when = lt_clock_of_trace(&clock, at(899 * S));
	assert_true(has(when, 905 * S));
	assert_true(has(when, 895 * S));
	assert_false(has(when, 906 * S));
}

/* A process that started before the suspend, or after it: only the boundaries are known. */
static void a_start_before_suspend_is_not_known_well(void **state)
{
	struct lt_clock_set clock = clocks(100 * S);
	struct lt_when when =
		lt_clock_of_boottime(&clock, lt_when_between(702 * S, 702 * S + 10 * MS));

	(void)state;
	assert_true(has(when, 600 * S)); /* 400 s ago, the log having run on in suspend */
	assert_true(has(when, 700 * S)); /* 400 s ago, 100 s of them in suspend */
	assert_true(width(when) < 102 * S);
	/* No age is negative, however long the suspend was: it began before the reading. */
	when = lt_clock_of_boottime(&clock, at(1052 * S));
	assert_true(has(when, 950 * S));
	assert_true(when.latest_ns.val <= 1000 * S + ERROR_NS + LT_CLOCK_TICK_NS);
}

static void without_suspend_only_drift_grows(void **state)
{
	struct lt_clock_set clock = clocks(0);
	struct lt_when recent = lt_clock_of_boottime(&clock, at(1001 * S)), old;

	(void)state;
	assert_true(has(recent, 999 * S));
	assert_true(width(recent) < 3 * MS + 2 * LT_CLOCK_TICK_NS);
	old = lt_clock_of_boottime(&clock, at(2 * S));
	assert_true(has(old, 0));
	assert_true(width(old) >= 999 * S / (1000000 / LT_CLOCK_DRIFT_PPM));
	assert_true(width(lt_clock_of_monotonic(&clock, at(1002 * S))) <=
		    2 * LT_CLOCK_TICK_NS + 8 * ERROR_NS);
}

/* Two events 30 ms apart: a fine reading tells their order, a coarse one does not. */
static void the_error_decides_what_is_ordered(void **state)
{
	struct lt_clock_set clock = clocks(0);
	struct lt_when start = at(1002 * S - 32 * MS), stamp = lt_clock_of_stamp(1000 * S - 2 * MS);

	(void)state;
	assert_true(lt_when_is_before(lt_clock_of_boottime(&clock, start), stamp));
	clock.error_ns = lt_num(20 * MS);
	assert_false(lt_when_is_ordered(lt_clock_of_boottime(&clock, start), stamp));
}

static void what_was_not_read_puts_nothing_in_order(void **state)
{
	struct lt_clock_set clock = clocks(0);
	const struct lt_clock_set none = { 0 };

	(void)state;
	assert_false(lt_clock_of_trace(&none, at(5)).earliest_ns.known);
	assert_false(lt_clock_of_trace(&none, at(5)).latest_ns.known);
	clock.suspended_ns.known = false;
	assert_false(lt_clock_of_boottime(&clock, at(5)).earliest_ns.known);
	assert_true(lt_clock_of_trace(&clock, at(5)).earliest_ns.known);
	clock.log_ns.known = false;
	assert_false(lt_clock_of_trace(&clock, at(5)).latest_ns.known);
	clock = clocks(0);
	assert_false(lt_clock_of_boottime(&clock, (struct lt_when){ .earliest_ns = lt_num(5) })
			     .latest_ns.known);
}

/* A suspend after the reading is one that nobody measured. */
static void what_is_later_than_the_reading_is_only_later(void **state)
{
	struct lt_clock_set clock = clocks(0);
	struct lt_when when = lt_clock_of_boottime(&clock, at(1003 * S));

	(void)state;
	assert_int_equal(when.earliest_ns.val, 1000 * S - ERROR_NS - LT_CLOCK_TICK_NS);
	assert_false(when.latest_ns.known);
}

static void stamps_are_cut_off(void **state)
{
	(void)state;
	assert_between(lt_clock_of_stamp(7000), 7000, 7999);
	assert_between(lt_clock_of_stamp(7001), 7001, 7001);
}

static void less_than_the_error_is_no_suspend(void **state)
{
	struct lt_clock_set clock = clocks(0);

	(void)state;
	clock.boottime_ns = lt_num(clock.monotonic_ns.val + ERROR_NS);
	assert_int_equal(lt_clock_suspended(&clock).val, 0);
	clock.boottime_ns = lt_num(clock.monotonic_ns.val - 1); /* read first */
	assert_true(lt_clock_suspended(&clock).known);
	assert_int_equal(lt_clock_suspended(&clock).val, 0);
	clock.boottime_ns = lt_num(clock.monotonic_ns.val + 3 * S);
	assert_int_equal(lt_clock_suspended(&clock).val, 3 * S);
	clock.boottime_ns.known = false;
	assert_false(lt_clock_suspended(&clock).known);
}

static void trace_clocks_have_names(void **state)
{
	(void)state;
	assert_int_equal(lt_clock_kind_of("local"), LT_CLOCK_LOG);
	assert_int_equal(lt_clock_kind_of("global"), LT_CLOCK_GLOBAL);
	assert_int_equal(lt_clock_kind_of("mono"), LT_CLOCK_MONOTONIC);
	assert_int_equal(lt_clock_kind_of("boot"), LT_CLOCK_BOOTTIME);
	assert_int_equal(lt_clock_kind_of("x86-tsc"), LT_CLOCK_UNKNOWN);
	assert_int_equal(lt_clock_kind_of(NULL), LT_CLOCK_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trace_of_the_same_counter_is_only_moved),
		cmocka_unit_test(another_trace_clock_may_have_been_suspended),
		cmocka_unit_test(a_start_before_suspend_is_not_known_well),
		cmocka_unit_test(without_suspend_only_drift_grows),
		cmocka_unit_test(the_error_decides_what_is_ordered),
		cmocka_unit_test(what_was_not_read_puts_nothing_in_order),
		cmocka_unit_test(what_is_later_than_the_reading_is_only_later),
		cmocka_unit_test(stamps_are_cut_off),
		cmocka_unit_test(less_than_the_error_is_no_suspend),
		cmocka_unit_test(trace_clocks_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
