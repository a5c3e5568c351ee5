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
#include <stdlib.h>
#include <string.h>

#include "model/pfns.h"

/* A task's attempts as near as this, from `ltpin alloc` and from the trace, are the same. */
#define REPEATED_NS 1000000000

/*
 * What makes a request fail with -ENOMEM before a range was tried is no page: there
 * was no room for it, or no memory to move pages to. Of others without ranges nobody
 * recorded which were tried: all of the area was in reach.
 */
static bool is_tried(const struct lt_attempt *attempt, struct lt_range pfns)
{
	if (!attempt->tries.nr)
		return !attempt->err.known || attempt->err.val != ENOMEM;
	lt_vec_each(tried, &attempt->tries)
		if (lt_range_is_overlapping(tried->pfns, pfns))
			return true;
	return false;
}

static struct lt_range pin_range(const struct lt_pin *pin)
{
	return (struct lt_range){ pin->pfn, pin->pfn + pin->nr_pages };
}

/* As late as is known of it. */
static struct lt_num attempt_end(const struct lt_attempt *attempt)
{
	struct lt_num end = lt_num_add(attempt->ts_ns, attempt->latency_ns);

	return end.known ? end : attempt->ts_ns;
}

/* Whether something with a time of the trace's own clock, as page_owner's, came after @attempt. */
static bool is_later(struct lt_num ts_ns, const struct lt_attempt *attempt)
{
	return ts_ns.known && attempt->ts_ns.known && ts_ns.val > attempt->ts_ns.val;
}

/* Whether the process certainly began when @attempt was over: its page cannot have been in the way. */
static bool began_later(const struct lt_mapper *mapper, const struct lt_attempt *attempt)
{
	return lt_when_is_before(lt_when_at(attempt_end(attempt)), mapper->start);
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
	struct lt_num delay = attempt->sampled ? attempt->sampled_after_ns
					       : lt_num_sub(snap->taken_ns, attempt_end(attempt));

	delay.val /= 1000000;
	return delay;
}

static int collect_blockers(const struct lt_attempt *attempt, struct lt_pfns *out)
{
	int err = lt_attempt_blockers(attempt, out);

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

struct tally {
	struct lt_pfns blockers; /* of all attempts */
	struct credits credits;
	struct lt_units units;
};

static int tally_unit(struct tally *tally, const struct lt_attempt *attempt, bool pinned)
{
	struct lt_unit *unit = lt_vec_push(&tally->units);

	if (!unit)
		return -ENOMEM;
	*unit = (struct lt_unit){ attempt->ts_ns, attempt->failed, pinned };
	return 0;
}

static int add_attempt(const struct lt_snapshot *snap, const struct lt_attempt *attempt,
		       struct tally *tally, struct lt_correlation *out)
{
	struct lt_num delay = sample_delay_ms(snap, attempt);
	struct lt_pfns own = { 0 };
	int err = collect_blockers(attempt, &own);

	if (!err)
		err = tally_unit(tally, attempt, met_pin(snap, attempt));
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

/* Count what was tallied, and judge. */
static int conclude(struct tally *tally, struct lt_correlation *out)
{
	int err;

	lt_vec_each(unit, &tally->units)
		lt_contingency_count(&out->table, unit->failed, unit->pinned);
	lt_pfns_sort(&tally->blockers);
	out->nr_blockers = (unsigned int)tally->blockers.nr;
	out->nr_attempts = (unsigned int)tally->units.nr;
	out->is_known = out->nr_attempts;
	out->has_odds = lt_contingency_odds(&out->table, &out->odds);
	out->has_p = out->nr_attempts >= LT_CORRELATION_MIN_ATTEMPTS;
	if (out->has_p)
		out->p_value = lt_contingency_p(&out->table);
	err = share_out(&tally->credits, out->table.pinned_failed + out->table.clean_failed,
			&out->owners);
	return err ? err : lt_timeline_make(&tally->units, &out->timeline);
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
	if (!err)
		err = conclude(&tally, &made);
	lt_vec_free(&records);
	lt_vec_free(&tally.blockers);
	lt_vec_free(&tally.credits);
	lt_vec_free(&tally.units);
	if (err) {
		lt_correlation_fini(&made);
		return err;
	}
	*out = made;
	return 0;
}

void lt_correlation_fini(struct lt_correlation *correlation)
{
	lt_vec_free(&correlation->owners);
	lt_vec_free(&correlation->timeline);
}
