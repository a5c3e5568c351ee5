// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/selftest/selftest_case.c. */
#include "test.h"

#include <errno.h>

#include "act/selftest/selftest_case.h"

static struct lt_cases select_cases(const char *pattern, const struct lt_backend *backend)
{
	struct lt_cases cases = { 0 };
	struct lt_diag diag = { 0 };

	assert_int_equal(lt_cases_select(&pattern, pattern ? 1 : 0, backend, &cases, &diag), 0);
	return cases;
}

/* The names of what is selected, with a blank after each. */
static void assert_selected(const char *pattern, const struct lt_backend *backend, const char *want)
{
	struct lt_cases cases = select_cases(pattern, backend);
	char names[4096] = "";

	lt_vec_each(what, &cases) {
		strcat(names, what->name);
		strcat(names, " ");
	}
	lt_vec_free(&cases);
	assert_string_equal(names, want);
}

static void the_default_is_short(void **state)
{
	struct lt_cases cases = select_cases(NULL, &lt_backend_udmabuf);

	(void)state;
	assert_selected(NULL, NULL, "fresh in-cma race in-cma-thp ");
	assert_selected(NULL, &lt_backend_udmabuf, "fresh-memfd in-cma-memfd race-memfd ");
	lt_vec_each(what, &cases)
		assert_true(what->is_required);
	lt_vec_free(&cases);
}

static void the_classic_three_pin_plainly(void **state)
{
	static const struct {
		const char *name;
		unsigned int nr_threads;
		bool is_resident;
	} rows[] = { { "fresh", 1, false }, { "in-cma", 1, true }, { "race", 2, true } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct lt_cases cases = select_cases(rows[i].name, NULL);

		assert_int_equal(cases.nr, 1);
		assert_int_equal(cases.v[0].nr_threads, rows[i].nr_threads);
		assert_int_equal(cases.v[0].situation->is_resident, rows[i].is_resident);
		assert_int_equal(cases.v[0].situation->target, LT_TARGET_CMA);
		assert_int_equal(cases.v[0].backing, LT_BACKING_ANON);
		assert_int_equal(cases.v[0].flags, LT_PIN_WRITE);
		lt_vec_free(&cases);
	}
}

static void names_are_unique_and_fit(void **state)
{
	struct lt_cases all = { 0 };

	(void)state;
	assert_int_equal(lt_cases_all(&all), 0);
	assert_true(all.nr > 90);
	lt_vec_each(a, &all) {
		assert_true(strlen(a->name) < sizeof(a->name) - 1);
		assert_int_equal(strspn(a->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(a->name));
		lt_vec_each(b, &all)
			assert_true(a == b || strcmp(a->name, b->name));
	}
	lt_vec_free(&all);
}

static void patterns_pick_families(void **state)
{
	struct lt_cases every = select_cases("all", NULL), all = { 0 };

	(void)state;
	assert_int_equal(lt_cases_all(&all), 0);
	assert_int_equal(every.nr, all.nr);
	lt_vec_free(&every);
	lt_vec_free(&all);
	assert_selected(
		"*memfd-read", NULL,
		"fresh-memfd-read fresh-race-memfd-read in-cma-memfd-read race-memfd-read ");
	assert_selected("held*", &lt_backend_module,
			"held held-race held-thp held-race-thp held-memfd held-race-memfd "
			"held-file held-race-file ");
	assert_selected("in-cma-hugetlb*", &lt_backend_io_uring, "in-cma-hugetlb ");
}

static void only_what_is_named_is_required(void **state)
{
	struct lt_cases named = select_cases("in-cma-thp", NULL);
	struct lt_cases picked = select_cases("in-cma-th[p]", NULL);

	(void)state;
	assert_true(named.v[0].is_required);
	assert_false(picked.v[0].is_required);
	lt_vec_free(&named);
	lt_vec_free(&picked);
}

static void a_backend_may_lack_a_way(void **state)
{
	struct lt_cases cases = select_cases("in-cma-file-read-fast", &lt_backend_io_uring);

	(void)state;
	assert_int_equal(cases.nr, 1); /* it was named, so it is not left out */
	assert_non_null(lt_case_obstacle(&cases.v[0], &lt_backend_io_uring));
	assert_null(lt_case_obstacle(&cases.v[0], &lt_backend_module));
	lt_vec_free(&cases);
}

static void what_can_hang_the_kernel_is_not_run(void **state)
{
	struct lt_cases all = { 0 };
	size_t nr_hazards = 0;

	(void)state;
	assert_int_equal(lt_cases_all(&all), 0);
	lt_vec_each(what, &all) {
		bool is_hazard = lt_case_hazard(what, LT_SCOPE_NO_CMA);

		assert_int_equal(is_hazard,
				 strstr(what->name, "race") && strstr(what->name, "hugetlb"));
		assert_null(lt_case_hazard(what, LT_SCOPE_UNMOVABLE));
		nr_hazards += is_hazard;
	}
	assert_true(nr_hazards > 0);
	lt_vec_free(&all);
}

static void others_are_refused(void **state)
{
	static const char *const names[] = { "fresh", "no-such" };
	struct lt_cases cases = { 0 };
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_cases_select(names, 2, NULL, &cases, &diag), -EINVAL);
	assert_non_null(strstr(diag.why, "no-such"));
	assert_int_equal(cases.nr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_default_is_short),
		cmocka_unit_test(the_classic_three_pin_plainly),
		cmocka_unit_test(names_are_unique_and_fit),
		cmocka_unit_test(patterns_pick_families),
		cmocka_unit_test(only_what_is_named_is_required),
		cmocka_unit_test(a_backend_may_lack_a_way),
		cmocka_unit_test(what_can_hang_the_kernel_is_not_run),
		cmocka_unit_test(others_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
