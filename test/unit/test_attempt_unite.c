// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/attempt_unite.c. */
#include "test.h"

#include "base/array_size.h"
#include "model/attempt_unite.h"

#define S 1000000000ull

static struct lt_attempt failure(enum lt_attempt_source source, uint64_t nr_pages, uint64_t ts_ns,
				 uint64_t latency_ns)
{
	return (struct lt_attempt){
		.source = source,
		.failed = true,
		.area = 0,
		.count = 1,
		.nr_pages = lt_num(nr_pages),
		.ts_ns = lt_num(ts_ns),
		.latency_ns = latency_ns ? lt_num(latency_ns) : (struct lt_num){ 0 },
	};
}

static struct lt_attempt logged(uint64_t nr_pages, uint64_t ts_ns)
{
	return failure(LT_ATTEMPT_LOG, nr_pages, ts_ns, 0);
}

static struct lt_attempt traced(uint64_t nr_pages, uint64_t ts_ns, uint64_t latency_ns)
{
	return failure(LT_ATTEMPT_TRACE, nr_pages, ts_ns, latency_ns);
}

/* One character for each that is left: 'l' and 't' of one source, 'T' the trace's with its line. */
static void assert_united_by(const struct lt_clock_set *clock, const struct lt_attempt *attempts,
			     size_t nr, const char *expected)
{
	struct lt_attempts all = { 0 };
	char left[32] = "";

	assert_true(nr < sizeof(left));
	for (size_t i = 0; i < nr; i++)
		*(struct lt_attempt *)lt_vec_push(&all) = attempts[i];
	assert_int_equal(lt_attempts_unite(&all, clock), 0);
	for (size_t i = 0; i < all.nr; i++)
		left[i] = all.v[i].source == LT_ATTEMPT_LOG	   ? 'l'
			  : all.v[i].also & (1u << LT_ATTEMPT_LOG) ? 'T'
								   : 't';
	assert_string_equal(left, expected);
	lt_attempts_free(&all);
}

static void assert_united(const struct lt_attempt *attempts, size_t nr, const char *expected)
{
	const struct lt_clock_set unread = { 0 };

	assert_united_by(&unread, attempts, nr, expected);
}

/* An emulated machine's counters: the trace's clock was 1.5 s ahead when both were read. */
static void clocks_that_are_apart_are_compared_as_they_were_read(void **state)
{
	const struct lt_attempt attempts[] = {
		logged(64, 100 * S),
		logged(64, 105 * S),
		traced(64, 101 * S + S / 2, 0),
		traced(64, 106 * S + S / 2, 0),
	};
	const struct lt_attempt behind[] = {
		logged(64, S),
		logged(64, 5 * S),
		traced(64, 0, 0),
		traced(64, 3 * S + S / 2, 0),
	};
	struct lt_clock_set clock = { .log_ns = lt_num(200 * S),
				      .trace_ns = lt_num(201 * S + S / 2) };
	const struct lt_clock_set local = { .trace_clock = "local" };

	(void)state;
	assert_united_by(&local, attempts, ARRAY_SIZE(attempts), "lltt");
	assert_united_by(&clock, attempts, ARRAY_SIZE(attempts), "TT");
	clock.trace_ns = lt_num(198 * S + S / 2);
	assert_united_by(&clock, behind, ARRAY_SIZE(behind), "TT");
}

/* Line and call may be one by another clock: nobody counts two. */
static void calls_by_an_unknown_clock_are_told_by_their_order(void **state)
{
	const struct lt_clock_set unread = { 0 }, mono = { .trace_clock = "mono" };
	const struct lt_attempt attempts[] = {
		logged(64, 100 * S),
		logged(32, 101 * S),
		traced(64, 5000 * S, S),
	};
	struct lt_attempts all = { 0 };

	(void)state;
	assert_united(attempts, ARRAY_SIZE(attempts), "lT");
	assert_united_by(&mono, attempts, ARRAY_SIZE(attempts), "lT");
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++)
		*(struct lt_attempt *)lt_vec_push(&all) = attempts[i];
	assert_int_equal(lt_attempts_unite(&all, &unread), 0);
	assert_true(all.v[1].is_paired);
	lt_attempts_free(&all);
}

static void a_line_near_the_end_of_a_call_is_its(void **state)
{
	const struct lt_attempt attempts[] = {
		logged(64, 100 * S),	    logged(64, 200 * S),    logged(64, 300 * S),
		traced(64, 90 * S, 10 * S), traced(64, 201 * S, 0), traced(64, 301 * S + 1, 0),
	};

	(void)state;
	assert_united(attempts, ARRAY_SIZE(attempts), "lTTt");
}

/* One event does not stand for two lines. */
/* The bitmap of a line near a call of which events were lost may be of another call. */
static void room_is_told_of_a_call_that_is_certain(void **state)
{
	const struct lt_clock_set unread = { 0 };

	(void)state;
	for (unsigned int apart = 0; apart < 2; apart++) {
		struct lt_attempts all = { 0 };
		struct lt_attempt *added = lt_vec_push(&all);

		*added = logged(64, 10 * S + apart * S / 2);
		added->nr_free = added->largest_free_run = lt_num(0);
		*(struct lt_attempt *)lt_vec_push(&all) = traced(64, 10 * S, 1);
		assert_int_equal(lt_attempts_unite(&all, &unread), 0);
		assert_int_equal(all.nr, 1);
		assert_int_equal(all.v[0].nr_free.known, !apart);
		lt_attempts_free(&all);
		/* a range was tried, so it is */
		added = lt_vec_push(&all);
		*added = logged(64, 10 * S + apart * S / 2);
		added->nr_free = lt_num(0);
		added = lt_vec_push(&all);
		*added = traced(64, 10 * S, 1);
		assert_non_null(lt_vec_push(&added->tries));
		assert_int_equal(lt_attempts_unite(&all, &unread), 0);
		assert_int_equal(all.nr, apart ? 2 : 1);
		lt_attempts_free(&all);
	}
}

static void two_lines_are_two_calls(void **state)
{
	const struct lt_attempt attempts[] = {
		logged(64, 100 * S),   logged(64, 100 * S + 1), logged(64, 100 * S + 2),
		traced(64, 99 * S, S), traced(64, 100 * S, S),
	};

	(void)state;
	assert_united(attempts, ARRAY_SIZE(attempts), "lTT");
}

static void another_request_is_another_call(void **state)
{
	struct lt_attempt attempts[] = {
		logged(64, 100 * S),
		traced(65, 100 * S, 0),
		traced(64, 100 * S, 0),
		traced(64, 100 * S, 0),
	};

	(void)state;
	attempts[2].area = 1;
	attempts[3].failed = false;
	assert_united(attempts, ARRAY_SIZE(attempts), "lttt");
}

/* Those of others in between, and those that have their line, hide none that is free. */
static void each_of_a_storm_finds_its_own(void **state)
{
	struct lt_attempt attempts[20];
	char expected[] = "TTTTTTTTTT";

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		attempts[i] = logged(i % 2 ? 64 : 65, 100 * S + i);
		attempts[10 + i] = traced(i % 2 ? 64 : 65, 100 * S + i, 0);
	}
	assert_united(attempts, ARRAY_SIZE(attempts), expected);
	/* All of one size before all of the other. */
	for (size_t i = 0; i < 10; i++)
		attempts[10 + i] = traced(i < 5 ? 64 : 65, 100 * S + i, 0);
	assert_united(attempts, ARRAY_SIZE(attempts), expected);
}

/* dmesg -T: whichever call a line is of, it is none besides those in the trace. */
static void a_line_without_a_time_is_the_last_call_that_it_can_be(void **state)
{
	struct lt_attempt attempts[] = {
		logged(64, 0),		logged(64, 0), traced(64, 100 * S, 0),
		traced(64, 200 * S, 0), logged(65, 0), traced(64, 300 * S, 0),
		traced(65, 50 * S, 0),
	};

	(void)state;
	attempts[0].ts_ns.known = attempts[1].ts_ns.known = attempts[4].ts_ns.known = false;
	assert_united(attempts, ARRAY_SIZE(attempts), "tTTT");
	attempts[1].ts_ns =
		lt_num(100 * S); /* this one is known, and that is none of the other's */
	assert_united(attempts, ARRAY_SIZE(attempts), "TtTT");
	attempts[5].err = attempts[3].err = lt_num(12);
	attempts[0].err = lt_num(16);
	assert_united(attempts, ARRAY_SIZE(attempts), "lTttT");
	assert_united(attempts, 0, "");
}

/* "last message repeated 2 times" */
static void a_line_that_stands_for_several_is_several_calls(void **state)
{
	struct lt_attempt attempts[] = { logged(64, 0), traced(64, 100 * S, 0),
					 traced(64, 200 * S, 0), traced(64, 300 * S, 0) };

	(void)state;
	attempts[0].ts_ns.known = false;
	attempts[0].count = 3;
	assert_united(attempts, ARRAY_SIZE(attempts), "TTT");
	assert_united(attempts, 3, "lTT");
}

static void what_is_alike_may_be_two(void **state)
{
	const struct lt_clock_set unread = { 0 };
	struct lt_attempts all = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		*(struct lt_attempt *)lt_vec_push(&all) = logged(64, 0);
		all.v[i].ts_ns.known = false;
	}
	*(struct lt_attempt *)lt_vec_push(&all) = traced(64, 100 * S, 0);
	*(struct lt_attempt *)lt_vec_push(&all) = traced(66, 100 * S, 0);
	assert_int_equal(lt_attempts_unite(&all, &unread), 0);
	assert_int_equal(all.nr, 3);
	assert_true(all.v[0].is_paired && all.v[1].is_paired);
	assert_false(all.v[2].is_paired);
	lt_attempts_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_near_the_end_of_a_call_is_its),
		cmocka_unit_test(clocks_that_are_apart_are_compared_as_they_were_read),
		cmocka_unit_test(calls_by_an_unknown_clock_are_told_by_their_order),
		cmocka_unit_test(room_is_told_of_a_call_that_is_certain),
		cmocka_unit_test(two_lines_are_two_calls),
		cmocka_unit_test(another_request_is_another_call),
		cmocka_unit_test(each_of_a_storm_finds_its_own),
		cmocka_unit_test(a_line_without_a_time_is_the_last_call_that_it_can_be),
		cmocka_unit_test(a_line_that_stands_for_several_is_several_calls),
		cmocka_unit_test(what_is_alike_may_be_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
