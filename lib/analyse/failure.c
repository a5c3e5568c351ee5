// SPDX-License-Identifier: LGPL-2.1-or-later
/* Failed attempts in groups: of one request, one error and one cause. */
#include "analyse/failure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/report.h"
#include "base/array_size.h"
#include "model/completeness.h"

static bool is_same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Whether @attempt asked for what the attempts of @failure asked for. */
static bool is_like(const struct lt_failure *failure, const struct lt_attempt *attempt)
{
	bool same_area = failure->area != LT_NO_AREA || attempt->area != LT_NO_AREA
				 ? failure->area == attempt->area
				 : is_same_name(failure->area_name, attempt->area_name);

	return same_area && failure->nr_pages.known == attempt->nr_pages.known &&
	       failure->nr_pages.val == attempt->nr_pages.val;
}

static uint64_t time_of(const struct lt_attempt *attempt)
{
	struct lt_num ns = lt_attempt_last_ns(attempt);

	return ns.known ? ns.val : 0;
}

/* Who the attempts of a group have in common; 0 if that is not established. */
static int holder_of(const struct lt_cause *cause)
{
	const struct lt_cause_page *page = lt_cause_best(cause);

	return cause->id && page && page->by_confidence >= LT_LIKELY && page->by != LT_BY_NOBODY
		       ? page->pid
		       : 0;
}

static enum lt_ending ending_of_room(const struct lt_attempt *attempt)
{
	if (!attempt->nr_pages.known || !attempt->nr_free.known)
		return attempt->source == LT_ATTEMPT_LOG || attempt->has_lost ? LT_ENDING_UNKNOWN
									      : LT_ENDING_NO_RANGE;
	if (attempt->nr_pages.val > attempt->nr_free.val)
		return LT_ENDING_TOO_FEW;
	if (!attempt->largest_free_run.known)
		return LT_ENDING_UNKNOWN;
	return attempt->nr_pages.val > attempt->largest_free_run.val ? LT_ENDING_NO_RUN
								     : LT_ENDING_ROOM;
}

static enum lt_ending ending_of(const struct lt_attempt *attempt, const struct lt_cause *cause)
{
	const struct lt_try *last =
		attempt->tries.nr ? &attempt->tries.v[attempt->tries.nr - 1] : NULL;

	if (cause->id)
		return LT_ENDING_PAGE;
	if (!last)
		return ending_of_room(attempt);
	if (lt_try_blocker(last).known)
		return LT_ENDING_PAGE;
	return last->stage == LT_TRY_ISOLATE ? LT_ENDING_REFUSED : LT_ENDING_RANGE;
}

static bool is_same_err(struct lt_num a, struct lt_num b)
{
	return a.known == b.known && (!a.known || a.val == b.val);
}

static bool is_of(const struct lt_failure *failure, const struct lt_attempt *attempt,
		  const struct lt_cause *cause)
{
	return is_same_name(failure->id, cause->id) && failure->pid == holder_of(cause) &&
	       failure->ending == ending_of(attempt, cause) &&
	       is_same_err(failure->err, attempt->err) && is_like(failure, attempt);
}

static struct lt_failure *new_failure(struct lt_failures *failures,
				      const struct lt_attempt *attempt,
				      const struct lt_cause *cause)
{
	struct lt_failure *failure = lt_vec_push(failures);

	if (!failure)
		return NULL;
	*failure = (struct lt_failure){
		.area = attempt->area,
		.area_name = attempt->area_name,
		.nr_pages = attempt->nr_pages,
		.err = attempt->err,
		.id = cause->id,
		.ending = ending_of(attempt, cause),
		.pid = holder_of(cause),
		.confidence = cause->confidence,
	};
	return failure;
}

static void note_time(struct lt_failure *failure, const struct lt_attempt *attempt)
{
	struct lt_num last = lt_attempt_last_ns(attempt);

	if (attempt->ts_ns.known &&
	    (!failure->first_ns.known || attempt->ts_ns.val < failure->first_ns.val))
		failure->first_ns = attempt->ts_ns;
	if (last.known && (!failure->last_ns.known || last.val > failure->last_ns.val))
		failure->last_ns = last;
}

/* Attempts come the last first. */
static int add_attempt(struct lt_failures *failures, const struct lt_attempt *attempt,
		       struct lt_cause *cause)
{
	struct lt_failure *failure = NULL;

	lt_vec_each(old, failures)
		if (is_of(old, attempt, cause))
			failure = old;
	if (!failure && failures->nr == LT_FAILURES_MAX)
		return 0;
	if (!failure)
		failure = new_failure(failures, attempt, cause);
	if (!failure)
		return -ENOMEM;
	if (!failure->last || time_of(attempt) > time_of(failure->last))
		failure->last = attempt;
	note_time(failure, attempt);
	if (cause->confidence < failure->confidence)
		failure->confidence = cause->confidence;
	cause->group = (size_t)(failure - failures->v);
	return 0;
}

/*
 * The same call can stand in the log, in the trace and in alloc's own record, and need not be known
 * as one. So the number is that of the source that has most, and where others have what this one has
 * not, there may be more.
 */
static void count_attempts(const struct lt_snapshot *snap, const struct lt_causes *causes, size_t i,
			   struct lt_failure *failure)
{
	unsigned int counts[] = {
		[LT_ATTEMPT_LOG] = 0, [LT_ATTEMPT_TRACE] = 0, [LT_ATTEMPT_ALLOC] = 0
	};
	unsigned int nr_ok[ARRAY_SIZE(counts)] = { 0 }, nr_all = 0;

	lt_vec_each(attempt, &snap->attempts) {
		const struct lt_cause *cause = &causes->v[attempt - snap->attempts.v];

		if (cause->group == i) {
			for (size_t s = 0; s < ARRAY_SIZE(counts); s++)
				if (s == attempt->source || attempt->also & (1u << s))
					counts[s] += attempt->count;
			nr_all += attempt->count;
			failure->is_at_least = failure->is_at_least || attempt->is_paired;
		} else if (!lt_cause_has_failed(snap, attempt) && !attempt->is_open &&
			   attempt->ts_ns.known && time_of(attempt) > time_of(failure->last) &&
			   is_like(failure, attempt)) {
			nr_ok[attempt->source]++;
		}
	}
	for (size_t s = 0; s < ARRAY_SIZE(counts); s++) {
		if (counts[s] > failure->count)
			failure->count = counts[s];
		if (nr_ok[s] > failure->nr_ok_since)
			failure->nr_ok_since = nr_ok[s];
	}
	failure->is_at_least = failure->is_at_least || nr_all > failure->count;
}

/* Groups in the order of time, and where each of the old ones has gone. */
struct order {
	const struct lt_failure *failure;
	size_t from;
};

static int by_time(const void *a, const void *b)
{
	const struct order *left = a, *right = b;
	uint64_t ta = time_of(left->failure->last), tb = time_of(right->failure->last);

	if (ta != tb)
		return ta < tb ? 1 : -1;
	return (left->from > right->from) - (left->from < right->from);
}

static void sort_groups(struct lt_causes *causes, struct lt_failures *failures)
{
	struct lt_failure sorted[LT_FAILURES_MAX];
	struct order order[LT_FAILURES_MAX];
	size_t to[LT_FAILURES_MAX];

	for (size_t i = 0; i < failures->nr; i++)
		order[i] = (struct order){ &failures->v[i], i };
	qsort(order, failures->nr, sizeof(*order), by_time);
	for (size_t i = 0; i < failures->nr; i++) {
		sorted[i] = *order[i].failure;
		to[order[i].from] = i;
	}
	memcpy(failures->v, sorted, failures->nr * sizeof(*sorted));
	lt_vec_each(cause, causes)
		if (cause->group != LT_NO_GROUP)
			cause->group = to[cause->group];
}

/* Whether there may be more failures in the area than are on record. */
static bool may_be_more(const struct lt_snapshot *snap, const struct lt_completeness *all,
			size_t area)
{
	if (all->is_complete || area == LT_NO_AREA ||
	    !snap->areas.v[area].counters.alloc_fail.known)
		return !all->is_complete;
	return !lt_completeness_of(snap, area).is_complete;
}

int lt_failures_make(const struct lt_snapshot *snap, struct lt_causes *causes,
		     struct lt_failures *out)
{
	struct lt_completeness all;
	int err = 0;

	for (size_t i = snap->attempts.nr; i && !err; i--)
		if (lt_cause_has_failed(snap, &snap->attempts.v[i - 1]))
			err = add_attempt(out, &snap->attempts.v[i - 1], &causes->v[i - 1]);
	if (err) {
		lt_vec_free(out);
		return err;
	}
	all = lt_completeness_of(snap, LT_NO_AREA);
	for (size_t i = 0; i < out->nr; i++) {
		count_attempts(snap, causes, i, &out->v[i]);
		if (may_be_more(snap, &all, out->v[i].area))
			out->v[i].is_at_least = true;
	}
	if (out->nr)
		sort_groups(causes, out);
	return 0;
}

bool lt_failure_has(const struct lt_report *report, const struct lt_failure *failure, size_t i)
{
	return report->causes.v[i].group == (size_t)(failure - report->failures.v);
}

const struct lt_attempt *lt_failure_find(const struct lt_report *report,
					 const struct lt_failure *failure,
					 bool (*is_wanted)(const struct lt_attempt *attempt))
{
	const struct lt_attempt *last = NULL;

	for (size_t i = 0; i < report->snap->attempts.nr; i++) {
		const struct lt_attempt *attempt = &report->snap->attempts.v[i];

		if (attempt->failed && lt_failure_has(report, failure, i) && is_wanted(attempt))
			last = attempt;
	}
	return last;
}
