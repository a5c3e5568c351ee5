/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_HISTORY_CALIBRATION_H
#define TEST_HISTORY_CALIBRATION_H

#include "random.h"
#include "verdict.h"

/* How often statements of each confidence were right, in each stratum of evidence. */

struct c_row {
	unsigned int nr_histories, nr_twins;
	unsigned int nr_right[LT_PROVEN + 1], nr_wrong[LT_PROVEN + 1];
};

struct calibration {
	struct c_row strata[R_NR], kinds[V_NR_KINDS];
};

/* A twin is there to refute what is called proven; chances are those of histories. */
void calibration_add(struct calibration *calibration, enum r_stratum stratum,
		     const struct verdict *verdict, bool is_twin);

void calibration_print(const struct calibration *calibration);

/* Whether what is called proven was true. */
bool calibration_is_proven(const struct calibration *calibration);

/* Whether what is called likely was right in four of five, by its lower 95% bound, wherever there are 100. */
bool calibration_is_likely(const struct calibration *calibration);

#endif
