// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/watch/watch_ledger.c. */
#include "judge.h"

#include "act/watch/watch_ledger.h"

#define S 1000000000ull

static struct lt_watch_ledger start(struct lt_snapshot *snap, const char *area_name, size_t area)
{
	struct lt_watch_ledger watched;

	snap->strings = lt_strings_new();
	assert_non_null(snap->strings);
	lt_watch_ledger_init(&watched, snap, area_name, area, true);
	return watched;
}

static void end(struct lt_snapshot *snap)
{
	lt_strings_free(snap->strings);
	lt_ledger_free(&snap->ledger);
	done(snap, NULL);
}

/* An attempt that got @nr_pages at @pfn after one second. */
static void allocate(struct lt_watch_ledger *watched, const char *area_name, uint64_t s,
		     uint64_t pfn, uint64_t nr_pages)
{
	struct lt_try tried = { .pfns = { pfn, pfn + nr_pages }, .ok = true };
	struct lt_attempt attempt = { .source = LT_ATTEMPT_TRACE,
				      .ts_ns = lt_num((s - 1) * S),
				      .latency_ns = lt_num(S),
				      .area_name = area_name,
				      .caller = "camera-hal-812",
				      .nr_pages = lt_num(nr_pages),
				      .tries = { .v = &tried, .nr = 1 } };

	assert_int_equal(lt_watch_ledger_attempt(watched, &attempt), 0);
}

static int event(struct lt_watch_ledger *watched, uint64_t s, const char *name, const char *fields)
{
	struct lt_trace_event event = { .ts_ns = lt_num(s * S),
					.comm = { "camera", 6 },
					.name = { name, strlen(name) } };

	lt_text_init(&event.fields, fields, strlen(fields));
	return lt_watch_ledger_event(watched, &event);
}

static void what_is_followed_is_in_the_ledger(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_watch_ledger watched = start(snap, NULL, LT_NO_AREA);
	const struct lt_requester *requester;

	(void)state;
	allocate(&watched, NULL, 5, 0x10000, 64);
	allocate(&watched, NULL, 6, 0x10040, 64);
	assert_int_equal(event(&watched, 7, "cma_release", "pfn=10000 page=1 count=64"), 1);
	assert_int_equal(event(&watched, 7, "ltpin_pin", "x=1"), 0);
	assert_int_equal(lt_watch_ledger_finish(&watched, lt_num(0), lt_num(20 * S)), 0);
	assert_int_equal(snap->ledger.requesters.nr, 1);
	requester = snap->ledger.requesters.v;
	assert_string_equal(requester->caller, "camera-hal");
	assert_int_equal(requester->area, 0);
	assert_int_equal(requester->nr_held, 1);
	assert_int_equal(requester->nr_doubtful, 0);
	assert_num(requester->longest_ns, 2 * S);
	assert_num(lt_ledger_oldest_ns(&snap->ledger, 0), 6 * S);
	assert_num(snap->ledger.to_ns, 20 * S);
	assert_true(snap->ledger.has_end);
	end(snap);
}

/* An attempt that failed, or has not ended, holds nothing. */
static void what_got_no_pages_is_not_in_it(void **state)
{
	struct lt_snapshot *snap = world();
	struct lt_watch_ledger watched = start(snap, NULL, LT_NO_AREA);
	struct lt_try tried = { .pfns = { 0x10000, 0x10040 } };
	struct lt_attempt attempt = { .failed = true, .tries = { .v = &tried, .nr = 1 } };

	(void)state;
	assert_int_equal(lt_watch_ledger_attempt(&watched, &attempt), 0);
	attempt.failed = false;
	attempt.is_open = true;
	tried.ok = true;
	assert_int_equal(lt_watch_ledger_attempt(&watched, &attempt), 0);
	assert_false(lt_ledger_has_any(&snap->ledger));
	end(snap);
}

static void only_the_area_asked_for_is_in_it(void **state)
{
	static const struct {
		const char *name;
		uint64_t pfn;
		bool is_in;
	} cases[] = {
		{ "reserved", 0x10000, true },
		{ "modem", 0x90000, false },
		{ NULL, 0x10000, true }, /* 5.10 */
		{ NULL, 0x90000, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lt_snapshot *snap = world();
		struct lt_watch_ledger watched = start(snap, "reserved", 0);

		allocate(&watched, cases[i].name, 5, cases[i].pfn, 64);
		assert_int_equal(lt_ledger_has_any(&snap->ledger), cases[i].is_in);
		end(snap);
	}
}

/* A loss that is marked, a release that cannot be read, and what was lost behind the last event. */
static void what_is_missing_makes_it_doubtful(void **state)
{
	(void)state;
	for (int how = 0; how < 4; how++) {
		struct lt_snapshot *snap = world();
		struct lt_watch_ledger watched = start(snap, NULL, LT_NO_AREA);

		allocate(&watched, NULL, 5, 0x10000, 64);
		if (how == 0)
			lt_watch_ledger_lost(&watched, 7);
		if (how == 1)
			assert_int_equal(event(&watched, 6, "cma_release", "pfn=zz count=64"), 1);
		assert_int_equal(
			lt_watch_ledger_finish(&watched, lt_num(how == 2 ? 3 : 0), lt_num(20 * S)),
			0);
		assert_int_equal(snap->ledger.requesters.v[0].nr_doubtful, how < 3);
		end(snap);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_followed_is_in_the_ledger),
		cmocka_unit_test(what_got_no_pages_is_not_in_it),
		cmocka_unit_test(only_the_area_asked_for_is_in_it),
		cmocka_unit_test(what_is_missing_makes_it_doubtful),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
