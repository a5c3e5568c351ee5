// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One cma_alloc() call that several sources report.
 *
 * The log has a line for a failure, printed before cma_alloc() returns: between the first and the
 * last event of the call, by clocks that may be a second apart beyond what was measured. `ltpin
 * alloc` keeps the events of its own calls, which the trace may have as well: the same task at the
 * same time.
 *
 * A line without a time of the kernel's (dmesg -T, dmesg -t, syslog) may be of any call that it can be
 * of. The time of day of `dmesg -T` is that of boot plus the kernel's, to the second, and wrong by
 * each suspend, so it orders nothing against a trace. Two failures that may be one are not counted as
 * two: the last line is taken for the last call, as log and trace both lose what is old.
 *
 * The same where the clock of the trace is not known, as of files that were given one by one, and no line
 * was printed within any call: the clocks differ then, or line and call do, and nothing says which.
 */
#include "model/attempt_unite.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "model/area.h"

#define APART_NS 1000000000

/* More calls than are made in a second for real, but for those of one driver in a loop. */
#define NR_LOOKED_AT 1024

static bool is_same_num(struct lt_num a, struct lt_num b)
{
	return !a.known || !b.known || a.val == b.val;
}

static bool is_same_area(const struct lt_attempt *a, const struct lt_attempt *b)
{
	if (a->area != LT_NO_AREA && b->area != LT_NO_AREA)
		return a->area == b->area;
	return !a->area_name || !b->area_name || !strcmp(a->area_name, b->area_name);
}

/* How far the end of @attempt is from @ts_ns; UINT64_MAX if that is not known. */
static uint64_t distance(const struct lt_attempt *attempt, struct lt_num ts_ns)
{
	uint64_t begin = attempt->ts_ns.val, end = begin;

	if (!ts_ns.known || !attempt->ts_ns.known)
		return UINT64_MAX;
	if (attempt->latency_ns.known)
		end += attempt->latency_ns.val;
	if (ts_ns.val < begin)
		return begin - ts_ns.val;
	return ts_ns.val > end ? ts_ns.val - end : 0;
}

/* Whether one of the calls that @less stands for can be @more, of which another source says more. */
static bool can_be_one(const struct lt_attempt *more, const struct lt_attempt *less)
{
	if ((more->is_united && less->is_united) || more->source <= less->source || more->is_open ||
	    less->is_open || more->failed != less->failed || more->count != 1 ||
	    !is_same_num(more->nr_pages, less->nr_pages) || !is_same_num(more->err, less->err) ||
	    !is_same_area(more, less) || (more->also & (1u << less->source)))
		return false;
	return more->source != LT_ATTEMPT_ALLOC || less->source != LT_ATTEMPT_TRACE ||
	       (more->caller && less->caller && !strcmp(more->caller, less->caller));
}

/* Whether @less shows that no range could be tried, and one was. */
static bool is_contradicted(const struct lt_attempt *more, const struct lt_attempt *less)
{
	return more->tries.nr && less->nr_pages.known &&
	       ((less->nr_free.known && less->nr_pages.val > less->nr_free.val) ||
		(less->largest_free_run.known && less->nr_pages.val > less->largest_free_run.val));
}

static void unite_num(struct lt_num *num, struct lt_num other)
{
	if (!num->known)
		*num = other;
}

/*
 * What @less says and @more does not. How much room there was is of the very moment: it is left
 * out if @less is not certainly of that call, and @more lacks its ranges, as events were lost.
 */
static void unite(struct lt_attempt *more, struct lt_attempt *less, bool is_certain)
{
	more->also |= 1u << less->source | less->also;
	if (is_certain || more->tries.nr || more->has_all_tries) {
		unite_num(&more->nr_free, less->nr_free);
		unite_num(&more->largest_free_run, less->largest_free_run);
		/* It is of the alignment that @less has, or was taken to have. */
		if (!more->align.known || (less->align.known && more->align.val == less->align.val))
			unite_num(&more->largest_aligned_run, less->largest_aligned_run);
	}
	unite_num(&more->nr_area, less->nr_area);
	more->is_busy_if_full = more->is_busy_if_full || less->is_busy_if_full;
	unite_num(&more->free_elsewhere_kib, less->free_elsewhere_kib);
	unite_num(&more->min_elsewhere_kib, less->min_elsewhere_kib);
	unite_num(&more->err, less->err);
	unite_num(&more->align, less->align);
	unite_num(&more->latency_ns, less->latency_ns);
	if (more->area == LT_NO_AREA)
		more->area = less->area;
	if (!more->area_name)
		more->area_name = less->area_name;
	if (!more->fallback)
		more->fallback = less->fallback;
	if (!more->caller)
		more->caller = less->caller;
	if (!more->stack)
		more->stack = less->stack;
	if (!more->tries.nr) {
		lt_vec_free(&more->tries);
		more->has_all_tries = less->has_all_tries;
		more->has_lost = less->has_lost;
		more->tries = less->tries;
		less->tries = (struct lt_tries){ 0 };
	}
}

LT_VEC_OF(attempt_refs, struct lt_attempt *);

static int by_time(const void *a, const void *b)
{
	const struct lt_attempt *left = *(struct lt_attempt *const *)a;
	const struct lt_attempt *right = *(struct lt_attempt *const *)b;

	if (left->ts_ns.val != right->ts_ns.val)
		return left->ts_ns.val < right->ts_ns.val ? -1 : 1;
	return left < right ? -1 : left > right;
}

static int by_time_backwards(const void *a, const void *b)
{
	return by_time(b, a);
}

/* In the order of time; those without a time, if they are wanted too, as they stand, and first. */
static int list(struct lt_attempts *attempts, enum lt_attempt_source source, bool with_untimed,
		struct attempt_refs *out)
{
	lt_vec_each(attempt, attempts) {
		struct lt_attempt **slot;

		if (attempt->source != source || attempt->is_open ||
		    (!attempt->ts_ns.known && !with_untimed))
			continue;
		slot = lt_vec_push(out);
		if (!slot)
			return -ENOMEM;
		*slot = attempt;
	}
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_time);
	return 0;
}

/* Calls in the order of time. Those that have what another source says of them are passed over. */
struct calls {
	struct attempt_refs refs;
	size_t *next; /* of each the next one that is free, itself if it is; one more at the end */
	size_t from;  /* those before it ended too early */
	int64_t ahead_ns; /* by so much their clock is ahead of that of what is looked for */
};

/* When @less was by the clock of the calls. */
static struct lt_num time_among(const struct calls *calls, const struct lt_attempt *less)
{
	struct lt_num ts_ns = less->ts_ns;

	if (calls->ahead_ns < 0 && ts_ns.val < (uint64_t)-calls->ahead_ns)
		return lt_num(0);
	ts_ns.val += (uint64_t)calls->ahead_ns;
	return ts_ns;
}

/* The first from @i on that is free. */
static size_t next_free(struct calls *calls, size_t i)
{
	size_t *next = calls->next;

	for (; next[i] != i; i = next[i])
		next[i] = next[next[i]];
	return i;
}

/* @is_backwards: the last first, and those too that have no time */
static int list_calls(struct lt_attempts *attempts, enum lt_attempt_source source,
		      const bool *is_gone, bool is_backwards, struct calls *out)
{
	int err = list(attempts, source, is_backwards, &out->refs);

	if (err)
		return err;
	if (is_backwards && out->refs.nr)
		qsort(out->refs.v, out->refs.nr, sizeof(*out->refs.v), by_time_backwards);
	out->next = calloc(out->refs.nr + 1, sizeof(*out->next));
	if (!out->next)
		return -ENOMEM;
	for (size_t i = 0; i <= out->refs.nr; i++)
		out->next[i] = i;
	for (size_t i = 0; i < out->refs.nr; i++)
		out->next[i] += is_gone[out->refs.v[i] - attempts->v];
	return 0;
}

/*
 * The nearest call that @less can be of; the number of all if there is none. Who asks for other
 * things very often within a second is looked through up to NR_LOOKED_AT only.
 */
static size_t find_call(struct calls *calls, const struct lt_attempt *less)
{
	const size_t nr = calls->refs.nr;
	const struct lt_num ts_ns = time_among(calls, less);
	uint64_t nearest = APART_NS + 1;
	size_t found = nr, nr_looked = 0;

	for (size_t i = next_free(calls, calls->from);
	     i < nr && nearest && nr_looked++ < NR_LOOKED_AT; i = next_free(calls, i + 1)) {
		struct lt_attempt *more = calls->refs.v[i];
		uint64_t apart = distance(more, ts_ns);

		if (more->ts_ns.val > ts_ns.val && apart > APART_NS)
			break;
		if (apart < nearest && less->count == 1 && can_be_one(more, less) &&
		    !(apart && is_contradicted(more, less))) {
			found = i;
			nearest = apart;
		}
	}
	return found;
}

/* Calls that certainly ended too early for @less, and for all that come later, are passed. */
static void skip_early(struct calls *calls, const struct lt_attempt *less)
{
	const struct attempt_refs *refs = &calls->refs;
	const struct lt_num ts_ns = time_among(calls, less);

	while (calls->from < refs->nr && refs->v[calls->from]->ts_ns.val < ts_ns.val &&
	       distance(refs->v[calls->from], ts_ns) > APART_NS)
		calls->from++;
}

/* How many were united, or -ENOMEM. */
static int unite_sources(struct lt_attempts *attempts, enum lt_attempt_source with,
			 enum lt_attempt_source source, int64_t ahead_ns, bool *is_gone)
{
	struct attempt_refs lines = { 0 };
	struct calls calls = { .ahead_ns = ahead_ns };
	int err = list_calls(attempts, with, is_gone, false, &calls), nr = 0;

	if (!err)
		err = list(attempts, source, false, &lines);
	for (size_t i = 0; i < lines.nr && !err; i++) {
		struct lt_attempt *less = lines.v[i];
		size_t call;

		if (is_gone[less - attempts->v])
			continue;
		skip_early(&calls, less);
		call = find_call(&calls, less);
		if (call == calls.refs.nr)
			continue;
		unite(calls.refs.v[call], less,
		      !distance(calls.refs.v[call], time_among(&calls, less)));
		calls.next[call] = call + 1;
		is_gone[less - attempts->v] = true;
		nr += nr < INT_MAX;
	}
	lt_vec_free(&calls.refs);
	free(calls.next);
	lt_vec_free(&lines);
	return err ? err : nr;
}

/* The last call that is free and that @less, which has no time, can be of; the number of all. */
static size_t find_alike(struct calls *calls, const struct lt_attempt *less)
{
	const size_t nr = calls->refs.nr;
	size_t nr_looked = 0;

	for (size_t i = next_free(calls, 0); i < nr && nr_looked++ < NR_LOOKED_AT;
	     i = next_free(calls, i + 1))
		if (can_be_one(calls->refs.v[i], less) && !is_contradicted(calls->refs.v[i], less))
			return i;
	return nr;
}

/* Each call that @less stands for is one of @calls, as long as there are any. */
static bool unite_alike(struct calls *calls, struct lt_attempt *less)
{
	while (less->count) {
		size_t i = find_alike(calls, less);
		struct lt_attempt *more;

		if (i == calls->refs.nr)
			return false;
		more = calls->refs.v[i];
		more->is_paired = true;
		if (less->count-- > 1)
			more->also |= 1u << less->source;
		else
			unite(more, less, false);
		calls->next[i] = i + 1;
	}
	return true;
}

/* What the log has without a time, or with one that is not comparable, the last line first. */
static int unite_untimed(struct lt_attempts *attempts, enum lt_attempt_source with, bool is_timed,
			 bool *is_gone)
{
	struct calls calls = { 0 };
	int err = list_calls(attempts, with, is_gone, true, &calls);
	bool is_any_paired = false;

	for (size_t i = attempts->nr; i && !err; i--) {
		struct lt_attempt *less = &attempts->v[i - 1];

		if (less->source != LT_ATTEMPT_LOG || less->ts_ns.known != is_timed ||
		    !less->failed || is_gone[i - 1])
			continue;
		is_gone[i - 1] = unite_alike(&calls, less);
		is_any_paired = is_any_paired || is_gone[i - 1];
		if (is_any_paired && !is_gone[i - 1])
			less->is_paired = true;
	}
	lt_vec_free(&calls.refs);
	free(calls.next);
	return err;
}

static void drop_gone(struct lt_attempts *attempts, const bool *is_gone)
{
	size_t nr = 0;

	for (size_t i = 0; i < attempts->nr; i++) {
		if (is_gone[i])
			lt_attempt_fini(&attempts->v[i]);
		else
			attempts->v[nr++] = attempts->v[i];
	}
	attempts->nr = nr;
}

/*
 * By how much the trace's clock, which `ltpin alloc` has its times from, is ahead of the log's. Both
 * read one counter, but where it is not stable the kernel corrects that of the log alone, and
 * they come apart by seconds.
 */
static int64_t trace_ahead_ns(const struct lt_clock_set *clock)
{
	if (!clock->log_ns.known || !clock->trace_ns.known)
		return 0;
	return (int64_t)(clock->trace_ns.val - clock->log_ns.val);
}

/* A trace in latency-format has no times. */
static bool has_untimed(const struct lt_attempts *attempts, enum lt_attempt_source source)
{
	lt_vec_each(attempt, attempts)
		if (attempt->source == source && attempt->failed && !attempt->ts_ns.known)
			return true;
	return false;
}

static bool is_comparable(const struct lt_clock_set *clock)
{
	enum lt_clock_kind kind = lt_clock_kind_of(clock->trace_clock);

	return (clock->log_ns.known && clock->trace_ns.known) || kind == LT_CLOCK_LOG ||
	       kind == LT_CLOCK_GLOBAL;
}

/* What the log has, with what has another clock. */
static int unite_log(struct lt_attempts *attempts, enum lt_attempt_source with,
		     const struct lt_clock_set *clock, bool *is_gone)
{
	int nr = unite_sources(attempts, with, LT_ATTEMPT_LOG, trace_ahead_ns(clock), is_gone);
	int err = nr < 0 ? nr : 0;

	if (nr >= 0 && (has_untimed(attempts, with) || (!nr && !is_comparable(clock))))
		err = unite_untimed(attempts, with, true, is_gone);
	return err;
}

int lt_attempts_unite(struct lt_attempts *attempts, const struct lt_clock_set *clock)
{
	bool *is_gone = calloc(attempts->nr + 1, sizeof(*is_gone));
	int err;

	if (!is_gone)
		return -ENOMEM;
	err = unite_log(attempts, LT_ATTEMPT_TRACE, clock, is_gone);
	if (!err) {
		err = unite_sources(attempts, LT_ATTEMPT_ALLOC, LT_ATTEMPT_TRACE, 0, is_gone);
		err = err < 0 ? err : 0;
	}
	if (!err)
		err = unite_log(attempts, LT_ATTEMPT_ALLOC, clock, is_gone);
	if (!err)
		err = unite_untimed(attempts, LT_ATTEMPT_TRACE, false, is_gone);
	if (!err)
		err = unite_untimed(attempts, LT_ATTEMPT_ALLOC, false, is_gone);
	drop_gone(attempts, is_gone);
	free(is_gone);
	return err;
}
