// SPDX-License-Identifier: LGPL-2.1-or-later
/* Evaluates the cases of a self-test: each outcome, and the verdict. */
#include "act/selftest/selftest_verdict.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/array_size.h"
#include "base/errno_name.h"

static bool has_power(uint64_t landed, uint64_t faults)
{
	return faults && landed * LT_POWER_ONE_IN >= faults;
}

/* Whether the pin met what it was to meet: memory in its target, the allocation under way. */
static bool is_primed(const struct lt_case *what, const struct lt_case_counts *counts)
{
	const struct lt_situation *situation = what->situation;

	if (situation->needs_target_next &&
	    !has_power(counts->control_landed, counts->control_faults))
		return false;
	if (situation->rival == LT_RIVAL_ALLOCATION &&
	    !has_power(counts->nr_calls_contended, counts->nr_calls))
		return false;
	return !situation->is_resident ||
	       has_power(counts->resident_landed, counts->resident_faults);
}

/* 6.5 and later refuse to write to a file's pages for long; some memory is not for pins at all. */
static bool is_refused(const struct lt_case *what, const struct lt_case_counts *counts)
{
	if (counts->nr_calls != counts->nr_calls_failed)
		return false;
	return counts->call_err == -EOPNOTSUPP ||
	       (counts->call_err == -EFAULT && what->backing == LT_BACKING_FILE &&
		what->flags & LT_PIN_WRITE);
}

enum lt_outcome lt_case_evaluate(const struct lt_case *what, const struct lt_case_counts *counts)
{
	bool is_failed = counts->nr_calls == counts->nr_calls_failed;

	if (counts->nr_landed)
		return LT_OUTCOME_LANDED;
	if (is_refused(what, counts))
		return LT_OUTCOME_SKIPPED;
	if (what->situation->rival == LT_RIVAL_REFERENCE)
		return is_failed && is_primed(what, counts) ? LT_OUTCOME_KEPT : LT_OUTCOME_NO_POWER;
	if (counts->nr_disagreed || is_failed)
		return LT_OUTCOME_FAILED;
	return is_primed(what, counts) ? LT_OUTCOME_KEPT : LT_OUTCOME_NO_POWER;
}

static enum lt_outcome evaluate_run(const struct lt_case *what, const struct lt_watchdog *watchdog,
				    const struct lt_case_run *run)
{
	if (watchdog->end == LT_WATCHDOG_LIVELOCK)
		return LT_OUTCOME_LIVELOCK;
	if (run->counts.nr_landed)
		return LT_OUTCOME_LANDED;
	if (watchdog->end == LT_WATCHDOG_DONE && run->err == -EOPNOTSUPP)
		return LT_OUTCOME_SKIPPED;
	if (watchdog->end != LT_WATCHDOG_DONE || run->err)
		return LT_OUTCOME_FAILED;
	return lt_case_evaluate(what, &run->counts);
}

/*
 * Up to 5.12 a pin looks at CMA alone, and only at what the pageblock says of it;
 * what happens if a page cannot be moved differs between stable releases.
 */
static bool is_promised(const struct lt_case *what, enum lt_pin_scope scope)
{
	const struct lt_situation *situation = what->situation;

	return scope == LT_SCOPE_UNMOVABLE ||
	       (situation->target == LT_TARGET_CMA && situation->rival == LT_RIVAL_NONE);
}

static const char *promise_of(const struct lt_case *what, enum lt_pin_scope scope)
{
	if (!is_promised(what, scope)) {
		if (what->situation->target == LT_TARGET_MOVABLE)
			return "none: a long-term pin may stay in ZONE_MOVABLE";
		if (what->situation->rival == LT_RIVAL_ALLOCATION)
			return "none: a CMA pageblock that is isolated is taken for another";
		return "none: a page that cannot be moved may be pinned where it is";
	}
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
 * Huge pages are asked for as movable ones all the same, and the scope alone
 * keeps these out of CMA.
 */
static bool is_blind(const struct lt_case *what, enum lt_pin_scope scope)
{
	return !what->situation->is_resident && scope == LT_SCOPE_UNMOVABLE &&
	       what->backing != LT_BACKING_THP;
}

/* What a case that saw nothing could have seen. */
static const char *power_of(const struct lt_case *what, enum lt_pin_scope scope,
			    struct lt_strings *strings)
{
	if (is_blind(what, scope))
		return "no power against the bug of v5.9: pins allocate unmovable pages here, and "
		       "the per-CPU list of these holds none of CMA";
	if (what->situation->rival == LT_RIVAL_REFERENCE)
		return lt_strings_format(strings, "every pin failed, as it has to; would show %s",
					 what->situation->breach);
	return lt_strings_format(strings, "would show %s",
				 what->nr_threads > 1 && what->situation->is_resident
					 ? "a pin that accepts pages which another task is still "
					   "moving"
					 : what->situation->breach);
}

static const char *why_failed(const struct lt_watchdog *watchdog, const struct lt_case_run *run,
			      struct lt_strings *strings)
{
	const char *name;

	switch (watchdog->end) {
	case LT_WATCHDOG_DIED:
		return "the process that pinned was killed by somebody else";
	case LT_WATCHDOG_TIMEOUT:
		return "not done in time, without the signs of a livelock; killed";
	case LT_WATCHDOG_STOPPED:
		return "interrupted";
	default:
		break;
	}
	if (run->err)
		return lt_strings_format(strings, "%s",
					 run->diag.why[0] ? run->diag.why : strerror(-run->err));
	if (run->counts.nr_disagreed)
		return "the PFNs that were pinned are not the ones that pagemap shows";
	name = lt_errno_name(-run->counts.call_err);
	return lt_strings_format(strings, "every pin call failed, the last with %s",
				 name ? name : strerror(-run->counts.call_err));
}

static const char *why_no_power(const struct lt_case *what, const struct lt_case_counts *counts,
				struct lt_strings *strings)
{
	const struct lt_situation *situation = what->situation;
	const char *where = situation->target == LT_TARGET_CMA ? "CMA" : "ZONE_MOVABLE";
	bool is_huge = what->backing == LT_BACKING_THP || what->backing == LT_BACKING_HUGETLB;
	const char *hint =
		is_huge && situation->target == LT_TARGET_CMA
			? " (huge pages come from there if it is more than half of the free memory)"
			: "";

	if (situation->is_resident && !has_power(counts->resident_landed, counts->resident_faults))
		return lt_strings_format(strings,
					 "too few pages of the buffer lay in %s before "
					 "the pin: it could not have seen a breach%s",
					 where, hint);
	if (situation->needs_target_next &&
	    !has_power(counts->control_landed, counts->control_faults))
		return lt_strings_format(strings,
					 "too few of the unpinned control pages came "
					 "from %s: it could not have seen a breach%s",
					 where, hint);
	if (situation->rival == LT_RIVAL_ALLOCATION)
		return "too few pins met the allocation: it could not have seen a breach";
	return "the page left CMA although it was held: it could not have seen a breach";
}

static const char *why_refused(const struct lt_case_run *run)
{
	if (run->err)
		return run->diag.why;
	return run->counts.call_err == -EFAULT
		       ? "this kernel does not let a long-term pin write to the pages of a file"
		       : "this kernel does not pin such memory";
}

static const char *how_it_ended(const struct lt_watchdog *watchdog, struct lt_strings *strings)
{
	if (watchdog->is_alive)
		return "it does not end even on SIGKILL: restart this machine";
	if (watchdog->nr_stuck.known && watchdog->nr_stuck.val)
		return lt_strings_format(strings, "killed, but %" PRIu64 " pages stay pinned",
					 watchdog->nr_stuck.val);
	return watchdog->nr_stuck.known ? "killed, and nothing stays pinned" : "killed";
}

static const char *detail_of(enum lt_outcome outcome, const struct lt_case_setup *setup,
			     enum lt_pin_scope scope, const struct lt_watchdog *watchdog,
			     const struct lt_case_run *run, struct lt_strings *strings)
{
	switch (outcome) {
	case LT_OUTCOME_LIVELOCK:
		return lt_strings_format(strings,
					 "a pin never returned: pages went from CMA to CMA while "
					 "the kernel counted pins; %s",
					 how_it_ended(watchdog, strings));
	case LT_OUTCOME_FAILED:
		return why_failed(watchdog, run, strings);
	case LT_OUTCOME_NO_POWER:
		if (setup->is_hidden)
			return "every pin returned, but where its pages lay is hidden from this "
			       "user: run it as root (CAP_SYS_ADMIN)";
		return why_no_power(setup->what, &run->counts, strings);
	case LT_OUTCOME_SKIPPED:
		return lt_strings_format(strings, "%s", why_refused(run));
	case LT_OUTCOME_LANDED:
		return lt_strings_format(
			strings, "pages of successful long-term pins lie in %s%s",
			setup->what->situation->target == LT_TARGET_CMA ? "CMA" : "ZONE_MOVABLE",
			is_promised(setup->what, scope) ? ""
							: ", which this kernel does not rule out");
	default:
		return power_of(setup->what, scope, strings);
	}
}

void lt_case_report(const struct lt_case_setup *setup, enum lt_pin_scope scope,
		    const struct lt_watchdog *watchdog, const struct lt_case_run *run,
		    struct lt_strings *strings, struct lt_case_result *out)
{
	const struct lt_case_counts *counts = &run->counts;
	enum lt_outcome outcome = evaluate_run(setup->what, watchdog, run);

	*out = (struct lt_case_result){
		.name = lt_strings_format(strings, "%s", setup->what->name),
		.promise = promise_of(setup->what, scope),
		.detail = detail_of(outcome, setup, scope, watchdog, run, strings),
		.nr_pinned = lt_num(counts->nr_pinned),
		.nr_landed = lt_num(counts->nr_landed),
		.nr_calls = lt_num(counts->nr_calls),
		.nr_calls_failed = lt_num(counts->nr_calls_failed),
		.control_faults = lt_num(counts->control_faults),
		.control_landed = lt_num(counts->control_landed),
		.elapsed_ms = lt_num(watchdog->elapsed_ms),
		.outcome = outcome,
		.is_promised = lt_num(is_promised(setup->what, scope)),
		.is_required = setup->what->is_required || watchdog->end != LT_WATCHDOG_DONE,
	};
	if (setup->is_hidden)
		out->nr_landed = out->control_landed = (struct lt_num){ 0 };
	if (counts->call_err)
		out->call_errno = lt_num((uint64_t)-counts->call_err);
	if (outcome == LT_OUTCOME_KEPT)
		out->could_catch = lt_num(!is_blind(setup->what, scope));
}

/* Whether @result is a case that saw no breach of a promise and could have. */
static bool is_conclusive(const struct lt_case_result *result)
{
	return result->outcome == LT_OUTCOME_KEPT &&
	       (!result->could_catch.known || result->could_catch.val) &&
	       (!result->is_promised.known || result->is_promised.val);
}

static bool is_open(const struct lt_case_result *result)
{
	return result->is_required &&
	       (result->outcome == LT_OUTCOME_FAILED || result->outcome == LT_OUTCOME_NO_POWER);
}

static bool is_any(const struct lt_case_result *result)
{
	(void)result;
	return true;
}

/*
 * The case that decides: a breach, else one that had to tell and did not, else
 * one that kept the promise, else whatever there is, of which the most telling
 * comes first.
 */
static const struct lt_case_result *deciding_case(const struct lt_selftest *selftest)
{
	static bool (*const tests[])(const struct lt_case_result *result) = {
		lt_case_result_is_breach,
		is_open,
		is_conclusive,
		is_any,
	};
	static const enum lt_outcome order[] = {
		LT_OUTCOME_LANDED,   LT_OUTCOME_LIVELOCK, LT_OUTCOME_FAILED,
		LT_OUTCOME_NO_POWER, LT_OUTCOME_KEPT,	  LT_OUTCOME_SKIPPED,
	};

	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		for (size_t j = 0; j < ARRAY_SIZE(order); j++)
			lt_vec_each(result, &selftest->cases)
				if (tests[i](result) && result->outcome == order[j])
					return result;
	return NULL;
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
				 " of %" PRIu64 " pages of long-term pins were where none may stay",
				 result->name, result->nr_landed.val, result->nr_pinned.val);
}

static size_t count_outcome(const struct lt_selftest *selftest, enum lt_outcome outcome)
{
	size_t nr = 0;

	lt_vec_each(result, &selftest->cases)
		nr += result->outcome == outcome;
	return nr;
}

static const char *word_kept(const struct lt_selftest *selftest, uint64_t nr_calls,
			     struct lt_strings *strings)
{
	size_t nr_silent = count_outcome(selftest, LT_OUTCOME_NO_POWER) +
			   count_outcome(selftest, LT_OUTCOME_FAILED);
	uint64_t nr_pinned = 0;
	const char *silent = "";

	lt_vec_each(result, &selftest->cases)
		nr_pinned += is_conclusive(result) ? result->nr_pinned.val : 0;
	if (nr_silent)
		silent = lt_strings_format(strings, "; %zu of %zu cases could not tell", nr_silent,
					   selftest->cases.nr);
	return lt_strings_format(
		strings,
		"this kernel keeps its promise: none of %" PRIu64 " pages of %" PRIu64
		" long-term pins was in CMA%s%s",
		nr_pinned, nr_calls, silent ? silent : "",
		count_outcome(selftest, LT_OUTCOME_SKIPPED) ? "; not every case could run" : "");
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
 * With none seen in n, the rate is below 3/n at 95% (the rule of three). Where
 * every call failed and the promise is kept, that was what it takes.
 */
static uint64_t count_calls(const struct lt_selftest *selftest)
{
	uint64_t nr = 0;

	lt_vec_each(result, &selftest->cases) {
		uint64_t done = result->nr_calls.val - result->nr_calls_failed.val;

		if (is_conclusive(result))
			nr += done ? done : result->nr_calls.val;
	}
	return nr;
}

void lt_selftest_evaluate(struct lt_selftest *selftest, struct lt_strings *strings)
{
	const struct lt_case_result *result = deciding_case(selftest);
	uint64_t nr_calls = count_calls(selftest);

	selftest->verdict = LT_VERDICT_UNKNOWN;
	selftest->upper_bound_95 = -1;
	selftest->reason = result ? result->outcome : LT_OUTCOME_SKIPPED;
	if (result && lt_case_result_is_breach(result)) {
		selftest->verdict = LT_VERDICT_BROKEN;
		selftest->text = word_broken(result, strings);
		return;
	}
	if (result && is_conclusive(result)) {
		selftest->verdict = LT_VERDICT_KEPT;
		selftest->text = word_kept(selftest, nr_calls, strings);
		selftest->upper_bound_95 = nr_calls > 3 ? 3.0 / (double)nr_calls : 1;
		return;
	}
	/* What is blind here, or not promised, has no power whatever came of it. */
	if (selftest->reason == LT_OUTCOME_KEPT || selftest->reason == LT_OUTCOME_LANDED)
		selftest->reason = LT_OUTCOME_NO_POWER;
	selftest->text = word_unknown(result, strings);
}
