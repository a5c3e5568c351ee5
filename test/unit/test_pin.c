// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include "model/attempt.h"
#include "model/pin.h"

static void add(struct lt_pins *pins, uint64_t pfn, uint64_t nr_pages)
{
	struct lt_pin *pin = lt_vec_push(pins);

	pin->pfn = pfn;
	pin->nr_pages = nr_pages;
}

static void a_folio_is_found_by_any_of_its_pages(void **state)
{
	struct lt_pins pins = { 0 };

	(void)state;
	assert_null(lt_pins_find(&pins, 0));
	add(&pins, 1024, 1);
	add(&pins, 512, 512);
	add(&pins, 100, 4);
	lt_pins_sort(&pins);
	assert_int_equal(pins.v[0].pfn, 100);
	assert_int_equal(pins.v[2].pfn, 1024);
	assert_null(lt_pins_find(&pins, 99));
	assert_ptr_equal(lt_pins_find(&pins, 100), &pins.v[0]);
	assert_ptr_equal(lt_pins_find(&pins, 103), &pins.v[0]);
	assert_null(lt_pins_find(&pins, 104));
	assert_ptr_equal(lt_pins_find(&pins, 512), &pins.v[1]);
	assert_ptr_equal(lt_pins_find(&pins, 1023), &pins.v[1]);
	assert_ptr_equal(lt_pins_find(&pins, 1024), &pins.v[2]);
	assert_null(lt_pins_find(&pins, 1025));
	lt_pins_free(&pins);
}

static void the_next_folio_is_found_from_a_gap(void **state)
{
	struct lt_pins pins = { 0 };

	(void)state;
	add(&pins, 100, 4);
	add(&pins, 200, 1);
	assert_ptr_equal(lt_pins_from(&pins, 0), &pins.v[0]);
	assert_ptr_equal(lt_pins_from(&pins, 103), &pins.v[0]);
	assert_ptr_equal(lt_pins_from(&pins, 104), &pins.v[1]);
	assert_null(lt_pins_from(&pins, 201));
	lt_pins_free(&pins);
}

/* At @ts_ns a request for [start_pfn, start_pfn + 10) met @blocker, or was given that if it is 0. */
static void add_attempt(struct lt_attempts *attempts, uint64_t ts_ns, uint64_t start_pfn,
			uint64_t blocker)
{
	struct lt_attempt *attempt = lt_vec_push(attempts);
	struct lt_try *tried = lt_vec_push(&attempt->tries);

	attempt->ts_ns = lt_num(ts_ns);
	attempt->failed = blocker;
	tried->pfns = (struct lt_range){ start_pfn, start_pfn + 10 };
	tried->ok = !blocker;
	if (blocker)
		tried->blocker_pfn = lt_num(blocker);
}

static void what_was_given_away_later_is_held_no_more(void **state)
{
	static const struct {
		uint64_t second_pfn, second_ts, third_blocker;
		bool has_passed;
	} cases[] = {
		{ 100, 2000, 0, true },	 /* given to the next */
		{ 100, 500, 0, false },	 /* given to one before */
		{ 200, 2000, 0, false }, /* another range was */
		{ 100, 2000, 105, false }, /* and in the way again */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lt_attempts attempts = { 0 };
		struct lt_pins pins = { 0 };

		add(&pins, 105, 1);
		add(&pins, 107, 1); /* not a blocker */
		pins.v[0].is_blocker = true;
		add_attempt(&attempts, cases[i].second_ts, cases[i].second_pfn, 0);
		if (cases[i].third_blocker)
			add_attempt(&attempts, 3000, 100, cases[i].third_blocker);
		add_attempt(&attempts, 1000, 100, 105); /* sources need not be in order */
		assert_int_equal(lt_pins_mark_passed(&pins, &attempts), 0);
		if (pins.v[0].has_passed != cases[i].has_passed)
			fail_msg("case %zu", i);
		assert_false(pins.v[1].has_passed);
		lt_attempts_free(&attempts);
		lt_pins_free(&pins);
	}
}

/* What is known to be pinned now is, whatever was before. */
static void what_is_pinned_now_has_not_passed(void **state)
{
	struct lt_attempts attempts = { 0 };
	struct lt_pins pins = { 0 };

	(void)state;
	add(&pins, 105, 1);
	pins.v[0].is_blocker = true;
	pins.v[0].kind = LT_PIN_PINNED;
	add_attempt(&attempts, 1000, 100, 105);
	add_attempt(&attempts, 2000, 100, 0);
	assert_int_equal(lt_pins_mark_passed(&pins, &attempts), 0);
	assert_false(pins.v[0].has_passed);
	lt_attempts_free(&attempts);
	lt_pins_free(&pins);
}

static void kinds_have_the_names_of_the_report(void **state)
{
	(void)state;
	assert_string_equal(lt_pin_kind_name(LT_PIN_PINNED), "pin");
	assert_string_equal(lt_pin_kind_name(LT_PIN_EXTRA_REF), "extra-ref");
	assert_string_equal(lt_pin_kind_name(LT_PIN_UNMOVABLE), "unmovable");
	assert_null(lt_pin_kind_name(LT_PIN_UNKNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folio_is_found_by_any_of_its_pages),
		cmocka_unit_test(the_next_folio_is_found_from_a_gap),
		cmocka_unit_test(what_was_given_away_later_is_held_no_more),
		cmocka_unit_test(what_is_pinned_now_has_not_passed),
		cmocka_unit_test(kinds_have_the_names_of_the_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
