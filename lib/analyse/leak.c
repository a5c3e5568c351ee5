// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Tells device memory that grows without end from memory that comes and goes.
 *
 * Three things have to come together: the least that is outstanding rises from each quarter of the
 * time to the next; what is kept is much older than what was ever released; and it was allocated
 * all through the time, not at its begin, as a driver does that fills its pool. The time is all that
 * is on record, or a part up to its end: a leak may begin late.
 *
 * What was released and is not known when it was allocated may hide that the requester keeps as
 * much as ever. So it counts against it.
 */
#include "analyse/leak.h"

/* Fewer are no trend. */
#define NR_KEPT_MIN 12

/* Of so many parts of the time so many have allocations that are kept: else pools were filled. */
#define NR_PARTS 16
#define NR_PARTS_MIN 9

/* What is kept is so many times as old as the oldest that was released. */
#define TIMES_AS_OLD 2

/*
 * Who releases nothing may fill its pool; that takes less. And the record must have an end of its
 * own, else it may end because the pool is full.
 */
#define POOL_NS 10000000000

/* Parts of the record in whose quarters growth is looked for: all, the last three quarters, half. */
#define NR_BEGINS 3

/* The time that is looked at, and up to when what is kept was allocated. */
struct period {
	size_t first_span;
	uint64_t begin_ns, horizon_ns;
};

static bool get_period(const struct lt_ledger *ledger, const struct lt_requester *requester,
		       unsigned int begin, struct period *out)
{
	const struct lt_growth *growth = &requester->growth;
	uint64_t young_ns = 0;

	if (!growth->nr || !ledger->to_ns.known)
		return false;
	if (requester->longest_ns.known &&
	    __builtin_mul_overflow(requester->longest_ns.val, TIMES_AS_OLD, &young_ns))
		return false;
	out->first_span = growth->nr * begin / LT_GROWTH_QUARTERS;
	out->begin_ns = growth->begin_ns + out->first_span * growth->width_ns;
	if (ledger->to_ns.val < young_ns || ledger->to_ns.val - young_ns <= out->begin_ns)
		return false;
	out->horizon_ns = ledger->to_ns.val - young_ns;
	return true;
}

/* Whether the least that was outstanding rises; and whether something was released meanwhile. */
static bool is_rising(const struct lt_growth *growth, const struct period *period,
		      struct lt_leak *leak, bool *is_released)
{
	struct lt_growth_span span;

	*is_released = true;
	for (unsigned int i = 0; i < LT_GROWTH_QUARTERS; i++) {
		if (!lt_growth_quarter(growth, period->first_span, i, &span))
			return false;
		leak->floor[i] = span.least;
		*is_released &= span.nr_released > 0;
		if (i && leak->floor[i] <= leak->floor[i - 1])
			return false;
	}
	return true;
}

/* Whether there is some in each quarter of the time, and not at a few moments alone. */
static bool is_spread(const uint64_t nr_of[NR_PARTS])
{
	const size_t of_quarter = NR_PARTS / LT_GROWTH_QUARTERS;
	size_t nr_parts = 0;

	for (size_t quarter = 0; quarter < LT_GROWTH_QUARTERS; quarter++) {
		size_t nr = 0;

		for (size_t i = 0; i < of_quarter; i++)
			nr += nr_of[quarter * of_quarter + i] > 0;
		if (!nr)
			return false;
		nr_parts += nr;
	}
	return nr_parts >= NR_PARTS_MIN;
}

/* Whether what is kept was allocated all through the time. */
static bool is_kept(const struct lt_ledger *ledger, size_t index, const struct period *period,
		    struct lt_leak *leak)
{
	const uint64_t part_ns = (period->horizon_ns - period->begin_ns) / NR_PARTS + 1;
	uint64_t nr_of[NR_PARTS] = { 0 };

	lt_vec_each(allocation, &ledger->allocations) {
		const uint64_t since_ns = allocation->since_ns.val;

		if (allocation->requester != index || allocation->is_released ||
		    allocation->is_doubtful || !allocation->since_ns.known ||
		    since_ns < period->begin_ns || since_ns > period->horizon_ns)
			continue;
		nr_of[(since_ns - period->begin_ns) / part_ns]++;
		leak->nr_kept++;
		leak->nr_pages_kept += lt_range_nr_pages(allocation->pfns);
		if (!leak->oldest_ns.known || since_ns < leak->oldest_ns.val)
			leak->oldest_ns = allocation->since_ns;
	}
	return leak->nr_kept >= NR_KEPT_MIN && is_spread(nr_of);
}

/* False if it may keep as much as ever, or may only be filling its pool. */
static bool has_grown(const struct lt_ledger *ledger, const struct lt_requester *requester,
		      const struct period *period, bool is_released, struct lt_leak *leak)
{
	const uint64_t nr_pages_old = lt_ledger_nr_pages_old(ledger, requester);

	if (nr_pages_old > leak->nr_pages_kept / LT_GROWTH_QUARTERS)
		return false;
	leak->confidence = is_released && !nr_pages_old ? LT_LIKELY : LT_HINT;
	if (requester->nr_released || requester->nr_parts)
		return true;
	return period->horizon_ns - period->begin_ns >= POOL_NS && ledger->has_end;
}

static struct lt_leak look(const struct lt_ledger *ledger, size_t index, unsigned int begin)
{
	const struct lt_requester *requester = &ledger->requesters.v[index];
	struct lt_leak leak = { 0 };
	struct period period;
	bool is_released;

	if (!get_period(ledger, requester, begin, &period))
		return leak;
	leak.begin_ns = period.begin_ns;
	leak.is_suspected = is_rising(&requester->growth, &period, &leak, &is_released) &&
			    is_kept(ledger, index, &period, &leak) &&
			    has_grown(ledger, requester, &period, is_released, &leak);
	return leak;
}

struct lt_leak lt_leak_of(const struct lt_ledger *ledger, size_t index)
{
	struct lt_leak leak = { 0 };

	if (ledger->is_full || !ledger->has_releases || ledger->requesters.v[index].is_unknown)
		return leak;
	for (unsigned int begin = 0; begin < NR_BEGINS && !leak.is_suspected; begin++)
		leak = look(ledger, index, begin);
	return leak;
}
