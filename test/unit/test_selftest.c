// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/selftest/selftest.c. */
#include "test.h"

#include <errno.h>

#include "source/saved/selftest.h"

#define SAVED "test/saved/"

struct parsed {
	struct lt_strings *strings;
	struct lt_selftest selftest;
	struct lt_diag diag;
	int err;
};

static struct parsed parse_file(const char *path)
{
	struct parsed p = { .strings = lt_strings_new() };
	struct lt_buf buf = test_file(path);

	p.err = lt_selftest_parse(buf.data, buf.len, p.strings, &p.selftest, &p.diag);
	free(buf.data);
	return p;
}

static void parsed_free(struct parsed *p)
{
	lt_selftest_fini(&p->selftest);
	lt_strings_free(p->strings);
}

static void a_breach_comes_back(void **state)
{
	struct parsed p = parse_file(SAVED "selftest-5.10-landed.json");
	struct lt_case_result *race;

	(void)state;
	assert_int_equal(p.err, 0);
	assert_int_equal(p.selftest.verdict, LT_VERDICT_BROKEN);
	assert_int_equal(p.selftest.reason, LT_OUTCOME_LANDED);
	assert_string_equal(p.selftest.backend, "module");
	assert_string_equal(p.selftest.release, "5.10.262");
	assert_true(p.selftest.upper_bound_95 < 0);
	assert_int_equal(p.selftest.cases.nr, 3);
	assert_int_equal(p.selftest.cases.v[0].outcome, LT_OUTCOME_KEPT);
	race = &p.selftest.cases.v[2];
	assert_string_equal(race->name, "race");
	assert_int_equal(race->outcome, LT_OUTCOME_LANDED);
	assert_num(race->nr_pinned, 1472);
	assert_num(race->nr_landed, 797);
	assert_num(race->nr_calls, 40);
	assert_num(race->nr_calls_failed, 17);
	assert_num(race->control_faults, 640);
	assert_num(race->control_landed, 544);
	parsed_free(&p);
}

static void other_verdicts_come_back(void **state)
{
	struct parsed p = parse_file(SAVED "selftest-6.12-kept.json");

	(void)state;
	assert_int_equal(p.selftest.verdict, LT_VERDICT_KEPT);
	assert_true(p.selftest.upper_bound_95 > 0.05 && p.selftest.upper_bound_95 < 0.06);
	parsed_free(&p);
	p = parse_file(SAVED "selftest-5.10-livelock.json");
	assert_int_equal(p.selftest.verdict, LT_VERDICT_BROKEN);
	assert_int_equal(p.selftest.reason, LT_OUTCOME_LIVELOCK);
	parsed_free(&p);
}

static void odd_cases_are_counted(void **state)
{
	struct parsed p = parse_file(MALFORMED "selftest/odd-cases.json");

	(void)state;
	assert_int_equal(p.err, 0);
	assert_int_equal(p.diag.nr_skipped, 3);
	assert_int_equal(p.selftest.cases.nr, 1);
	assert_unknown(p.selftest.cases.v[0].nr_pinned);
	assert_unknown(p.selftest.cases.v[0].nr_landed);
	assert_unknown(p.selftest.cases.v[0].control_faults);
	parsed_free(&p);
}

static void other_files_are_refused(void **state)
{
	static const char *const paths[] = {
		MALFORMED "selftest/unknown-verdict.json",
		MALFORMED "selftest/no-reason.json",
		MALFORMED "selftest/cut.json",
		MALFORMED "attempts/empty.json",
		SAVED "attempts-6.12.json",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct parsed p = parse_file(paths[i]);

		assert_int_equal(p.err, -EBADMSG);
		assert_true(p.diag.why[0]);
		parsed_free(&p);
	}
}

static void names_are_read_as_they_are_written(void **state)
{
	enum lt_outcome outcome;
	enum lt_verdict verdict;

	(void)state;
	for (enum lt_outcome o = LT_OUTCOME_KEPT; o <= LT_OUTCOME_SKIPPED; o++) {
		assert_int_equal(lt_outcome_parse(lt_outcome_name(o), &outcome), 0);
		assert_int_equal(outcome, o);
	}
	for (enum lt_verdict v = LT_VERDICT_KEPT; v <= LT_VERDICT_UNKNOWN; v++) {
		assert_int_equal(lt_verdict_parse(lt_verdict_name(v), &verdict), 0);
		assert_int_equal(verdict, v);
	}
	assert_int_equal(lt_outcome_parse(NULL, &outcome), -EINVAL);
	assert_int_equal(lt_verdict_parse("fine", &verdict), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_breach_comes_back),
		cmocka_unit_test(other_verdicts_come_back),
		cmocka_unit_test(odd_cases_are_counted),
		cmocka_unit_test(other_files_are_refused),
		cmocka_unit_test(names_are_read_as_they_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
