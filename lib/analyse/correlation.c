// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How failures of cma_alloc() correlate with pins.
 *
 * An attempt counts if it is known what was pinned when it was made: either
 * its pins were sampled at the time (`ltpin alloc`), or the module told every
 * page's state for this report. In the second case a page that was allocated
 * after the attempt cannot have been pinned during it.
 */
#include "analyse/correlation.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/pfns.h"

/* How far apart the clocks of processes and traces may be at boot. */
#define CLOCKS_APART_NS 100000000

/* A task's attempts as near as this, from `ltpin alloc` and from the trace, are the same. */
#define REPEATED_NS 1000000000

static bool is_tried(const struct lt_attempt *attempt, struct lt_range pfns)
{
	if (!attempt->tries.nr)
		return true; /* the kernel gave up early: all of the area was in reach */
	lt_vec_each(tried, &attempt->tries)
		if (lt_range_is_overlapping(tried->pfns, pfns))
			return true;
	return false;
}

static struct lt_range pin_range(const struct lt_pin *pin)
{
	return (struct lt_range){ pin->pfn, pin->pfn + pin->nr_pages };
}

/* Whether something with a time of the trace's own clock, as page_owner's, came after @attempt. */
static bool is_later(struct lt_num ts_ns, const struct lt_attempt *attempt)
{
	return ts_ns.known && attempt->ts_ns.known && ts_ns.val > attempt->ts_ns.val;
}

/*
 * Processes are timed by another clock: CLOCK_MONOTONIC follows NTP, which may
 * slew it by 500 ppm, and starts a moment later. What those could explain is not
 * called later.
 */
static bool began_later(const struct lt_mapper *mapper, const struct lt_attempt *attempt)
{
	struct lt_num least = mapper->start_ns;
	uint64_t apart = CLOCKS_APART_NS + least.val / 2000;

	least.val = least.val > apart ? least.val - apart : 0;
	return is_later(least, attempt);
}

/* Whether @pin, seen for the report, can have been there during @attempt. */
static bool is_contemporary(const struct lt_pin *pin, const struct lt_attempt *attempt)
{
	struct lt_num since = pin->has_pinner ? pin->pinned_by.ts_ns : (struct lt_num){ 0 };

	if (!since.known && pin->has_owner)
		since = pin->allocated_by.ts_ns;
	return !is_later(since, attempt);
}

static bool met_pin(const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	if (attempt->sampled) {
		lt_vec_each(range, &attempt->pinned)
			if (is_tried(attempt, *range))
				return true;
		return false;
	}
	lt_vec_each(pin, &snap->pins)
		if (pin->kind == LT_PIN_PINNED && is_contemporary(pin, attempt) &&
		    (attempt->area == LT_NO_AREA || attempt->area == pin->area) &&
		    is_tried(attempt, pin_range(pin)))
			return true;
	return false;
}

/* Attempts of `ltpin alloc`, by task and time. */
LT_VEC_OF(records, const struct lt_attempt *);

static int compare_records(const char *caller, uint64_t ts_ns, const struct lt_attempt *record)
{
	int order = strcmp(caller, record->caller);

	return order ? order : (ts_ns > record->ts_ns.val) - (ts_ns < record->ts_ns.val);
}

static int by_task_and_time(const void *left, const void *right)
{
	const struct lt_attempt *a = *(const struct lt_attempt *const *)left;

	return compare_records(a->caller, a->ts_ns.val,
			       *(const struct lt_attempt *const *)right);
}

static int collect_records(const struct lt_snapshot *snap, struct records *out)
{
	lt_vec_each(attempt, &snap->attempts) {
		const struct lt_attempt **record;

		if (attempt->source != LT_ATTEMPT_ALLOC || !attempt->ts_ns.known ||
		    !attempt->caller)
			continue;
		record = lt_vec_push(out);
		if (!record)
			return -ENOMEM;
		*record = attempt;
	}
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_task_and_time);
	return 0;
}

/*
 * `ltpin alloc` reads the trace of its own calls. If those events also stand
 * in the saved trace, the attempt is there twice, by the same task at the same
 * time: not to the microsecond, as each trace buffer takes its own.
 */
static bool is_repeated(const struct records *records, const struct lt_attempt *attempt)
{
	uint64_t ts_ns = attempt->ts_ns.val;
	size_t low = 0, high = records->nr;

	if (attempt->source != LT_ATTEMPT_TRACE || !attempt->ts_ns.known || !attempt->caller)
		return false;
	while (low < high) { /* the first that is not too early */
		size_t mid = low + (high - low) / 2;

		if (compare_records(attempt->caller, ts_ns > REPEATED_NS ? ts_ns - REPEATED_NS : 0,
				    records->v[mid]) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < records->nr && !strcmp(records->v[low]->caller, attempt->caller) &&
	       (records->v[low]->ts_ns.val <= ts_ns ||
		records->v[low]->ts_ns.val - ts_ns <= REPEATED_NS);
}

static bool is_counted(const struct lt_snapshot *snap, const struct records *records,
		       const struct lt_attempt *attempt)
{
	if (attempt->source == LT_ATTEMPT_LOG || attempt->is_open || is_repeated(records, attempt))
		return false;
	return attempt->sampled || lt_snapshot_has_page_states(snap);
}

static struct lt_num sample_delay_ms(const struct lt_snapshot *snap,
				     const struct lt_attempt *attempt)
{
	struct lt_num end = lt_num_add(attempt->ts_ns, attempt->latency_ns), delay;

	delay = attempt->sampled ? attempt->sampled_after_ns
				 : lt_num_sub(snap->taken_ns, end.known ? end : attempt->ts_ns);
	delay.val /= 1000000;
	return delay;
}

static int collect_blockers(const struct lt_attempt *attempt, struct lt_pfns *out)
{
	int err = 0;

	lt_vec_each(tried, &attempt->tries)
		if (!tried->ok && tried->blocker_pfn.known && !err)
			err = lt_pfns_add(out, tried->blocker_pfn.val);
	lt_pfns_sort(out);
	return err;
}

/* That a process maps a page which made attempt @nr fail. */
struct credit {
	int pid;
	const char *comm;
	size_t nr;
};

LT_VEC_OF(credits, struct credit);

/* The same PFN may have been another's page then. */
static int credit_owners(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
			 const struct lt_pfns *blockers, struct credits *out)
{
	lt_vec_each(pfn, blockers) {
		const struct lt_pin *pin = lt_pins_find(&snap->pins, *pfn);

		if (!pin || !is_contemporary(pin, attempt))
			continue;
		lt_vec_each(mapper, &pin->mapped_by) {
			struct credit *credit;

			if (began_later(mapper, attempt))
				continue;
			credit = lt_vec_push(out);
			if (!credit)
				return -ENOMEM;
			*credit = (struct credit){ mapper->pid, mapper->comm,
						   (size_t)(attempt - snap->attempts.v) };
		}
	}
	return 0;
}

static int by_process(const void *a, const void *b)
{
	const struct credit *left = a, *right = b;

	if (left->pid != right->pid)
		return left->pid < right->pid ? -1 : 1;
	return (left->nr > right->nr) - (left->nr < right->nr);
}

static int by_share(const void *a, const void *b)
{
	const struct lt_owner_share *left = a, *right = b;

	if (left->share != right->share)
		return left->share > right->share ? -1 : 1;
	return (left->pid > right->pid) - (left->pid < right->pid);
}

/* How many of @nr_failed attempts each process was in the way of. */
static int share_out(struct credits *credits, unsigned int nr_failed, struct lt_owner_shares *out)
{
	const struct credit *last = NULL;

	if (credits->nr)
		qsort(credits->v, credits->nr, sizeof(*credits->v), by_process);
	lt_vec_each(credit, credits) {
		if (!last || last->pid != credit->pid) {
			struct lt_owner_share *share = lt_vec_push(out);

			if (!share)
				return -ENOMEM;
			share->pid = credit->pid;
			share->comm = credit->comm;
		}
		if (!last || by_process(last, credit))
			out->v[out->nr - 1].share += 1;
		last = credit;
	}
	lt_vec_each(share, out)
		share->share /= nr_failed;
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_share);
	return 0;
}

static void count_attempt(struct lt_correlation *out, const struct lt_attempt *attempt, bool pinned)
{
	unsigned int *cell = attempt->failed
				     ? pinned ? &out->table.pinned_failed : &out->table.clean_failed
				     : pinned ? &out->table.pinned_ok : &out->table.clean_ok;

	(*cell)++;
	out->nr_attempts++;
}

struct tally {
	struct lt_pfns blockers; /* of all attempts */
	struct credits credits;
};

static int add_attempt(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
		       struct tally *tally, struct lt_correlation *out)
{
	struct lt_num delay = sample_delay_ms(snap, attempt);
	struct lt_pfns own = { 0 };
	int err = collect_blockers(attempt, &own);

	count_attempt(out, attempt, met_pin(snap, attempt));
	if (delay.known && (!out->sampled_after_ms.known || delay.val > out->sampled_after_ms.val))
		out->sampled_after_ms = delay;
	lt_vec_each(pfn, &own)
		if (!err)
			err = lt_pfns_add(&tally->blockers, *pfn);
	if (!err && attempt->failed)
		err = credit_owners(snap, attempt, &own, &tally->credits);
	lt_vec_free(&own);
	return err;
}

int lt_correlation_make(const struct lt_snapshot *snap, struct lt_correlation *out)
{
	struct lt_correlation made = { 0 };
	struct records records = { 0 };
	struct tally tally = { 0 };
	int err = collect_records(snap, &records);

	lt_vec_each(attempt, &snap->attempts)
		if (!err && is_counted(snap, &records, attempt))
			err = add_attempt(snap, attempt, &tally, &made);
	lt_pfns_sort(&tally.blockers);
	made.nr_blockers = (unsigned int)tally.blockers.nr;
	if (!err)
		err = share_out(&tally.credits, made.table.pinned_failed + made.table.clean_failed,
				&made.owners);
	lt_vec_free(&records);
	lt_vec_free(&tally.blockers);
	lt_vec_free(&tally.credits);
	if (err) {
		lt_correlation_fini(&made);
		return err;
	}
	made.is_known = made.nr_attempts;
	if (made.is_known)
		lt_correlation_compute(&made);
	*out = made;
	return 0;
}

void lt_correlation_fini(struct lt_correlation *correlation)
{
	lt_vec_free(&correlation->owners);
}

/* log of the hypergeometric probability of a in the table with these margins */
static double log_probability(double a, double row1, double row2, double col1)
{
	double all = row1 + row2;

	return lgamma(row1 + 1) - lgamma(a + 1) - lgamma(row1 - a + 1) + lgamma(row2 + 1) -
	       lgamma(col1 - a + 1) - lgamma(row2 - col1 + a + 1) - lgamma(all + 1) +
	       lgamma(col1 + 1) + lgamma(all - col1 + 1);
}

/* Two-sided: every table with the same margins that is no more probable than this one. */
static double fisher_exact(double a, double b, double c, double d)
{
	double row1 = a + b, row2 = c + d, col1 = a + c, sum = 0;
	double seen = log_probability(a, row1, row2, col1);
	double least = fmax(0, col1 - row2), most = fmin(row1, col1);

	for (double x = least; x <= most; x++) {
		double p = log_probability(x, row1, row2, col1);

		if (p <= seen + 1e-7) /* equal, but for rounding */
			sum += exp(p);
	}
	return fmin(sum, 1);
}

void lt_correlation_compute(struct lt_correlation *out)
{
	double a = out->table.pinned_failed, b = out->table.pinned_ok;
	double c = out->table.clean_failed, d = out->table.clean_ok;
	double error;

	out->has_p = out->nr_attempts >= LT_CORRELATION_MIN_ATTEMPTS;
	if (out->has_p)
		out->p_value = fisher_exact(a, b, c, d);
	out->has_odds = a + b > 0 && c + d > 0 && a + c > 0 && b + d > 0;
	if (!out->has_odds)
		return;
	if (a == 0 || b == 0 || c == 0 || d == 0) {
		a += 0.5;
		b += 0.5;
		c += 0.5;
		d += 0.5;
	}
	out->odds_ratio = a * d / (b * c);
	error = 1.959963984540054 * sqrt(1 / a + 1 / b + 1 / c + 1 / d);
	out->ci95[0] = exp(log(out->odds_ratio) - error);
	out->ci95[1] = exp(log(out->odds_ratio) + error);
}
