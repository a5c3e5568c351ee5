// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts how often each confidence was right. */
#include "calibration.h"

#include <math.h>
#include <stdio.h>

static void add(struct c_row *row, const struct v_statement *statement)
{
	(statement->is_true ? row->nr_right : row->nr_wrong)[statement->confidence]++;
}

void calibration_add(struct calibration *calibration, enum r_stratum stratum,
		     const struct verdict *verdict, bool is_twin)
{
	struct c_row *row = &calibration->strata[stratum];

	*(is_twin ? &row->nr_twins : &row->nr_histories) += 1;
	for (size_t i = 0; i < verdict->nr; i++) {
		if (is_twin && verdict->v[i].confidence != LT_PROVEN)
			continue;
		add(row, &verdict->v[i]);
		add(&calibration->kinds[verdict->v[i].kind], &verdict->v[i]);
	}
}

/* The lower end of Wilson's interval at 95%. */
static double lower_bound(unsigned int right, unsigned int all)
{
	const double z = 1.96, n = all, p = all ? right / n : 0;

	if (!all)
		return 0;
	return (p + z * z / (2 * n) - z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) /
	       (1 + z * z / n);
}

static double bound_of(const struct c_row *row)
{
	return lower_bound(row->nr_right[LT_LIKELY],
			   row->nr_right[LT_LIKELY] + row->nr_wrong[LT_LIKELY]);
}

static void print_row(const char *name, const struct c_row *row)
{
	printf("# %-22s %9u %7u %8u %6u %7u %6u  %.3f %6u %6u\n", name, row->nr_histories,
	       row->nr_twins, row->nr_right[LT_PROVEN], row->nr_wrong[LT_PROVEN],
	       row->nr_right[LT_LIKELY], row->nr_wrong[LT_LIKELY], bound_of(row),
	       row->nr_right[LT_HINT], row->nr_wrong[LT_HINT]);
}

void calibration_print(const struct calibration *calibration)
{
	printf("# %-22s %9s %7s %8s %6s %7s %6s  %s %6s %6s\n", "evidence", "histories", "twins",
	       "proven", "wrong", "likely", "wrong", "bound", "hint", "wrong");
	for (int i = 0; i < R_NR; i++)
		print_row(r_stratum_names[i], &calibration->strata[i]);
	printf("# of these, statements on\n");
	for (int i = 0; i < V_NR_KINDS; i++)
		print_row(v_kind_names[i], &calibration->kinds[i]);
}

bool calibration_is_proven(const struct calibration *calibration)
{
	for (int i = 0; i < R_NR; i++)
		if (calibration->strata[i].nr_wrong[LT_PROVEN])
			return false;
	return true;
}

bool calibration_is_likely(const struct calibration *calibration)
{
	for (int i = 0; i < R_NR; i++) {
		const struct c_row *row = &calibration->strata[i];

		if (row->nr_right[LT_LIKELY] + row->nr_wrong[LT_LIKELY] >= 100 &&
		    bound_of(row) < 0.8)
			return false;
	}
	return true;
}
