/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_INTERVAL_H
#define LT_BASE_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

/* A 95% confidence interval, ends included. */
struct lt_interval {
	double low, high;
};

/**
 * lt_interval_share() - of the share that @nr_hits of @nr_samples are an estimate of
 *
 * Clopper-Pearson: made from the binomial distribution itself, so it never
 * claims more than 95%; also for no hits, where it ends at 1 - 0.025^(1/n).
 * Without samples it is 0 to 1.
 */
struct lt_interval lt_interval_share(uint64_t nr_hits, uint64_t nr_samples);

/**
 * lt_interval_median() - of the median of what @sorted is a sample of
 * @sorted: ascending, @nr of them, at least 1
 * @median: set to the median of the sample
 *
 * Between two values of the sample, by the binomial distribution of how many lie
 * below the median: nothing is assumed about how they are distributed. With
 * fewer than 6 it is the whole sample, which then covers less than 95%.
 */
struct lt_interval lt_interval_median(const uint32_t *sorted, size_t nr, double *median);

#endif
