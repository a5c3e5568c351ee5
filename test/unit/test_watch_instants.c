// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of the helper module's messages are of which attempt. */
#include "test.h"

#include "act/watch/watch_instants.h"

#define MS UINT64_C(1000000)

static struct lt_watch_instants instants;

/* @n tells one from the other. */
static void say(uint32_t tid, uint64_t pfn, uint64_t end_pfn, uint64_t ts_ns, int32_t n)
{
	size_t slot = instants.nr_said++ % LT_WATCH_INSTANTS;

	instants.is_used[slot] = false;
	instants.said[slot] = (struct lt_blocker_event){
		.tid = tid,
		.pfn = pfn,
		.ts_ns = ts_ns,
		.pfns = { end_pfn - 64, end_pfn },
		.folio = { .pfn = pfn, .nr_pages = 1, .refcount = n },
	};
}

/* An attempt of thread 7 that page 100 blocked; @latency_ms is not told if it is 0, as on 5.10. */
static struct lt_attempt make_attempt(uint64_t ts_ms, uint64_t latency_ms, size_t nr_tries)
{
	struct lt_attempt attempt = { .ts_ns = lt_num(ts_ms * MS),
				      .caller = "a-b-7",
				      .failed = true };
	struct lt_blocker *blocker = lt_vec_push(&attempt.blockers);

	assert_non_null(blocker);
	blocker->pfn = 100;
	if (latency_ms)
		attempt.latency_ns = lt_num(latency_ms * MS);
	for (size_t i = 0; i < nr_tries; i++) {
		struct lt_try *tried = lt_vec_push(&attempt.tries);

		assert_non_null(tried);
		*tried = (struct lt_try){ .pfns = { 64 + i, 128 + i }, .blocker_pfn = lt_num(100) };
	}
	return attempt;
}

/* Which was given to it, -1 for none. */
static int32_t give_next(struct lt_attempt *attempt, size_t *next)
{
	const struct lt_blocker *blocker = attempt->blockers.v;

	assert_int_equal(lt_watch_instants_give(&instants, attempt, next), 0);
	return blocker->samples.nr ? blocker->samples.v[0].folio.refcount : -1;
}

static int32_t give(struct lt_attempt *attempt)
{
	size_t next = 0;

	return give_next(attempt, &next);
}

static int setup(void **state)
{
	(void)state;
	instants = (struct lt_watch_instants){ .events = (struct lt_module_events *)&instants };
	return 0;
}

static void test_one_for_each_range(void **state)
{
	struct lt_attempt attempt = make_attempt(1000, 50, 3);

	(void)state;
	for (int32_t n = 0; n < 3; n++)
		say(7, 100, 128 + (uint64_t)n, (1010 + (uint64_t)n) * MS, n);
	assert_int_equal(give(&attempt), 2);
	assert_true(attempt.blockers.v[0].samples.v[0].is_instant);
	assert_int_equal(attempt.blockers.v[0].samples.nr, 1);
	lt_attempt_fini(&attempt);
}

static void test_of_others(void **state)
{
	struct lt_attempt attempt = make_attempt(1000, 50, 1);

	(void)state;
	say(8, 100, 128, 1010 * MS, 1);
	say(7, 101, 128, 1010 * MS, 2);
	say(7, 100, 129, 1010 * MS, 3);
	say(7, 100, 128, 400 * MS, 4);
	say(7, 100, 128, 1600 * MS, 5);
	assert_int_equal(give(&attempt), -1);
	lt_attempt_fini(&attempt);
}

/* The same thread and page, again and again, while messages are on their way. */
static void check_repeated(uint64_t latency_ms)
{
	struct lt_attempt first = make_attempt(1000, latency_ms, 1);
	struct lt_attempt second = make_attempt(1020, latency_ms, 1);
	size_t next_first = 0, next_second = 0;

	say(7, 100, 128, 1001 * MS, 1);
	assert_int_equal(give_next(&first, &next_first), 1);
	assert_int_equal(give_next(&second, &next_second), -1);
	say(7, 100, 128, 1021 * MS, 2);
	assert_int_equal(give_next(&first, &next_first), 1);
	assert_int_equal(give_next(&second, &next_second), 2);
	lt_attempt_fini(&first);
	lt_attempt_fini(&second);
}

static void test_repeated(void **state)
{
	(void)state;
	check_repeated(5);
}

static void test_repeated_without_begin(void **state)
{
	(void)state;
	check_repeated(0);
}

/* More ranges than are remembered: what is remembered is of the last ones. */
static void test_many_ranges(void **state)
{
	struct lt_attempt attempt = make_attempt(1000, 50, 3 * LT_WATCH_INSTANTS);

	(void)state;
	for (int32_t n = 0; n < 3 * LT_WATCH_INSTANTS; n++)
		say(7, 100, 128 + (uint64_t)n, 1010 * MS, n);
	assert_int_equal(give(&attempt), 3 * LT_WATCH_INSTANTS - 1);
	lt_attempt_fini(&attempt);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_one_for_each_range, setup),
		cmocka_unit_test_setup(test_of_others, setup),
		cmocka_unit_test_setup(test_repeated, setup),
		cmocka_unit_test_setup(test_repeated_without_begin, setup),
		cmocka_unit_test_setup(test_many_ranges, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
