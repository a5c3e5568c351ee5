// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whether every failure since boot is on record.
 *
 * vmstat counts the calls that failed (6.1 and later), sysfs the pages that each area refused: both
 * from boot on, also those that asked for no message (__GFP_NOWARN). Where they are missing, or were
 * not read, records tell: the log is overwritten from its begin on, can be cleared, is
 * rate-limited, and may say itself that messages are missing; a trace begins when somebody switches it on.
 */
#include "model/completeness.h"

/* Each source on its own: one call may be reported by several, and not be known as one. */
static struct lt_completeness count(const struct lt_snapshot *snap, size_t area)
{
	struct lt_completeness all = { .nr_failed = lt_num(0), .nr_pages = lt_num(0) };

	for (enum lt_attempt_source s = LT_ATTEMPT_LOG; s <= LT_ATTEMPT_ALLOC; s++) {
		uint64_t nr = 0, nr_pages = 0;

		lt_vec_each(attempt, &snap->attempts) {
			if (!attempt->failed || (area != LT_NO_AREA && attempt->area != area) ||
			    (s != attempt->source && !(attempt->also & (1u << s))))
				continue;
			nr += attempt->count;
			nr_pages += attempt->count * attempt->nr_pages.val;
		}
		if (nr > all.nr_failed.val)
			all = (struct lt_completeness){ lt_num(nr), lt_num(nr_pages), false,
							false };
	}
	return all;
}

struct lt_num lt_completeness_nr_refused(const struct lt_snapshot *snap)
{
	struct lt_num nr = { 0 };

	lt_vec_each(area, &snap->areas) {
		if (!area->counters.alloc_fail.known)
			continue;
		nr.known = true;
		if (__builtin_add_overflow(nr.val, area->counters.alloc_fail.val, &nr.val))
			nr.val = UINT64_MAX;
	}
	return nr;
}

static bool is_clock_of_log(const struct lt_snapshot *snap, const struct lt_record *record)
{
	enum lt_clock_kind kind = lt_clock_kind_of(snap->clock.trace_clock);

	return record->source == LT_ATTEMPT_LOG || !snap->clock.trace_clock ||
	       kind == LT_CLOCK_LOG || kind == LT_CLOCK_GLOBAL;
}

/* Nothing known to be missing in it; only a log is known to be whole without a count. */
static bool is_whole(const struct lt_snapshot *snap, const struct lt_record *record)
{
	if (!record->failures || !record->from_ns.known || !is_clock_of_log(snap, record))
		return false;
	if (record->source == LT_ATTEMPT_LOG && snap->log.first_gap.known)
		return false;
	if (record->nr_lost.known)
		return !record->nr_lost.val;
	return record->source == LT_ATTEMPT_LOG;
}

/* From when to when, by the log's clock: as late and as early as it may be where clocks differ. */
static struct lt_record on_clock_of_log(const struct lt_snapshot *snap,
					const struct lt_record *record)
{
	struct lt_record on_log = *record;
	struct lt_when from, to;

	if (record->source != LT_ATTEMPT_TRACE)
		return on_log;
	from = lt_clock_of_trace(&snap->clock, lt_when_at(record->from_ns));
	to = lt_clock_of_trace(&snap->clock, lt_when_at(record->to_ns));
	if (from.latest_ns.known)
		on_log.from_ns = from.latest_ns;
	if (to.earliest_ns.known)
		on_log.to_ns = to.earliest_ns;
	return on_log;
}

/* Up to when records have every failure since boot: 0 if there is none that begins there. */
static uint64_t covered_ns(const struct lt_snapshot *snap)
{
	uint64_t end_ns = 0, before_ns;

	do {
		before_ns = end_ns;
		lt_vec_each(record, &snap->records) {
			const struct lt_record on_log = on_clock_of_log(snap, record);

			if (is_whole(snap, record) && on_log.from_ns.val <= end_ns &&
			    on_log.to_ns.known && on_log.to_ns.val > end_ns)
				end_ns = on_log.to_ns.val;
		}
	} while (end_ns != before_ns);
	return end_ns;
}

/* A log without stamps may be whole, and no more can be known. */
static bool has_log_without_times(const struct lt_snapshot *snap)
{
	lt_vec_each(record, &snap->records)
		if (record->source == LT_ATTEMPT_LOG && record->from_ns.known &&
		    !record->from_ns.val && !record->to_ns.known && is_whole(snap, record))
			return true;
	return false;
}

static bool is_recorded(const struct lt_snapshot *snap)
{
	const uint64_t end_ns = covered_ns(snap);

	if (!end_ns && !has_log_without_times(snap))
		return false;
	lt_vec_each(record, &snap->records) {
		const struct lt_record on_log = on_clock_of_log(snap, record);

		if (end_ns && on_log.to_ns.known && on_log.to_ns.val > end_ns)
			return false;
	}
	return true;
}

/*
 * The log has failures that the kernel does not count: its counter was read before them, or in another
 * boot. What is in a trace alone may be uncounted: 6.12 counts no request that is larger than its area.
 */
static bool is_count_older(const struct lt_snapshot *snap, struct lt_num by_kernel)
{
	uint64_t nr = 0;

	lt_vec_each(attempt, &snap->attempts)
		if (attempt->failed && attempt->source == LT_ATTEMPT_LOG)
			nr += attempt->count;
	return nr > by_kernel.val;
}

static bool is_counted_out(const struct lt_snapshot *snap, const struct lt_completeness *all,
			   struct lt_num by_kernel, struct lt_num refused)
{
	if (by_kernel.known && is_count_older(snap, by_kernel))
		return is_recorded(snap);
	if (by_kernel.known)
		return by_kernel.val <= all->nr_failed.val;
	return refused.known ? refused.val <= all->nr_pages.val : is_recorded(snap);
}

struct lt_completeness lt_completeness_of(const struct lt_snapshot *snap, size_t area)
{
	struct lt_completeness all = count(snap, LT_NO_AREA), of;
	struct lt_num refused = lt_completeness_nr_refused(snap);

	all.is_counted = snap->memory.cma_alloc_fail.known || refused.known;
	all.is_complete = is_counted_out(snap, &all, snap->memory.cma_alloc_fail, refused);
	if (area == LT_NO_AREA)
		return all;
	of = count(snap, area);
	refused = snap->areas.v[area].counters.alloc_fail;
	of.is_counted = all.is_counted;
	of.is_complete = all.is_complete || (refused.known && refused.val <= of.nr_pages.val);
	return of;
}
