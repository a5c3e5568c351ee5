// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/pin_call.c. */
#include "test.h"

#include "model/pin_call.h"

static struct lt_pin_call *add_call(struct lt_pin_calls *calls, uint64_t pid, uint64_t start_pfn,
				    uint64_t end_pfn)
{
	struct lt_pin_call *call = lt_vec_push(calls);

	call->pid = lt_num(pid);
	call->comm = "camera";
	call->function = "pin_user_pages";
	call->longterm = LT_LONGTERM_YES;
	call->ts_ns = lt_num(pid * 1000);
	call->is_proven = true;
	*lt_vec_push(&call->in_cma) = (struct lt_range){ start_pfn, end_pfn };
	return call;
}

static struct lt_pin *add_pin(struct lt_pins *pins, uint64_t pfn, uint64_t nr_pages)
{
	struct lt_pin *pin = lt_vec_push(pins);

	*pin = (struct lt_pin){ .pfn = pfn, .nr_pages = nr_pages, .kind = LT_PIN_PINNED };
	return pin;
}

static struct lt_pins name(struct lt_pin_calls *calls)
{
	struct lt_pins pins = { 0 };

	add_pin(&pins, 100, 1);
	add_pin(&pins, 512, 512);
	lt_pin_calls_name(calls, &pins);
	return pins;
}

static void done(struct lt_pin_calls *calls, struct lt_pins *pins)
{
	lt_pin_calls_free(calls);
	lt_pins_free(pins);
}

static void any_page_of_a_folio_names_who_pinned_it(void **state)
{
	struct lt_pin_calls calls = { 0 };
	struct lt_pins pins;

	(void)state;
	add_call(&calls, 7, 600, 601);
	pins = name(&calls);
	assert_false(pins.v[0].has_pinner);
	assert_true(pins.v[1].has_pinner);
	assert_num(pins.v[1].pinned_by.pid, 7);
	assert_num(pins.v[1].pinned_by.ts_ns, 7000);
	assert_string_equal(pins.v[1].pinned_by.function, "pin_user_pages");
	assert_int_equal(pins.v[1].pinned_by.longterm, LT_LONGTERM_YES);
	done(&calls, &pins);
}

static void neighbours_are_not_named(void **state)
{
	struct lt_pin_calls calls = { 0 };
	struct lt_pins pins;

	(void)state;
	add_call(&calls, 7, 99, 100);
	add_call(&calls, 7, 101, 512);
	add_call(&calls, 7, 1024, 1025);
	pins = name(&calls);
	assert_false(pins.v[0].has_pinner);
	assert_false(pins.v[1].has_pinner);
	done(&calls, &pins);
}

static void only_what_is_proven_names(void **state)
{
	struct lt_pin_calls calls = { 0 };
	struct lt_pins pins;

	(void)state;
	add_call(&calls, 7, 100, 101)->is_proven = false;
	add_call(&calls, 8, 600, 601)->ended_ns = lt_num(9000);
	pins = name(&calls);
	assert_false(pins.v[0].has_pinner);
	assert_false(pins.v[1].has_pinner);
	done(&calls, &pins);
}

static void a_page_without_pins_has_no_pinner(void **state)
{
	struct lt_pin_calls calls = { 0 };
	struct lt_pins pins = { 0 };

	(void)state;
	add_pin(&pins, 100, 1)->kind = LT_PIN_EXTRA_REF;
	add_call(&calls, 7, 100, 101);
	lt_pin_calls_name(&calls, &pins);
	assert_false(pins.v[0].has_pinner);
	done(&calls, &pins);
}

static void the_last_call_counts(void **state)
{
	struct lt_pin_calls calls = { 0 };
	struct lt_pins pins;

	(void)state;
	add_call(&calls, 7, 100, 101);
	add_call(&calls, 8, 90, 110);
	pins = name(&calls);
	assert_num(pins.v[0].pinned_by.pid, 8);
	done(&calls, &pins);
}

/* Only where it is asked for: each page of a folio that a call has is one of its pins. */
static void pins_of_a_blocker_are_counted_by_the_calls_that_were_seen(void **state)
{
	struct lt_pin_calls calls = { 0 };
	struct lt_pins pins = { 0 };

	(void)state;
	add_pin(&pins, 100, 1);
	add_pin(&pins, 512, 512)->is_blocker = true;
	add_pin(&pins, 2048, 1)->is_blocker = true;
	add_call(&calls, 7, 100, 101);
	add_call(&calls, 7, 500, 514);
	add_call(&calls, 8, 600, 601);
	add_call(&calls, 9, 601, 602)->is_proven = false;
	add_call(&calls, 9, 602, 603)->ended_ns = lt_num(9000);
	lt_pin_calls_name(&calls, &pins);
	lt_pin_calls_name(&calls, &pins);
	assert_false(pins.v[0].nr_pins_seen.known);
	assert_num(pins.v[1].nr_pins_seen, 3);
	assert_num(pins.v[2].nr_pins_seen, 0);
	pins.v[1].nr_pins_seen = lt_num(4); /* the module knows of more */
	lt_pin_calls_name(&calls, &pins);
	assert_num(pins.v[1].nr_pins_seen, 4);
	done(&calls, &pins);
}

/* The module knows its own pins for sure, but not their stacks. */
static void a_better_source_stays_and_is_completed(void **state)
{
	struct lt_pin_calls calls = { 0 };
	struct lt_pins pins = { 0 };

	(void)state;
	*add_pin(&pins, 100, 1) = (struct lt_pin){
		.pfn = 100,
		.nr_pages = 1,
		.kind = LT_PIN_PINNED,
		.has_pinner = true,
		.pinned_by = { .pid = lt_num(7), .comm = "ltpin" },
	};
	*add_pin(&pins, 200, 1) = (struct lt_pin){
		.pfn = 200,
		.nr_pages = 1,
		.kind = LT_PIN_PINNED,
		.has_pinner = true,
		.pinned_by = { .pid = lt_num(6), .comm = "other" },
	};
	add_call(&calls, 7, 100, 201);
	lt_pin_calls_name(&calls, &pins);
	assert_string_equal(pins.v[0].pinned_by.function, "pin_user_pages");
	assert_num(pins.v[1].pinned_by.pid, 6);
	assert_null(pins.v[1].pinned_by.function);
	done(&calls, &pins);
}

static void what_lies_in_areas_is_found(void **state)
{
	struct lt_pin_call call = { 0 };
	struct lt_areas areas = { 0 };
	struct lt_area *area = lt_vec_push(&areas);

	(void)state;
	lt_vec_push(&area->ranges)->pfns = (struct lt_range){ 100, 200 };
	lt_vec_push(&area->ranges)->pfns = (struct lt_range){ 300, 400 };
	*lt_vec_push(&call.runs) = (struct lt_range){ 50, 60 };
	*lt_vec_push(&call.runs) = (struct lt_range){ 150, 310 };
	*lt_vec_push(&call.runs) = (struct lt_range){ 399, 401 };
	assert_int_equal(lt_pin_call_locate(&call, &areas), 0);
	assert_int_equal(call.in_cma.nr, 3);
	assert_int_equal(call.in_cma.v[0].start_pfn, 150);
	assert_int_equal(call.in_cma.v[0].end_pfn, 200);
	assert_int_equal(call.in_cma.v[1].start_pfn, 300);
	assert_int_equal(call.in_cma.v[1].end_pfn, 310);
	assert_int_equal(lt_ranges_nr_pages(&call.in_cma), 50 + 10 + 1);
	lt_pin_call_fini(&call);
	lt_areas_free(&areas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_page_of_a_folio_names_who_pinned_it),
		cmocka_unit_test(neighbours_are_not_named),
		cmocka_unit_test(only_what_is_proven_names),
		cmocka_unit_test(a_page_without_pins_has_no_pinner),
		cmocka_unit_test(the_last_call_counts),
		cmocka_unit_test(pins_of_a_blocker_are_counted_by_the_calls_that_were_seen),
		cmocka_unit_test(a_better_source_stays_and_is_completed),
		cmocka_unit_test(what_lies_in_areas_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
