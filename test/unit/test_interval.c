// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/base/interval.c. */
#include "test.h"

#include <math.h>

#include "base/interval.h"

static void assert_near(double got, double want, double error)
{
	if (!(fabs(got - want) <= error))
		fail_msg("%.9g is not %.9g", got, want);
}

/* Newcombe, Statistics in Medicine 17 (1998), table I, method 5, to four digits. */
static void shares_match_a_published_table(void **state)
{
	static const struct {
		unsigned int hits, samples;
		double low, high;
	} rows[] = {
		{ 81, 263, 0.2527, 0.3676 },
		{ 15, 148, 0.0578, 0.1617 },
		{ 0, 20, 0.0000, 0.1684 },
		{ 1, 29, 0.0009, 0.1776 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lt_interval got = lt_interval_share(rows[i].hits, rows[i].samples);

		assert_near(got.low, rows[i].low, 0.00006);
		assert_near(got.high, rows[i].high, 0.00006);
	}
}

/* Without hits it has a closed form, and so it has with nothing but hits. */
static void shares_end_where_they_must(void **state)
{
	(void)state;
	for (unsigned int n = 1; n <= 100000; n *= 10) {
		double end = -expm1(log(0.025) / n);

		assert_near(lt_interval_share(0, n).low, 0, 0);
		assert_near(lt_interval_share(0, n).high, end, 1e-9);
		assert_near(lt_interval_share(n, n).low, 1 - end, 1e-9);
		assert_near(lt_interval_share(n, n).high, 1, 0);
	}
	assert_near(lt_interval_share(0, 0).low, 0, 0);
	assert_near(lt_interval_share(0, 0).high, 1, 0);
}

/* It takes 736 samples to say "at most 0.5%". */
static void shares_tell_how_many_samples_it_takes(void **state)
{
	(void)state;
	assert_true(lt_interval_share(0, 735).high > 0.005);
	assert_true(lt_interval_share(0, 736).high <= 0.005);
}

static struct lt_interval of_numbers_to(uint32_t nr, double *median)
{
	uint32_t sorted[200];

	for (uint32_t i = 0; i < nr; i++)
		sorted[i] = i + 1;
	return lt_interval_median(sorted, nr, median);
}

/* Ranks of the 95% interval for the median, as tables of the sign test have them. */
static void medians_match_published_ranks(void **state)
{
	static const struct {
		uint32_t nr, low, high;
	} rows[] = { { 6, 1, 6 }, { 10, 2, 9 }, { 20, 6, 15 }, { 50, 18, 33 }, { 100, 40, 61 } };
	double median;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lt_interval got = of_numbers_to(rows[i].nr, &median);

		assert_near(got.low, rows[i].low, 0);
		assert_near(got.high, rows[i].high, 0);
		assert_near(median, (rows[i].nr + 1) / 2.0, 0);
	}
}

static void medians_of_few_are_as_wide_as_the_sample(void **state)
{
	double median;

	(void)state;
	for (uint32_t nr = 1; nr <= 5; nr++) {
		struct lt_interval got = of_numbers_to(nr, &median);

		assert_near(got.low, 1, 0);
		assert_near(got.high, nr, 0);
	}
	of_numbers_to(3, &median);
	assert_near(median, 2, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_match_a_published_table),
		cmocka_unit_test(shares_end_where_they_must),
		cmocka_unit_test(shares_tell_how_many_samples_it_takes),
		cmocka_unit_test(medians_match_published_ranks),
		cmocka_unit_test(medians_of_few_are_as_wide_as_the_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
