// SPDX-License-Identifier: LGPL-2.1-or-later
/* Computes odds ratio, interval and exact p of a 2x2 table. */
#include "analyse/contingency.h"

#include <math.h>

/* Of the normal distribution: 2.5% lie above. */
#define Z_975 1.959963984540054

void lt_contingency_count(struct lt_contingency *table, bool failed, bool pinned)
{
	unsigned int *cell = failed   ? pinned ? &table->pinned_failed : &table->clean_failed
			     : pinned ? &table->pinned_ok
				      : &table->clean_ok;

	(*cell)++;
}

bool lt_contingency_odds(const struct lt_contingency *table, struct lt_odds *out)
{
	double a = table->pinned_failed, b = table->pinned_ok;
	double c = table->clean_failed, d = table->clean_ok;
	double error;

	if (a + b == 0 || c + d == 0 || a + c == 0 || b + d == 0)
		return false;
	if (a == 0 || b == 0 || c == 0 || d == 0) {
		a += 0.5;
		b += 0.5;
		c += 0.5;
		d += 0.5;
	}
	out->ratio = a * d / (b * c);
	error = Z_975 * sqrt(1 / a + 1 / b + 1 / c + 1 / d);
	out->ci95[0] = exp(log(out->ratio) - error);
	out->ci95[1] = exp(log(out->ratio) + error);
	return true;
}

/* log of the hypergeometric probability of @a in the table with these margins */
static double log_probability(double a, double row1, double row2, double col1)
{
	double all = row1 + row2;

	return lgamma(row1 + 1) - lgamma(a + 1) - lgamma(row1 - a + 1) + lgamma(row2 + 1) -
	       lgamma(col1 - a + 1) - lgamma(row2 - col1 + a + 1) - lgamma(all + 1) +
	       lgamma(col1 + 1) + lgamma(all - col1 + 1);
}

double lt_contingency_p(const struct lt_contingency *table)
{
	double a = table->pinned_failed;
	double row1 = a + table->pinned_ok;
	double row2 = (double)table->clean_failed + table->clean_ok;
	double col1 = a + table->clean_failed;
	double seen = log_probability(a, row1, row2, col1), sum = 0;
	double least = fmax(0, col1 - row2), most = fmin(row1, col1);

	for (double x = least; x <= most; x++) {
		double p = log_probability(x, row1, row2, col1);

		if (p <= seen + 1e-7) /* equal, but for rounding */
			sum += exp(p);
	}
	return fmin(sum, 1);
}
