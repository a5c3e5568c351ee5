// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Attempts from trace events, whose fields are in trace_fields.c.
 *
 * What the events prove (mm/cma.c, mm/page_alloc.c, mm/page_isolation.c of 5.10, 6.1,
 * 6.12 and 7.2): a task's events between its start and its finish are one attempt; on
 * 5.10, those up to its cma_alloc. page=0 is failure. finish's pfn is the last range
 * tried, -1 if none was; 0 on failure on 7.2. Up to 6.12 no range tried is -ENOMEM. A
 * task that starts again without a finish had asked for more than the area has (6.1,
 * 6.12), if the finish of others is recorded.
 *
 * Each range is isolated, emptied and tested. The request's range ends where that of
 * test_pages_isolated does, but may begin later. fin_pfn of ret=fail is the first page
 * in the way; ret=success can still end in a busy_retry, if a page was taken meanwhile.
 * A range without a test:
 *	isolation was refused	always -EBUSY, so that a busy_retry follows (6.1 and
 *				later; 7.2 also if a free huge page was taken as it was
 *				replaced); 5.10 emits nothing
 *	it could not be emptied	-ENOMEM or -EINTR, which ends the search without a
 *				busy_retry. What was busy is left for the test to find.
 * A kernel that tracks pages names the page too: trace_track.c.
 * 5.10 has no busy_retry, but isolates without migrating: there mm_migrate_pages with
 * reason=contig_range and no test after it proves the second. 6.12's
 * mm_alloc_contig_migrate_range_info does so too.
 */
#include "source/trace/trace_attempts.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array_size.h"
#include "source/trace/trace_fields.h"
#include "source/trace/trace_searches.h"
#include "source/trace/trace_track.h"

struct lt_trace_attempts {
	struct lt_trace_attempts_options options;
	struct lt_trace_searches searches;
	unsigned int nr_skipped;
};

struct lt_trace_attempts *lt_trace_attempts_new(const struct lt_trace_attempts_options *options)
{
	struct lt_trace_attempts *attempts = calloc(1, sizeof(*attempts));

	if (attempts)
		attempts->options = *options;
	return attempts;
}

unsigned int lt_trace_attempts_nr_skipped(const struct lt_trace_attempts *attempts)
{
	return attempts->nr_skipped;
}

void lt_trace_attempts_free(struct lt_trace_attempts *attempts)
{
	if (!attempts)
		return;
	lt_trace_searches_fini(&attempts->searches);
	free(attempts);
}

/* Hand the attempt out and forget the search. */
static int hand_out(struct lt_trace_attempts *attempts, struct lt_trace_search **at)
{
	struct lt_attempt attempt = (*at)->attempt;

	(*at)->attempt = (struct lt_attempt){ 0 };
	lt_trace_search_drop(&attempts->searches, at);
	return attempts->options.on_attempt(&attempt, attempts->options.arg);
}

/* Make the tested ranges the request's own; one that cannot be is somebody else's test. */
static void fit_tries(struct lt_attempt *attempt)
{
	uint64_t nr_pages = attempt->nr_pages.val;
	size_t nr = 0;

	lt_vec_each(tried, &attempt->tries) {
		if (tried->pfns.end_pfn < nr_pages ||
		    tried->pfns.start_pfn > tried->pfns.end_pfn - nr_pages)
			continue;
		tried->pfns.start_pfn = tried->pfns.end_pfn - nr_pages;
		attempt->tries.v[nr++] = *tried;
	}
	attempt->tries.nr = nr;
}

/* Why no event of its end is awaited any more. */
enum why_abandoned {
	ABANDONED_FULL,	    /* there are too many */
	ABANDONED_RETURNED, /* its task does what it cannot do meanwhile */
	ABANDONED_AT_END,   /* there will be no more events */
};

/* No event told how the search ended. */
static int abandon(struct lt_trace_attempts *attempts, struct lt_trace_search **at,
		   enum why_abandoned why)
{
	struct lt_attempt *attempt = &(*at)->attempt;

	if (!(*at)->is_started) {
		lt_trace_search_drop(&attempts->searches, at);
		return 0;
	}
	fit_tries(attempt);
	attempt->failed = attempt->is_refused = why == ABANDONED_RETURNED && !attempt->tries.nr &&
						!(*at)->is_torn && attempts->options.has_ends;
	attempt->is_open = !attempt->failed;
	attempt->is_under_way = why == ABANDONED_AT_END && !(*at)->is_torn;
	return hand_out(attempts, at);
}

/* The task's search, a new one if it has none. */
static int get_search(struct lt_trace_attempts *attempts, uint64_t pid,
		      struct lt_trace_search ***out)
{
	struct lt_trace_searches *searches = &attempts->searches;
	struct lt_trace_search **at = lt_trace_search_find(searches, pid);
	int err = *at && (*at)->is_cut ? abandon(attempts, at, false) : 0;

	if (err)
		return err;
	at = lt_trace_search_find(searches, pid);
	if (!*at && searches->nr == LT_TRACE_SEARCHES_MAX) {
		err = abandon(attempts, lt_trace_search_oldest(searches), ABANDONED_FULL);
		if (err)
			return err;
		at = lt_trace_search_find(searches, pid);
	}
	if (!*at && !lt_trace_search_add(searches, at, pid))
		return -ENOMEM;
	*out = at;
	return 0;
}

static int name_attempt(struct lt_trace_attempts *attempts, struct lt_attempt *attempt,
			const struct lt_trace_event *event, const struct lt_trace_fields *fields)
{
	struct lt_strings *strings = attempts->options.strings;
	const char *comm = lt_strings_span(strings, event->comm);

	attempt->source = LT_ATTEMPT_TRACE;
	attempt->area = LT_NO_AREA;
	attempt->count = 1;
	attempt->nr_pages = fields->count;
	attempt->align = fields->align;
	attempt->caller =
		comm ? lt_strings_format(strings, "%s-%llu", comm, (unsigned long long)event->pid)
		     : NULL;
	if (fields->has_name)
		attempt->area_name = lt_strings_span(strings, fields->name);
	if (event->stack)
		attempt->stack = event->stack;
	return attempt->caller && (attempt->area_name || !fields->has_name) ? 0 : -ENOMEM;
}

/* More than the area has, of which this kernel will tell no more. */
static bool is_refused(const struct lt_trace_attempts *attempts, const struct lt_attempt *attempt,
		       const struct lt_trace_fields *fields)
{
	const struct lt_areas *areas = attempts->options.areas;
	size_t area = LT_NO_AREA;

	if (areas && fields->is_open_count && attempt->area_name)
		area = lt_areas_find_name(areas, attempt->area_name);
	return area != LT_NO_AREA && areas->v[area].nr_pages.known &&
	       attempt->nr_pages.val > areas->v[area].nr_pages.val;
}

/* 7.2 does not search an area that has less than that, and says -EBUSY of it. */
static void note_room(struct lt_attempt *attempt, const struct lt_trace_fields *fields)
{
	attempt->nr_area = fields->nr_total;
	if (!fields->nr_available.known || fields->count.val <= fields->nr_available.val)
		return;
	attempt->nr_free = fields->nr_available;
	attempt->is_busy_if_full = true;
}

static int on_start(struct lt_trace_attempts *attempts, const struct lt_trace_event *event,
		    const struct lt_trace_fields *fields)
{
	struct lt_trace_search **at = lt_trace_search_find(&attempts->searches, event->pid);
	struct lt_attempt *attempt;
	int err = *at ? abandon(attempts, at, ABANDONED_RETURNED) : 0;

	if (!err)
		err = get_search(attempts, event->pid, &at);
	if (err)
		return err;
	attempt = &(*at)->attempt;
	(*at)->is_started = true;
	(*at)->is_torn = attempts->searches.is_torn;
	attempt->ts_ns = event->ts_ns;
	note_room(attempt, fields);
	err = name_attempt(attempts, attempt, event, fields);
	if (err || !is_refused(attempts, attempt, fields))
		return err;
	attempt->failed = attempt->is_refused = true;
	return hand_out(attempts, at);
}

/* An event of ours that cannot be read tells nothing, and its absence neither. */
static int pass_over(struct lt_trace_attempts *attempts)
{
	attempts->nr_skipped++;
	lt_trace_attempts_damaged(attempts);
	return 0;
}

static struct lt_try *last_try(struct lt_attempt *attempt)
{
	return attempt->tries.nr ? &attempt->tries.v[attempt->tries.nr - 1] : NULL;
}

static int add_try(struct lt_attempt *attempt, struct lt_num ts_ns, uint64_t start_pfn, bool ok,
		   enum lt_stage_of_try stage)
{
	struct lt_try *tried;
	uint64_t end_pfn;

	if (__builtin_add_overflow(start_pfn, attempt->nr_pages.val, &end_pfn))
		return 0;
	tried = lt_vec_push(&attempt->tries);
	if (!tried)
		return -ENOMEM;
	tried->pfns = (struct lt_range){ start_pfn, end_pfn };
	tried->ok = ok;
	tried->stage = stage;
	tried->ts_ns = ts_ns;
	return 0;
}

/* The page that was tracked while @search tried its last range names what was in its way. */
static void name_blocker(struct lt_trace_search *search)
{
	struct lt_try *last = last_try(&search->attempt);
	const struct lt_trace_track *track = &search->track;

	if (search->has_track && last && !last->ok && !last->blocker_pfn.known &&
	    lt_range_has(last->pfns, track->pfn)) {
		last->stage = LT_TRY_TEST;
		last->blocker_pfn = lt_num(track->pfn);
		last->blocker_refcount = track->refcount;
		last->blocker_mapcount = track->mapcount;
	}
	search->has_track = false;
}

static int on_retry(struct lt_trace_attempts *attempts, const struct lt_trace_event *event,
		    const struct lt_trace_fields *fields)
{
	struct lt_trace_search **at;
	struct lt_try *last;
	uint64_t end_pfn;
	bool is_proven;
	int err = get_search(attempts, event->pid, &at);

	if (err)
		return err;
	if (!fields->pfn.known ||
	    __builtin_add_overflow(fields->pfn.val, fields->count.val, &end_pfn))
		return pass_over(attempts);
	(*at)->attempt.nr_pages = fields->count;
	(*at)->is_migrating = false;
	last = last_try(&(*at)->attempt);
	if (last && last->pfns.end_pfn == end_pfn) {
		name_blocker(*at);
		return 0;
	}
	is_proven = attempts->options.has_tests && !(*at)->is_torn;
	err = add_try(&(*at)->attempt, event->ts_ns, fields->pfn.val, false,
		      is_proven ? LT_TRY_ISOLATE : LT_TRY_UNKNOWN);
	name_blocker(*at);
	return err;
}

static bool is_no_pfn(uint64_t pfn)
{
	return pfn == UINT64_MAX || pfn == UINT32_MAX;
}

/* How far the last range came, which was neither tested nor called busy. */
static enum lt_stage_of_try untested_stage(const struct lt_trace_attempts *attempts,
					   const struct lt_trace_search *search,
					   const struct lt_trace_fields *fields)
{
	bool is_told = search->is_migrating;

	if (search->is_torn)
		return LT_TRY_UNKNOWN;
	if (fields->ret.known)
		return fields->ret.val == ENOMEM || fields->ret.val == EINTR ? LT_TRY_MIGRATE
									     : LT_TRY_UNKNOWN;
	/* Were it -EBUSY, a busy_retry would have said so. */
	is_told |= search->is_started && attempts->options.has_retries;
	return is_told && attempts->options.has_tests ? LT_TRY_MIGRATE : LT_TRY_UNKNOWN;
}

/* Settle what the closing event leaves unsaid: the last range, and the errno up to 6.1. */
static int evaluate(const struct lt_trace_attempts *attempts, struct lt_trace_search *search,
		    struct lt_num ts_ns, const struct lt_trace_fields *fields)
{
	struct lt_attempt *attempt = &search->attempt;
	struct lt_try *last = last_try(attempt);
	bool is_last = last && fields->pfn.known && last->pfns.start_pfn == fields->pfn.val;

	attempt->failed = !fields->has_page;
	attempt->err = fields->ret;
	if (!attempt->failed || last) /* somebody gave pages back right after the start */
		attempt->nr_free.known = false;
	if (fields->has_page) {
		attempt->err = lt_num(0);
		if (!is_last)
			return fields->pfn.known ? add_try(attempt, ts_ns, fields->pfn.val, true,
							   LT_TRY_UNKNOWN)
						 : 0;
		*last = (struct lt_try){ .pfns = last->pfns,
					 .ok = true,
					 .is_emptied = last->is_emptied,
					 .ts_ns = last->ts_ns };
		return 0;
	}
	if (!fields->pfn.known)
		return 0;
	if (!fields->ret.known && is_no_pfn(fields->pfn.val))
		attempt->err = lt_num(ENOMEM);
	else if (!fields->ret.known && is_last)
		attempt->err = lt_num(EBUSY);
	if (is_last || is_no_pfn(fields->pfn.val) || !fields->pfn.val)
		return 0;
	return add_try(attempt, ts_ns, fields->pfn.val, false,
		       untested_stage(attempts, search, fields));
}

/* Whether every range that was tried was reported. 7.2 does not say which one another error ended. */
static bool has_all_tries(const struct lt_trace_attempts *attempts,
			  const struct lt_trace_search *search,
			  const struct lt_trace_fields *fields)
{
	if (search->is_torn || !fields->pfn.known)
		return false;
	if (!fields->has_page && fields->ret.known && fields->ret.val != EBUSY && !fields->pfn.val)
		return false;
	return search->is_started ? attempts->options.has_retries : attempts->options.has_tests;
}

/* cma_alloc_finish, and 5.10's cma_alloc. */
static int on_end(struct lt_trace_attempts *attempts, const struct lt_trace_event *event,
		  const struct lt_trace_fields *fields)
{
	struct lt_trace_search **at;
	struct lt_attempt *attempt;
	const struct lt_stack *stack;
	int err = get_search(attempts, event->pid, &at);

	if (err)
		return err;
	attempt = &(*at)->attempt;
	stack = attempt->stack;
	if ((*at)->is_started)
		attempt->latency_ns = lt_num_sub(event->ts_ns, attempt->ts_ns);
	else
		attempt->ts_ns = event->ts_ns;
	err = name_attempt(attempts, attempt, event, fields);
	if (err)
		return err;
	if (stack)
		attempt->stack = stack; /* the start's: both are of the request */
	fit_tries(attempt);
	attempt->has_lost = (*at)->is_torn;
	attempt->has_all_tries = has_all_tries(attempts, *at, fields);
	err = evaluate(attempts, *at, event->ts_ns, fields);
	name_blocker(*at);
	return err ? err : hand_out(attempts, at);
}

/* What a request tests ends with its own range, and is no shorter. */
static bool can_be_of(const struct lt_attempt *attempt, struct lt_range pfns)
{
	return pfns.start_pfn < pfns.end_pfn && lt_range_nr_pages(pfns) >= attempt->nr_pages.val;
}

/* Memory offlining emits it too; then no cma event of the task closes the attempt. */
static int on_test(struct lt_trace_attempts *attempts, const struct lt_trace_event *event)
{
	struct lt_trace_search **at;
	struct lt_range pfns;
	struct lt_try *tried, *last;
	struct lt_num fin_pfn;
	int err;

	if (!lt_trace_test_parse(event->fields, &pfns, &fin_pfn) ||
	    (fin_pfn.known && !lt_range_has(pfns, fin_pfn.val)))
		return pass_over(attempts);
	attempts->options.has_tests = true;
	err = get_search(attempts, event->pid, &at);
	if (err)
		return err;
	if ((*at)->is_started && !can_be_of(&(*at)->attempt, pfns))
		return pass_over(attempts);
	/* One search only moves on: what does not is the next one's, the end of this was lost. */
	last = last_try(&(*at)->attempt);
	if (!(*at)->is_started && last && pfns.end_pfn <= last->pfns.end_pfn)
		lt_vec_free(&(*at)->attempt.tries);
	tried = lt_vec_push(&(*at)->attempt.tries);
	if (!tried)
		return -ENOMEM;
	(*at)->is_migrating = false;
	tried->pfns = pfns;
	tried->stage = fin_pfn.known ? LT_TRY_TEST : LT_TRY_UNKNOWN;
	tried->is_emptied = !fin_pfn.known;
	tried->blocker_pfn = fin_pfn;
	tried->ts_ns = event->ts_ns;
	return 0;
}

/* Migration for a contiguous range, of a search or of memory offlining. */
static int on_migration(struct lt_trace_attempts *attempts, const struct lt_trace_event *event)
{
	struct lt_trace_search **at;
	int err = get_search(attempts, event->pid, &at);

	if (!err)
		(*at)->is_migrating = true;
	return err;
}

/* The same, with what became of the pages. */
static int on_migration_counts(struct lt_trace_attempts *attempts,
			       const struct lt_trace_event *event)
{
	int err = on_migration(attempts, event);
	struct lt_trace_search **at = lt_trace_search_find(&attempts->searches, event->pid);

	if (!err && *at && !lt_trace_migration_parse(event->fields, &(*at)->attempt.counts))
		attempts->nr_skipped++;
	return err;
}

static int on_migrate_pages(struct lt_trace_attempts *attempts, const struct lt_trace_event *event)
{
	struct lt_text fields = event->fields;

	return lt_text_find(&fields, "reason=contig_range") ? on_migration(attempts, event) : 0;
}

/* A kernel that tracks such pages names one of the range that was just tested. */
static int on_track(struct lt_trace_attempts *attempts, const struct lt_trace_event *event,
		    const struct lt_trace_track *track)
{
	struct lt_trace_search **at;
	int err;

	if (!track->is_in_way)
		return 0;
	err = get_search(attempts, event->pid, &at);
	if (!err && !(*at)->has_track) {
		(*at)->has_track = true;
		(*at)->track = *track;
	}
	return err;
}

/* What a task in cma_alloc() does not do. */
static int on_other(struct lt_trace_attempts *attempts, const struct lt_trace_event *event)
{
	struct lt_trace_search **at = lt_trace_search_find(&attempts->searches, event->pid);
	int err = 0;

	if (*at && (*at)->is_started &&
	    (lt_span_is(event->name, "cma_release") ||
	     lt_span_is(event->name, "sched_process_exit")))
		err = abandon(attempts, at, ABANDONED_RETURNED);
	if (err || !attempts->options.on_event)
		return err;
	return attempts->options.on_event(event, attempts->options.arg);
}

/* It has a field that only our events have, and no name of theirs: that was cut. */
static bool is_damaged(const struct lt_trace_event *event)
{
	struct lt_text at = event->fields, errorno = event->fields;

	return lt_text_find(&at, "fin_pfn=") || lt_text_find(&errorno, "errorno=") ||
	       (!event->name.len && lt_text_literal(&at, "pfn="));
}

int lt_trace_attempts_push(struct lt_trace_attempts *attempts, const struct lt_trace_event *event)
{
	static const struct {
		const char *name;
		bool has_pfn;
		int (*on)(struct lt_trace_attempts *, const struct lt_trace_event *,
			  const struct lt_trace_fields *);
	} ours[] = {
		{ "cma_alloc", true, on_end },
		{ "cma_alloc_start", false, on_start },
		{ "cma_alloc_busy_retry", true, on_retry },
		{ "cma_alloc_finish", true, on_end },
	};
	struct lt_trace_fields fields;
	struct lt_trace_track track;
	int tracked;

	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		if (!lt_span_is(event->name, ours[i].name))
			continue;
		if (lt_trace_fields_parse(event->fields, ours[i].has_pfn, &fields))
			return ours[i].on(attempts, event, &fields);
		return pass_over(attempts);
	}
	if (lt_span_is(event->name, "test_pages_isolated"))
		return on_test(attempts, event);
	if (lt_span_is(event->name, "mm_migrate_pages"))
		return on_migrate_pages(attempts, event);
	if (lt_span_is(event->name, "mm_alloc_contig_migrate_range_info"))
		return on_migration_counts(attempts, event);
	if (is_damaged(event))
		return pass_over(attempts);
	tracked = lt_trace_track_parse(event, &track);
	if (tracked == -EBADMSG)
		return pass_over(attempts);
	return tracked > 0 ? on_track(attempts, event, &track) : on_other(attempts, event);
}

void lt_trace_attempts_damaged(struct lt_trace_attempts *attempts)
{
	lt_trace_searches_damage(&attempts->searches);
}

void lt_trace_attempts_lost(struct lt_trace_attempts *attempts)
{
	lt_trace_searches_tear(&attempts->searches);
}

int lt_trace_attempts_finish(struct lt_trace_attempts *attempts)
{
	struct lt_trace_search **oldest;
	int err = 0;

	while (!err && (oldest = lt_trace_search_oldest(&attempts->searches)))
		err = abandon(attempts, oldest, ABANDONED_AT_END);
	return err;
}
