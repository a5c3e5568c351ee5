/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_SELFTEST_SELFTEST_VERDICT_H
#define LT_ACT_SELFTEST_SELFTEST_VERDICT_H

#include "act/selftest/pin_scope.h"
#include "act/selftest/watchdog.h"
#include "model/selftest.h"

/* A test with fewer control pages in CMA than one in this many could not have seen a breach. */
#define LT_POWER_ONE_IN 5

/**
 * lt_case_evaluate() - how a case that came to an end by itself turned out
 *
 * A page that landed is proof whatever the controls did, and a failed pin call
 * is none: but where something holds the page, failing is what keeps the promise.
 */
enum lt_outcome lt_case_evaluate(const struct lt_case *what, const struct lt_case_counts *counts);

/**
 * lt_case_report() - a run of a case as a result
 * @strings: for the words; result strings that are NULL afterwards: out of memory
 */
void lt_case_report(const struct lt_case_setup *setup, enum lt_pin_scope scope,
		    const struct lt_watchdog *watchdog, const struct lt_case_run *run,
		    struct lt_strings *strings, struct lt_case_result *out);

/**
 * lt_selftest_evaluate() - the verdict that the cases come to
 * @selftest: its cases are read; verdict, reason, text and upper_bound_95 set
 *
 * Broken if any page landed or a pin never came back, unless this kernel does
 * not promise otherwise. Unknown if a case that is required had no power, or
 * failed, or if none at all could have seen a breach. Else kept.
 *
 * Other cases need a machine that is set up for them, so what they could not
 * tell changes nothing, and the text says how many these are. Not required:
 * whatever was not named one by one, but the three classic cases. Required
 * whatever it is: a case that had to be killed. A case that cannot run at all,
 * and one that is blind on this kernel, count neither for nor against it.
 */
void lt_selftest_evaluate(struct lt_selftest *selftest, struct lt_strings *strings);

#endif
