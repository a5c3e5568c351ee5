// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Times of several sources on one clock.
 *
 * The kernel log and page_owner read local_clock(). A trace shows the clock of its instance, "local"
 * unless somebody chose another: the same counter, but where that is not stable the kernel corrects
 * the log's alone, and they come apart by seconds. So the two are compared by their readings.
 */
#include "analyse/moment.h"

static bool is_measured(const struct lt_clock_set *clock)
{
	return clock->log_ns.known && clock->trace_ns.known && clock->error_ns.known;
}

/* Every end that is known. */
static struct lt_when widen_by_tick(struct lt_when when)
{
	struct lt_when wide = lt_when_widen(when, LT_CLOCK_TICK_NS, LT_CLOCK_TICK_NS);

	if (!when.earliest_ns.known)
		wide.earliest_ns.known = false;
	if (!when.latest_ns.known)
		wide.latest_ns.known = false;
	return wide;
}

static struct lt_when of_log(const struct lt_clock_set *clock, struct lt_when when)
{
	if (!clock->error_ns.known)
		return widen_by_tick(when);
	if (when.latest_ns.known)
		when.latest_ns = lt_clock_of_stamp(when.latest_ns.val).latest_ns;
	return when;
}

struct lt_when lt_moment(const struct lt_clock_set *clock, enum lt_attempt_source source,
			 struct lt_when when)
{
	const enum lt_clock_kind kind = lt_clock_kind_of(clock->trace_clock);
	const bool is_local = kind == LT_CLOCK_LOG || !clock->trace_clock;

	if (source == LT_ATTEMPT_LOG)
		return of_log(clock, when);
	/* `ltpin alloc` has an instance of its own, whose clock is "local". */
	if (source == LT_ATTEMPT_ALLOC && !is_local)
		return widen_by_tick(when);
	if (is_measured(clock))
		return lt_clock_of_trace(clock, when);
	return is_local || kind == LT_CLOCK_GLOBAL ? widen_by_tick(when) : (struct lt_when){ 0 };
}

static struct lt_when moment_of_attempt(const struct lt_attempt *attempt)
{
	struct lt_when when = { attempt->ts_ns, lt_attempt_last_ns(attempt) };

	if (attempt->latency_ns.known && when.latest_ns.known &&
	    __builtin_add_overflow(when.latest_ns.val, attempt->latency_ns.val,
				   &when.latest_ns.val))
		when.latest_ns.known = false;
	return when;
}

struct lt_when lt_moment_of_try(const struct lt_attempt *attempt, const struct lt_try *tried)
{
	return tried->ts_ns.known ? lt_when_at(tried->ts_ns) : moment_of_attempt(attempt);
}
