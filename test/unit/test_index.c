// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/index.c. */
#include "test.h"

#include "base/hash.h"
#include "base/index.h"

#define NR 5000

static uint64_t numbers[NR];

static bool is_number(const void *arg, size_t place)
{
	return numbers[place] == *(const uint64_t *)arg;
}

/* @nr_hashes of them for all: many elements share one if it is small. */
static void check(uint64_t nr_hashes, uint64_t nr_numbers)
{
	struct lt_index index = { 0 };

	for (size_t i = 0; i < NR; i++) {
		numbers[i] = i % nr_numbers;
		assert_int_equal(lt_index_add(&index, numbers[i] % nr_hashes, i), 0);
	}
	for (uint64_t i = 0; i < nr_numbers; i++)
		assert_int_equal(lt_index_find(&index, i % nr_hashes, is_number, &i), i);
	for (uint64_t i = nr_numbers; i < NR + 50; i++)
		assert_int_equal(lt_index_find(&index, i % nr_hashes, is_number, &i),
				 LT_INDEX_NONE);
	lt_index_free(&index);
}

static void each_is_found_by_its_hash(void **state)
{
	(void)state;
	check(UINT64_MAX, NR);
	check(7, NR / 10);
	check(1, NR / 50);
}

static void the_first_of_equals_is_found(void **state)
{
	(void)state;
	check(UINT64_MAX, NR / 3);
	check(61, NR / 100);
}

static void an_empty_one_finds_nothing(void **state)
{
	const struct lt_index index = { 0 };
	const uint64_t any = 0;

	(void)state;
	assert_int_equal(lt_index_find(&index, 0, is_number, &any), LT_INDEX_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_by_its_hash),
		cmocka_unit_test(the_first_of_equals_is_found),
		cmocka_unit_test(an_empty_one_finds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
