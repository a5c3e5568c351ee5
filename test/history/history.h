/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_HISTORY_HISTORY_H
#define TEST_HISTORY_HISTORY_H

#include "calibration.h"
#include "reading.h"

/*
 * Histories by chance, and what a report says of their evidence held against them, and against twins:
 * other truths that leave the very same evidence.
 */

/**
 * struct h_run
 * @spoil:	what a defect makes of what was read; NULL for none
 * @nr_shown:	histories printed because a statement called proven was wrong
 */
struct h_run {
	struct reading reading;
	struct calibration calibration;
	void (*spoil)(struct lt_snapshot *snap);
	unsigned int nr_shown;
};

/* Play @nr histories from @seed on. */
void h_run(struct h_run *run, uint64_t seed, unsigned int nr);

void h_print_script(const struct w_script *script);

/* Run @nr histories for a test, seed and number overridden by HISTORY_SEED and HISTORY_RUNS. */
int h_test(uint64_t seed, unsigned int nr);

#endif
