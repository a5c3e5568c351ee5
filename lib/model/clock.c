// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Times of several clocks on one. The log and page_owner are stamped with
 * local_clock(), which comes from a counter that NTP does not slew, and which in
 * suspend stops on some systems and goes on in others (x86: it stops in S3, and goes
 * on in s2idle). Trace clocks "local" and "global" come from the same counter. Where
 * that is not stable, those of two processors may be a timer tick apart, and the kernel
 * itself goes over to "global" at boot.
 */
#include "model/clock.h"

#include <string.h>

#define NS_PER_US 1000u

enum lt_clock_kind lt_clock_kind_of(const char *trace_clock)
{
	if (!trace_clock)
		return LT_CLOCK_UNKNOWN;
	if (!strcmp(trace_clock, "local"))
		return LT_CLOCK_LOG;
	if (!strcmp(trace_clock, "global"))
		return LT_CLOCK_GLOBAL;
	if (!strcmp(trace_clock, "mono"))
		return LT_CLOCK_MONOTONIC;
	return strcmp(trace_clock, "boot") ? LT_CLOCK_UNKNOWN : LT_CLOCK_BOOTTIME;
}

static uint64_t add_ns(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t sub_ns(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* By how much two clocks may have come apart in @ns. */
static uint64_t drift_ns(uint64_t ns)
{
	return ns / (1000000 / LT_CLOCK_DRIFT_PPM) + 1;
}

static bool is_of_the_log(enum lt_clock_kind kind)
{
	return kind == LT_CLOCK_LOG || kind == LT_CLOCK_GLOBAL;
}

/* How much the clock of the log went on, at least and at most, while one of @kind went @age_ns. */
struct ages {
	uint64_t min_ns, max_ns;
};

static struct ages find_ages(uint64_t age_ns, enum lt_clock_kind kind, uint64_t suspended_ns)
{
	struct ages ages = { age_ns, age_ns };

	if (is_of_the_log(kind))
		return ages;
	if (kind != LT_CLOCK_BOOTTIME)
		ages.max_ns = add_ns(age_ns, suspended_ns);
	if (kind != LT_CLOCK_MONOTONIC)
		ages.min_ns = sub_ns(age_ns, suspended_ns);
	ages.min_ns = sub_ns(ages.min_ns, drift_ns(ages.min_ns));
	ages.max_ns = add_ns(ages.max_ns, drift_ns(ages.max_ns));
	return ages;
}

/*
 * Where one point of another clock lies on the log's: @now_ns is when both were read. What
 * is later than the reading is known only of a clock that goes as the log's does.
 */
static struct lt_when find_point(const struct lt_clock_set *clock, uint64_t then_ns,
				 uint64_t now_ns, enum lt_clock_kind kind)
{
	const uint64_t log_ns = clock->log_ns.val;
	const uint64_t error_ns =
		add_ns(clock->error_ns.val, kind == LT_CLOCK_LOG ? 0 : LT_CLOCK_TICK_NS);
	struct lt_when when;
	struct ages ages;

	if (then_ns <= add_ns(now_ns, error_ns)) {
		ages = find_ages(sub_ns(now_ns, then_ns), kind,
				 add_ns(clock->suspended_ns.val, clock->error_ns.val));
		when = lt_when_between(sub_ns(log_ns, ages.max_ns), sub_ns(log_ns, ages.min_ns));
		/* It may be later than @now_ns, by as little as the reading is wrong. */
		return lt_when_widen(when, error_ns, add_ns(error_ns, sub_ns(then_ns, now_ns)));
	}
	if (!is_of_the_log(kind))
		return (struct lt_when){ .earliest_ns = lt_num(sub_ns(log_ns, error_ns)) };
	when = lt_when_at(lt_num(add_ns(log_ns, then_ns - now_ns)));
	return lt_when_widen(when, error_ns, error_ns);
}

static struct lt_when find(const struct lt_clock_set *clock, struct lt_when then, struct lt_num now,
			   enum lt_clock_kind kind)
{
	const bool is_known = clock->log_ns.known && now.known && clock->error_ns.known &&
			      (is_of_the_log(kind) || clock->suspended_ns.known);
	struct lt_when when = { 0 };

	if (is_known && then.earliest_ns.known)
		when.earliest_ns =
			find_point(clock, then.earliest_ns.val, now.val, kind).earliest_ns;
	if (is_known && then.latest_ns.known)
		when.latest_ns = find_point(clock, then.latest_ns.val, now.val, kind).latest_ns;
	return when;
}

struct lt_when lt_clock_of_trace(const struct lt_clock_set *clock, struct lt_when trace)
{
	return find(clock, trace, clock->trace_ns, lt_clock_kind_of(clock->trace_clock));
}

struct lt_when lt_clock_of_monotonic(const struct lt_clock_set *clock, struct lt_when monotonic)
{
	return find(clock, monotonic, clock->monotonic_ns, LT_CLOCK_MONOTONIC);
}

struct lt_when lt_clock_of_boottime(const struct lt_clock_set *clock, struct lt_when boottime)
{
	return find(clock, boottime, clock->boottime_ns, LT_CLOCK_BOOTTIME);
}

struct lt_when lt_clock_of_stamp(uint64_t ts_ns)
{
	return lt_when_between(ts_ns, add_ns(ts_ns, ts_ns % NS_PER_US ? 0 : NS_PER_US - 1));
}

struct lt_num lt_clock_suspended(const struct lt_clock_set *clock)
{
	struct lt_num ns = lt_num_sub(clock->boottime_ns, clock->monotonic_ns);

	if (!clock->boottime_ns.known || !clock->monotonic_ns.known || !clock->error_ns.known)
		return (struct lt_num){ 0 };
	/* The two are one clock until the first suspend: less than the error is none. */
	return lt_num(ns.known && ns.val > clock->error_ns.val ? ns.val : 0);
}
