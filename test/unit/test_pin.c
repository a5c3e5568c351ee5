// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/pin.c. */
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
		cmocka_unit_test(kinds_have_the_names_of_the_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
