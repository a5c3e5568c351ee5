// SPDX-License-Identifier: LGPL-2.1-or-later
#include "act/selftest_verdict.h"

#include <inttypes.h>
#include <string.h>

#include "base/errno_name.h"

static bool has_power(uint64_t landed, uint64_t faults)
{
	return faults && landed * LT_POWER_ONE_IN >= faults;
}

enum lt_outcome lt_case_judge(const struct lt_case_counts *counts)
{
	if (counts->nr_landed)
		return LT_OUTCOME_LANDED;
	if (counts->nr_disagreed || counts->nr_calls == counts->nr_calls_failed)
		return LT_OUTCOME_FAILED;
	if (!has_power(counts->control_landed, counts->control_faults) ||
	    (counts->resident_faults &&
	     !has_power(counts->resident_landed, counts->resident_faults)))
		return LT_OUTCOME_NO_POWER;
	return LT_OUTCOME_KEPT;
}

static enum lt_outcome judge_run(const struct lt_watch *watch, const struct lt_case_run *run)
{
	if (watch->end == LT_WATCH_LIVELOCK)
		return LT_OUTCOME_LIVELOCK;
	if (run->counts.nr_landed)
		return LT_OUTCOME_LANDED;
	if (watch->end != LT_WATCH_DONE || run->err)
		return LT_OUTCOME_FAILED;
	return lt_case_judge(&run->counts);
}

static const char *promise_of(enum lt_pin_scope scope)
{
	switch (scope) {
	case LT_SCOPE_NO_CMA:
		return "a long-term pin never stays on a CMA page (in ZONE_MOVABLE it may)";
	case LT_SCOPE_UNMOVABLE:
		return "a long-term pin never stays on a page in CMA or ZONE_MOVABLE";
	case LT_SCOPE_UNKNOWN:
		break;
	}
	return "a long-term pin never stays on a CMA page";
}

/*
 * A pin of fresh memory takes what the scope allocates. Where that is never a
 * movable page, the per-CPU list that holds CMA pages is not even looked at.
 */
static bool is_blind(const struct lt_case *what, enum lt_pin_scope scope)
{
	return !what->is_resident && scope == LT_SCOPE_UNMOVABLE;
}

/* What a case that saw nothing could have seen. */
static const char *power_of(const struct lt_case *what, enum lt_pin_scope scope,
			    struct lt_strings *strings)
{
	if (is_blind(what, scope))
		return "no power against the bug of v5.9: pins allocate unmovable pages here, and "
		       "the per-CPU list of these holds none of CMA";
	return lt_strings_format(strings, "would show %s", what->breach);
}

static const char *why_failed(const struct lt_watch *watch, const struct lt_case_run *run,
			      struct lt_strings *strings)
{
	const char *name;

	switch (watch->end) {
	case LT_WATCH_DIED:
		return "the process that pinned was killed by somebody else";
	case LT_WATCH_TIMEOUT:
		return "not done in time, without the signs of a livelock; killed";
	case LT_WATCH_STOPPED:
		return "interrupted";
	default:
		break;
	}
	if (run->err)
		return lt_strings_format(strings, "%s", run->diag.why[0] ? run->diag.why :
								   strerror(-run->err));
	if (run->counts.nr_disagreed)
		return "the PFNs that were pinned are not the ones that pagemap shows";
	name = lt_errno_name(-run->counts.call_err);
	return lt_strings_format(strings, "every pin call failed, the last with %s",
				 name ? name : strerror(-run->counts.call_err));
}

static const char *why_no_power(const struct lt_case_counts *counts)
{
	if (!has_power(counts->control_landed, counts->control_faults))
		return "too few of the unpinned control pages came from CMA: "
		       "it could not have seen a breach";
	return "too few pages of the buffer lay in CMA before the pin: "
	       "it could not have seen a breach";
}

static const char *how_it_ended(const struct lt_watch *watch, struct lt_strings *strings)
{
	if (watch->is_alive)
		return "it does not end even on SIGKILL: restart this machine";
	if (watch->nr_stuck.known && watch->nr_stuck.val)
		return lt_strings_format(strings, "killed, but %" PRIu64 " pages stay pinned",
					 watch->nr_stuck.val);
	return watch->nr_stuck.known ? "killed, and nothing stays pinned" : "killed";
}

static const char *detail_of(enum lt_outcome outcome, const struct lt_case_setup *setup,
			     enum lt_pin_scope scope, const struct lt_watch *watch,
			     const struct lt_case_run *run, struct lt_strings *strings)
{
	switch (outcome) {
	case LT_OUTCOME_LIVELOCK:
		return lt_strings_format(strings,
					 "a pin never returned: pages went from CMA to CMA while "
					 "the kernel counted pins; %s",
					 how_it_ended(watch, strings));
	case LT_OUTCOME_FAILED:
		return why_failed(watch, run, strings);
	case LT_OUTCOME_NO_POWER:
		return why_no_power(&run->counts);
	case LT_OUTCOME_LANDED:
		return "pages of successful long-term pins lie in CMA";
	default:
		return power_of(setup->what, scope, strings);
	}
}

void lt_case_report(const struct lt_case_setup *setup, enum lt_pin_scope scope,
		    const struct lt_watch *watch, const struct lt_case_run *run,
		    struct lt_strings *strings, struct lt_case_result *out)
{
	const struct lt_case_counts *counts = &run->counts;
	enum lt_outcome outcome = judge_run(watch, run);

	*out = (struct lt_case_result){
		.name = setup->what->name,
		.promise = promise_of(scope),
		.detail = detail_of(outcome, setup, scope, watch, run, strings),
		.nr_pinned = lt_num(counts->nr_pinned),
		.nr_landed = lt_num(counts->nr_landed),
		.nr_calls = lt_num(counts->nr_calls),
		.nr_calls_failed = lt_num(counts->nr_calls_failed),
		.control_faults = lt_num(counts->control_faults),
		.control_landed = lt_num(counts->control_landed),
		.elapsed_ms = lt_num(watch->elapsed_ms),
		.outcome = outcome,
	};
	if (outcome == LT_OUTCOME_KEPT)
		out->could_catch = lt_num(!is_blind(setup->what, scope));
}

/* Whether @result is a case that saw no breach and could have. */
static bool is_telling(const struct lt_case_result *result)
{
	return result->outcome == LT_OUTCOME_KEPT &&
	       (!result->could_catch.known || result->could_catch.val);
}

/* The first case with @outcome, or NULL. */
static const struct lt_case_result *find_outcome(const struct lt_selftest *selftest,
						 enum lt_outcome outcome)
{
	lt_vec_each(result, &selftest->cases)
		if (result->outcome == outcome)
			return result;
	return NULL;
}

/*
 * The case that decides, most telling first. A case that could not run says
 * nothing against the others.
 */
static const struct lt_case_result *deciding_case(const struct lt_selftest *selftest)
{
	static const enum lt_outcome order[] = {
		LT_OUTCOME_LANDED,   LT_OUTCOME_LIVELOCK, LT_OUTCOME_FAILED,
		LT_OUTCOME_NO_POWER, LT_OUTCOME_KEPT,	  LT_OUTCOME_SKIPPED,
	};
	const struct lt_case_result *found = NULL;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && !found; i++)
		found = find_outcome(selftest, order[i]);
	return found;
}

static const char *word_broken(const struct lt_case_result *result, struct lt_strings *strings)
{
	if (result->outcome == LT_OUTCOME_LIVELOCK)
		return lt_strings_format(strings,
					 "this kernel breaks its promise: in case \"%s\" a "
					 "long-term pin never returned, its pages went from CMA "
					 "to CMA",
					 result->name);
	return lt_strings_format(strings,
				 "this kernel breaks its promise: in case \"%s\" %" PRIu64
				 " of %" PRIu64 " pages of long-term pins were in CMA",
				 result->name, result->nr_landed.val, result->nr_pinned.val);
}

static const char *word_kept(const struct lt_selftest *selftest, uint64_t nr_calls,
			     struct lt_strings *strings)
{
	uint64_t nr_pinned = 0;

	lt_vec_each(result, &selftest->cases)
		nr_pinned += is_telling(result) ? result->nr_pinned.val : 0;
	return lt_strings_format(strings,
				 "this kernel keeps its promise: none of %" PRIu64 " pages of %"
				 PRIu64 " long-term pins was in CMA%s", nr_pinned, nr_calls,
				 find_outcome(selftest, LT_OUTCOME_SKIPPED) ?
					 "; not every case could run" : "");
}

static const char *word_unknown(const struct lt_case_result *result, struct lt_strings *strings)
{
	if (!result || !result->detail)
		return "could not tell: no case ran";
	if (result->outcome == LT_OUTCOME_SKIPPED)
		return lt_strings_format(strings, "could not tell: %s", result->detail);
	return lt_strings_format(strings, "could not tell: in case \"%s\" %s", result->name,
				 result->detail);
}

/*
 * Calls that could have shown a breach; pages of one call are not independent.
 * With none seen in n, the rate is below 3/n at 95% (the rule of three).
 */
static uint64_t count_calls(const struct lt_selftest *selftest)
{
	uint64_t nr = 0;

	lt_vec_each(result, &selftest->cases)
		if (is_telling(result))
			nr += result->nr_calls.val - result->nr_calls_failed.val;
	return nr;
}

void lt_selftest_judge(struct lt_selftest *selftest, struct lt_strings *strings)
{
	const struct lt_case_result *result = deciding_case(selftest);
	uint64_t nr_calls = count_calls(selftest);

	selftest->verdict = LT_VERDICT_UNKNOWN;
	selftest->upper_bound_95 = -1;
	selftest->reason = result ? result->outcome : LT_OUTCOME_SKIPPED;
	switch (selftest->reason) {
	case LT_OUTCOME_LANDED:
	case LT_OUTCOME_LIVELOCK:
		selftest->verdict = LT_VERDICT_BROKEN;
		selftest->text = word_broken(result, strings);
		break;
	case LT_OUTCOME_KEPT:
		if (!nr_calls) { /* every case that ran was blind */
			selftest->reason = LT_OUTCOME_NO_POWER;
			selftest->text = word_unknown(result, strings);
			break;
		}
		selftest->verdict = LT_VERDICT_KEPT;
		selftest->text = word_kept(selftest, nr_calls, strings);
		selftest->upper_bound_95 = nr_calls > 3 ? 3.0 / (double)nr_calls : 1;
		break;
	default:
		selftest->text = word_unknown(result, strings);
	}
}
