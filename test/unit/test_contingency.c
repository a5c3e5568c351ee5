// SPDX-License-Identifier: GPL-2.0-or-later
/* The statistics of a 2x2 table against values that others published. */
#include "test.h"

#include <math.h>

#include "analyse/contingency.h"

static void assert_near(double got, double want, double error)
{
	if (fabs(got - want) > error)
		fail_msg("%.9g is not %.9g", got, want);
}

static double p_of(unsigned int a, unsigned int b, unsigned int c, unsigned int d)
{
	return lt_contingency_p(&(struct lt_contingency){ a, b, c, d });
}

static struct lt_odds odds_of(unsigned int a, unsigned int b, unsigned int c, unsigned int d)
{
	struct lt_odds odds;

	assert_true(lt_contingency_odds(&(struct lt_contingency){ a, b, c, d }, &odds));
	return odds;
}

/* Fisher, The Design of Experiments (1935), ch. 2; R's ?fisher.test, "TeaTasting": two-sided
 * 0.4857. */
static void the_lady_tasting_tea(void **state)
{
	(void)state;
	assert_near(p_of(3, 1, 1, 3), 0.4857, 5e-5);
	assert_near(p_of(1, 3, 3, 1), 0.4857, 5e-5);
	assert_near(p_of(4, 0, 0, 4), 2.0 / 70, 1e-9); /* she is right each time, or wrong */
}

/* R's ?fisher.test, "Convictions" (Fisher 1962, like-sex twins of criminals): 0.0005367. */
static void the_convictions_of_twins(void **state)
{
	(void)state;
	assert_near(p_of(2, 10, 15, 3), 0.0005367, 5e-8);
}

/* SciPy's documentation of fisher_exact, whales in two oceans: 0.0349..., odds ratio 20. */
static void the_whales(void **state)
{
	(void)state;
	assert_near(p_of(8, 2, 1, 5), 0.034965034965, 1e-10);
	assert_near(odds_of(8, 2, 1, 5).ratio, 20, 1e-9);
}

/* Agresti, Categorical Data Analysis, table 2.1, aspirin and infarction: 1.83 (1.44, 2.33). */
static void aspirin(void **state)
{
	struct lt_odds odds = odds_of(189, 10845, 104, 10933);

	(void)state;
	assert_near(odds.ratio, 1.83, 0.005);
	assert_near(odds.ci95[0], 1.44, 0.005);
	assert_near(odds.ci95[1], 2.33, 0.005);
}

/* Doll and Hill (1950), men, smoking and carcinoma of the lung: 14.04 (Woolf 3.33 to 59.30). */
static void smokers(void **state)
{
	struct lt_odds odds = odds_of(647, 2, 622, 27);

	(void)state;
	assert_near(odds.ratio, 14.04, 0.005);
	assert_near(odds.ci95[0], 3.33, 0.005);
	assert_near(odds.ci95[1], 59.30, 0.005);
}

/* Haldane (1956), Anscombe (1956): a half in each cell; Woolf (1955): the interval of the
 * logarithm. */
static void an_empty_cell_gets_a_half(void **state)
{
	struct lt_odds odds = odds_of(6, 0, 0, 6);
	double error = 1.959964 * sqrt(2 / 6.5 + 2 / 0.5);

	(void)state;
	assert_near(odds.ratio, 6.5 * 6.5 / (0.5 * 0.5), 1e-9);
	assert_near(log(odds.ci95[0]), log(169) - error, 1e-5);
	assert_near(log(odds.ci95[1]), log(169) + error, 1e-5);
	assert_near(p_of(6, 0, 0, 6), 2.0 / 924, 1e-9); /* 2 of C(12, 6) */
	odds = odds_of(3, 1, 1, 3);			/* and without one there is none */
	assert_near(odds.ratio, 9, 1e-9);
}

static void an_empty_row_or_column_says_nothing(void **state)
{
	static const struct lt_contingency tables[] = {
		{ 7, 0, 0, 0 }, { 3, 4, 0, 0 }, { 0, 0, 3, 4 },
		{ 3, 0, 4, 0 }, { 0, 3, 0, 4 }, { 0 },
	};
	struct lt_odds odds = { .ratio = 5 };

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		assert_false(lt_contingency_odds(&tables[i], &odds));
		assert_near(lt_contingency_p(&tables[i]), 1, 1e-9);
	}
	assert_near(odds.ratio, 5, 0);
}

/* Tables of equal margins share one p between them: the sum over all is 1. */
static void the_probabilities_of_large_tables_hold(void **state)
{
	(void)state;
	assert_near(p_of(5000, 5000, 5000, 5000), 1, 1e-6);
	assert_true(p_of(5000, 0, 0, 5000) < 1e-300);
	assert_near(p_of(100000, 1, 100000, 0), 1, 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lady_tasting_tea),
		cmocka_unit_test(the_convictions_of_twins),
		cmocka_unit_test(the_whales),
		cmocka_unit_test(aspirin),
		cmocka_unit_test(smokers),
		cmocka_unit_test(an_empty_cell_gets_a_half),
		cmocka_unit_test(an_empty_row_or_column_says_nothing),
		cmocka_unit_test(the_probabilities_of_large_tables_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
