// SPDX-License-Identifier: GPL-2.0-or-later
/* A failure that is being looked into: which pages, when, and what of it the report gets. */
#include "test.h"

#include "act/watch/watch_case.h"
#include "base/now.h"
#include "uapi/ltpin_netlink.h"

#define MS UINT64_C(1000000)

static struct lt_area_range range = { .pfns = { 0x1000, 0x2000 } };
static struct lt_area area = { .name = "camera", .ranges = { &range, 1, 1 } };
static const struct lt_areas areas = { &area, 1, 1 };

static void add_try(struct lt_attempt *attempt, uint64_t pfn, struct lt_num blocker)
{
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	assert_non_null(tried);
	*tried = (struct lt_try){ .pfns = { pfn, pfn + 64 }, .blocker_pfn = blocker };
}

/* A case with one blocking page, 0x1003. */
static struct lt_watch_case make_case(void)
{
	struct lt_watch_case c = { .attempt = { .failed = true } };

	add_try(&c.attempt, 0x1000, lt_num(0x1003));
	assert_int_equal(lt_watch_blockers(&c.attempt, &areas), 0);
	return c;
}

static void test_distinct_blockers(void **state)
{
	struct lt_attempt attempt = { .failed = true };

	(void)state;
	for (uint64_t i = 0; i < 40; i++) /* many windows, one page */
		add_try(&attempt, 0x1000 + i, lt_num(0x1030));
	add_try(&attempt, 0x1040, (struct lt_num){ 0 });
	add_try(&attempt, 0x3000, lt_num(0x3001));
	assert_int_equal(lt_watch_blockers(&attempt, &areas), 0);
	assert_int_equal(attempt.blockers.nr, 2);
	assert_int_equal(attempt.nr_blockers_left, 0);
	assert_int_equal(attempt.blockers.v[0].page.area, 0);
	assert_true(attempt.blockers.v[1].page.area == LT_NO_AREA);
	for (uint64_t i = 0; i < LT_WATCH_BLOCKERS_MAX; i++) {
		add_try(&attempt, 0x1100 + i, lt_num(0x1200 + i));
		add_try(&attempt, 0x1101 + i, lt_num(0x1200 + i));
	}
	lt_blockers_free(&attempt.blockers);
	assert_int_equal(lt_watch_blockers(&attempt, &areas), 0);
	assert_int_equal(attempt.blockers.nr, LT_WATCH_BLOCKERS_MAX);
	assert_int_equal(attempt.nr_blockers_left, 2);
	lt_attempt_fini(&attempt);
}

/* However late the last look was, the next is not twice at once. */
static void test_when_to_look(void **state)
{
	struct lt_watch_case c = make_case();
	uint64_t now_ns = lt_now_ns();

	(void)state;
	c.ended_ns = now_ns - 50 * MS;
	assert_true(lt_watch_case_is_due(&c, now_ns));
	assert_int_equal(lt_watch_case_sample(&c, NULL), 0);
	assert_int_equal(c.nr_rounds, 2);
	assert_false(lt_watch_case_is_due(&c, c.ended_ns + 99 * MS));
	assert_true(lt_watch_case_is_due(&c, c.ended_ns + 100 * MS));
	assert_false(lt_watch_case_is_sampled(&c));
	c.ended_ns -= 10000 * MS;
	assert_int_equal(lt_watch_case_sample(&c, NULL), 0);
	assert_true(lt_watch_case_is_sampled(&c));
	assert_false(lt_watch_case_is_due(&c, UINT64_MAX - 1));
	assert_int_equal(c.attempt.blockers.v[0].fate, LT_BLOCKER_UNKNOWN);
	lt_attempt_fini(&c.attempt);
}

static struct lt_pin make_answer(struct lt_mapper *mapper)
{
	return (struct lt_pin){
		.pfn = 0x1003,
		.nr_pages = 1,
		.class = LT_PAGE_ANON,
		.mapcount = lt_num(9),
		.mapped_by = { mapper, 1, 1 },
		.mapped_by_total = lt_num(1),
	};
}

/* Who maps the page is asked once for several failures; counts stay those of the sample. */
static void test_naming(void **state)
{
	struct lt_mapper mapper = { .pid = 812, .comm = "camera-hal" };
	struct lt_pin answer = make_answer(&mapper);
	const struct lt_pins answers = { &answer, 1, 1 };
	struct lt_watch_case a = make_case(), b = make_case();
	struct lt_pins asked = { 0 };

	(void)state;
	a.ended_ns = 5 * MS;
	a.attempt.blockers.v[0].page.mapcount = lt_num(1);
	assert_int_equal(lt_watch_case_ask(&a, &asked), 0);
	assert_int_equal(lt_watch_case_ask(&b, &asked), 0);
	assert_int_equal(asked.nr, 1);
	assert_int_equal(lt_watch_case_name(&a, &answers, 12 * MS), 0);
	assert_int_equal(lt_watch_case_name(&b, &answers, 12 * MS), 0);
	assert_true(a.is_named);
	assert_int_equal(a.attempt.blockers.v[0].asked_after_ns.val, 7 * MS);
	assert_int_equal(a.attempt.blockers.v[0].page.mapcount.val, 1);
	assert_int_equal(b.attempt.blockers.v[0].page.mapcount.val, 9);
	assert_int_equal(b.attempt.blockers.v[0].page.mapped_by.v[0].pid, 812);
	assert_int_equal(b.attempt.blockers.v[0].fate, LT_BLOCKER_UNKNOWN);
	lt_pins_free(&asked);
	lt_attempt_fini(&a.attempt);
	lt_attempt_fini(&b.attempt);
}

/* Without counts a page that is free by now has passed all the same. */
static void test_free_by_now(void **state)
{
	struct lt_pin answer = { .pfn = 0x1003, .nr_pages = 1, .class = LT_PAGE_BUDDY };
	const struct lt_pins answers = { &answer, 1, 1 };
	struct lt_watch_case c = make_case();

	(void)state;
	assert_int_equal(lt_watch_case_name(&c, &answers, MS), 0);
	assert_int_equal(lt_watch_case_sample(&c, NULL), 0);
	assert_int_equal(c.attempt.blockers.v[0].fate, LT_BLOCKER_PASSED);
	lt_attempt_fini(&c.attempt);
}

/* What a page is does not change while another allocation has it isolated. */
static void test_isolated_meanwhile(void **state)
{
	struct lt_pin answer = { .pfn = 0x1003, .nr_pages = 1, .class = LT_PAGE_OTHER };
	const struct lt_pins answers = { &answer, 1, 1 };
	struct lt_folio folio = { .pfn = 0x1003, .nr_pages = 1, .refcount = 2 };

	(void)state;
	for (int is_file = 0; is_file < 2; is_file++) {
		struct lt_watch_case c = make_case();

		folio.flags = is_file ? LTPIN_PAGE_FILE : 0;
		assert_int_equal(lt_blocker_add_sample(
					 &c.attempt.blockers.v[0],
					 &(struct lt_blocker_sample){ lt_num(MS), false, folio }),
				 0);
		assert_int_equal(lt_watch_case_name(&c, &answers, MS), 0);
		assert_int_equal(c.attempt.blockers.v[0].page.class,
				 is_file ? LT_PAGE_FILE : LT_PAGE_OTHER);
		lt_attempt_fini(&c.attempt);
	}
}

static void test_obtained_by_others(void **state)
{
	struct lt_watch_case c = make_case();

	(void)state;
	lt_watch_case_pass(&c, (struct lt_range){ 0x1004, 0x1100 });
	assert_int_equal(c.attempt.blockers.v[0].fate, LT_BLOCKER_UNKNOWN);
	lt_watch_case_pass(&c, (struct lt_range){ 0x1000, 0x1004 });
	assert_int_equal(c.attempt.blockers.v[0].fate, LT_BLOCKER_PASSED);
	lt_attempt_fini(&c.attempt);
}

/* The newest failure counts; what has passed is not accused of anything. */
static void test_join(void **state)
{
	struct lt_mapper mapper = { .pid = 812, .comm = "camera-hal" };
	struct lt_pin answer = make_answer(&mapper);
	const struct lt_pins answers = { &answer, 1, 1 };
	struct lt_watch_case c = make_case();
	struct lt_pins pins = { 0 };

	(void)state;
	assert_int_equal(lt_watch_case_name(&c, &answers, MS), 0);
	c.attempt.blockers.v[0].page.kind = LT_PIN_PINNED;
	assert_int_equal(lt_watch_case_join(&c, &pins), 0);
	assert_int_equal(pins.nr, 1);
	assert_int_equal(pins.v[0].kind, LT_PIN_PINNED);
	assert_true(pins.v[0].is_blocker);
	assert_false(pins.v[0].has_passed);
	c.attempt.blockers.v[0].fate = LT_BLOCKER_PASSED;
	assert_int_equal(lt_watch_case_join(&c, &pins), 0);
	assert_int_equal(pins.nr, 1);
	assert_int_equal(pins.v[0].kind, LT_PIN_UNKNOWN);
	assert_true(pins.v[0].has_passed);
	assert_int_equal(pins.v[0].mapped_by.nr, 1);
	lt_pins_free(&pins);
	lt_attempt_fini(&c.attempt);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distinct_blockers),
		cmocka_unit_test(test_when_to_look),
		cmocka_unit_test(test_naming),
		cmocka_unit_test(test_free_by_now),
		cmocka_unit_test(test_isolated_meanwhile),
		cmocka_unit_test(test_obtained_by_others),
		cmocka_unit_test(test_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
