// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Clopper and Pearson, "The use of confidence or fiducial limits illustrated in
 * the case of the binomial", Biometrika 26 (1934); for the median e.g. Conover,
 * "Practical Nonparametric Statistics", 3.2.
 */
#include "base/interval.h"

#include <math.h>

#define TAIL 0.025 /* on each side */

static double log_probability(double n, double k, double p)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p);
}

/* P(X <= k) of n trials with probability p, 0 < p < 1. */
static double at_most(double k, double n, double p)
{
	double sum = 0;

	for (double i = 0; i <= k; i++)
		sum += exp(log_probability(n, i, p));
	return fmin(sum, 1);
}

/* The p at which P(X <= k) falls to @tail; it falls as p grows. */
static double solve(double k, double n, double tail)
{
	double low = 0, high = 1;

	for (int i = 0; i < 60; i++) {
		double p = (low + high) / 2;

		if (at_most(k, n, p) > tail)
			low = p;
		else
			high = p;
	}
	return (low + high) / 2;
}

struct lt_interval lt_interval_share(uint64_t nr_hits, uint64_t nr_samples)
{
	struct lt_interval interval = { 0, 1 };
	double k = (double)nr_hits, n = (double)nr_samples;

	if (nr_hits) /* P(X >= k) = TAIL */
		interval.low = solve(k - 1, n, 1 - TAIL);
	if (nr_hits < nr_samples)
		interval.high = solve(k, n, TAIL);
	return interval;
}

struct lt_interval lt_interval_median(const uint32_t *sorted, size_t nr, double *median)
{
	double below = 0; /* P(at most so many of the sample lie below the median) */
	size_t cut = 0;	  /* values to leave out on each side */

	for (; cut < nr / 2; cut++) {
		below += exp(log_probability((double)nr, (double)cut, 0.5));
		if (below > TAIL)
			break;
	}
	*median = ((double)sorted[(nr - 1) / 2] + (double)sorted[nr / 2]) / 2;
	if (cut)
		cut--;
	return (struct lt_interval){ sorted[cut], sorted[nr - 1 - cut] };
}
