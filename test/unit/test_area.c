// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/area.c. */
#include "test.h"

#include "model/area.h"
#include "model/attempt.h"

static struct lt_area *add_area(struct lt_areas *areas, const char *name, uint64_t start,
				uint64_t nr_pages)
{
	struct lt_area *area = lt_vec_push(areas);

	assert_non_null(area);
	area->name = name;
	area->nr_pages = lt_num(nr_pages);
	lt_vec_push(&area->ranges)->pfns = (struct lt_range){ start, start + nr_pages };
	return area;
}

static void set_bitmap(struct lt_area *area, uint32_t low, uint32_t high, size_t nr_bits)
{
	uint32_t *words = malloc(2 * sizeof(*words));

	assert_non_null(words);
	words[0] = low;
	words[1] = high;
	area->ranges.v[0].bitmap = (struct lt_bitmap){ .words = words, .nr_bits = nr_bits };
}

static struct lt_attempt *add_attempt(struct lt_attempts *attempts, const char *name,
				      uint64_t start, uint64_t nr_pages)
{
	struct lt_attempt *attempt = lt_vec_push(attempts);

	assert_non_null(attempt);
	attempt->area = LT_NO_AREA;
	attempt->area_name = name;
	attempt->nr_pages = lt_num(nr_pages);
	if (start)
		lt_vec_push(&attempt->tries)->pfns = (struct lt_range){ start, start + nr_pages };
	return attempt;
}

static void areas_are_found(void **state)
{
	struct lt_areas areas = { 0 };

	(void)state;
	add_area(&areas, "a", 100, 50);
	add_area(&areas, NULL, 200, 50);
	assert_int_equal(lt_areas_find_pfn(&areas, 99), LT_NO_AREA);
	assert_int_equal(lt_areas_find_pfn(&areas, 149), 0);
	assert_int_equal(lt_areas_find_pfn(&areas, 150), LT_NO_AREA);
	assert_int_equal(lt_areas_find_pfn(&areas, 200), 1);
	assert_int_equal(lt_areas_find_name(&areas, "a"), 0);
	assert_int_equal(lt_areas_find_name(&areas, NULL), LT_NO_AREA);
	lt_areas_free(&areas);
}

static void the_longest_run_stops_at_the_end(void **state)
{
	struct lt_areas areas = { 0 };
	struct lt_area *area = add_area(&areas, "a", 0x1000, 160);

	(void)state;
	assert_unknown(lt_area_longest_free_run(area));
	set_bitmap(area, 0x0000000f, 0x80, 40);
	assert_unknown(lt_area_longest_free_run(area)); /* how much is a bit? */
	area->order_per_bit = lt_num(2);
	assert_num(lt_area_longest_free_run(area), 35 * 4);
	area->ranges.v[0].bitmap.words[1] = 0;
	assert_num(lt_area_longest_free_run(area), 36 * 4);
	lt_areas_free(&areas);
}

static void all_areas_add_up_to_the_total(void **state)
{
	struct lt_areas areas = { 0 };
	struct lt_num page_size = lt_num(4096);

	(void)state;
	assert_false(lt_areas_are_all(&areas, lt_num(0), page_size));
	add_area(&areas, "a", 0x1000, 1024);
	assert_true(lt_areas_are_all(&areas, lt_num(4096), page_size));
	assert_false(lt_areas_are_all(&areas, lt_num(8192), page_size));
	assert_false(lt_areas_are_all(&areas, (struct lt_num){ 0 }, page_size));
	assert_false(lt_areas_are_all(&areas, lt_num(4096), (struct lt_num){ 0 }));
	add_area(&areas, "b", 0x9000, 1)->nr_pages.known = false;
	assert_false(lt_areas_are_all(&areas, lt_num(4096), page_size));
	lt_areas_free(&areas);
}

static void attempts_are_located(void **state)
{
	struct lt_areas areas = { 0 };
	struct lt_attempts attempts = { 0 };

	(void)state;
	add_area(&areas, "a", 0x1000, 0x100);
	add_area(&areas, NULL, 0x2000, 0x100);
	add_attempt(&attempts, NULL, 0x1000, 0x100);
	add_attempt(&attempts, NULL, 0x1001, 0x100); /* reaches past the area */
	add_attempt(&attempts, "b", 0x2010, 0x10);
	add_attempt(&attempts, "b", 0, 0x10);
	add_attempt(&attempts, "a", 0, 0x10);
	add_attempt(&attempts, "c", 0, 0x10);
	lt_attempts_locate(&attempts, &areas);
	assert_int_equal(attempts.v[0].area, 0);
	assert_int_equal(attempts.v[1].area, LT_NO_AREA);
	assert_string_equal(areas.v[1].name, "b");
	assert_int_equal(attempts.v[2].area, 1);
	assert_int_equal(attempts.v[3].area, 1);
	assert_int_equal(attempts.v[4].area, 0);
	assert_int_equal(attempts.v[5].area, LT_NO_AREA);
	lt_attempts_free(&attempts);
	lt_areas_free(&areas);
}

static void a_name_seen_elsewhere_is_not_given(void **state)
{
	struct lt_areas areas = { 0 };
	struct lt_attempts attempts = { 0 };

	(void)state;
	add_area(&areas, NULL, 0x1000, 0x100);
	add_area(&areas, NULL, 0x2000, 0x100);
	add_area(&areas, NULL, 0x3000, 0x100);
	add_attempt(&attempts, "b", 0x1010, 0x10);
	add_attempt(&attempts, "b", 0x2010, 0x10);
	add_attempt(&attempts, "c", 0x3010, 0x10);
	add_attempt(&attempts, "d", 0x3010, 0x10);
	lt_attempts_locate(&attempts, &areas);
	for (size_t i = 0; i < areas.nr; i++)
		assert_null(areas.v[i].name);
	lt_attempts_free(&attempts);
	lt_areas_free(&areas);
}

static void an_open_request_larger_than_the_area_failed(void **state)
{
	struct lt_areas areas = { 0 };
	struct lt_attempts attempts = { 0 };

	(void)state;
	add_area(&areas, "a", 0x1000, 0x100);
	add_attempt(&attempts, "a", 0, 0x101)->is_open = true;
	add_attempt(&attempts, "a", 0, 0x100)->is_open = true;
	lt_attempts_locate(&attempts, &areas);
	assert_true(attempts.v[0].failed);
	assert_false(attempts.v[0].is_open);
	assert_false(attempts.v[1].failed);
	assert_true(attempts.v[1].is_open);
	lt_attempts_free(&attempts);
	lt_areas_free(&areas);
}

static void elimination_needs_one_of_each(void **state)
{
	struct lt_areas areas = { 0 };
	struct lt_attempts attempts = { 0 };

	(void)state;
	add_area(&areas, NULL, 0x1000, 0x100);
	add_area(&areas, NULL, 0x2000, 0x100);
	add_attempt(&attempts, "b", 0, 0x10);
	lt_attempts_eliminate(&attempts, &areas);
	assert_int_equal(attempts.v[0].area, LT_NO_AREA);
	areas.v[0].name = "a";
	lt_attempts_eliminate(&attempts, &areas);
	assert_string_equal(areas.v[1].name, "b");
	assert_int_equal(attempts.v[0].area, 1);
	lt_attempts_free(&attempts);
	lt_areas_free(&areas);
}

static void stages_and_sources_have_names(void **state)
{
	(void)state;
	assert_null(lt_try_stage_name(LT_TRY_UNKNOWN));
	assert_string_equal(lt_try_stage_name(LT_TRY_TEST), "test");
	assert_string_equal(lt_attempt_source_name(LT_ATTEMPT_ALLOC), "alloc");
}

/* Bits of 4 pages; what has no bit was not given out. */
static void allocated_pages_are_counted_by_bits(void **state)
{
	uint32_t words[] = { 0x80000005 };
	struct lt_area_range range = { .pfns = { 1000, 2000 },
				       .bitmap = { .words = words, .nr_bits = 32 } };
	struct lt_area area = { .order_per_bit = lt_num(2) };
	static const struct {
		struct lt_range pfns;
		uint64_t nr;
	} cases[] = {
		{ { 1000, 2000 }, 12 }, { { 1001, 1002 }, 1 }, { { 1003, 1009 }, 2 },
		{ { 1004, 1008 }, 0 },	{ { 1126, 1131 }, 2 }, { { 1128, 2000 }, 0 },
		{ { 1000, 1000 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t nr = 0;

		for (uint64_t pfn = cases[i].pfns.start_pfn; pfn < cases[i].pfns.end_pfn; pfn++)
			nr += lt_area_is_allocated(&area, &range, pfn);
		assert_int_equal(nr, cases[i].nr);
		assert_int_equal(lt_area_nr_allocated(&area, &range, cases[i].pfns), nr);
	}
	area.order_per_bit = (struct lt_num){ 0 };
	assert_int_equal(lt_area_nr_allocated(&area, &range, range.pfns), 0);
}

static void the_hull_of_an_area_without_a_place_is_empty(void **state)
{
	struct lt_area area = { .name = "reserved", .nr_pages = lt_num(16384) };

	(void)state;
	assert_int_equal(lt_range_nr_pages(lt_area_hull(&area)), 0);
	*(struct lt_area_range *)lt_vec_push(&area.ranges) =
		(struct lt_area_range){ .pfns = { 512, 1024 } };
	*(struct lt_area_range *)lt_vec_push(&area.ranges) =
		(struct lt_area_range){ .pfns = { 128, 256 } };
	assert_int_equal(lt_area_hull(&area).start_pfn, 128);
	assert_int_equal(lt_area_hull(&area).end_pfn, 1024);
	lt_area_fini(&area);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocated_pages_are_counted_by_bits),
		cmocka_unit_test(the_hull_of_an_area_without_a_place_is_empty),
		cmocka_unit_test(areas_are_found),
		cmocka_unit_test(the_longest_run_stops_at_the_end),
		cmocka_unit_test(all_areas_add_up_to_the_total),
		cmocka_unit_test(attempts_are_located),
		cmocka_unit_test(a_name_seen_elsewhere_is_not_given),
		cmocka_unit_test(an_open_request_larger_than_the_area_failed),
		cmocka_unit_test(elimination_needs_one_of_each),
		cmocka_unit_test(stages_and_sources_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
