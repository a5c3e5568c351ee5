/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_VERDICT_H
#define LT_ACT_SELFTEST_VERDICT_H

#include "act/selftest_watch.h"
#include "model/selftest.h"

/* A test with fewer control pages in CMA than one in this many could not have seen a breach. */
#define LT_POWER_ONE_IN 5

/* Where a pin allocates the pages that it needs. */
enum lt_pin_scope {
	LT_SCOPE_UNKNOWN,
	LT_SCOPE_NO_CMA,    /* movable pages outside CMA (up to 5.12) */
	LT_SCOPE_UNMOVABLE, /* pages that are not movable (5.13 and later) */
};

/**
 * lt_case_judge() - how a case that came to an end by itself turned out
 *
 * A page that landed is proof whatever the controls did, and a failed pin call
 * is none.
 */
enum lt_outcome lt_case_judge(const struct lt_case_counts *counts);

/**
 * lt_case_report() - a run of a case as a result
 * @strings: for the words; result strings that are NULL afterwards: out of memory
 */
void lt_case_report(const struct lt_case_setup *setup, enum lt_pin_scope scope,
		    const struct lt_watch *watch, const struct lt_case_run *run,
		    struct lt_strings *strings, struct lt_case_result *out);

/**
 * lt_selftest_judge() - the verdict that the cases come to
 * @selftest: its cases are read; verdict, reason, text and upper_bound_95 set
 *
 * Broken if any page landed or a pin never came back; kept if every case that
 * could run had the power to see a breach, and saw none; else unknown. Cases
 * that are blind on this kernel count neither for nor against it.
 */
void lt_selftest_judge(struct lt_selftest *selftest, struct lt_strings *strings);

#endif
