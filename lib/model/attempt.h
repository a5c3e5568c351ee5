/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_ATTEMPT_H
#define LT_MODEL_ATTEMPT_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/range.h"
#include "base/vec.h"
#include "model/blocker.h"
#include "model/folio.h"
#include "model/pfns.h"
#include "model/stack.h"

/* How far the kernel got with one range. */
enum lt_stage_of_try {
	LT_TRY_UNKNOWN,
	LT_TRY_ISOLATE, /* could not isolate the pageblocks */
	LT_TRY_MIGRATE, /* could not move the pages away */
	LT_TRY_TEST,	/* after migration a page was still there (test_pages_isolated) */
};

/* "isolate", "migrate", "test", or NULL. */
const char *lt_try_stage_name(enum lt_stage_of_try stage);

/* One range the kernel tried. */
struct lt_try {
	struct lt_range pfns; /* the request's own range: it ends where test_pages_isolated ends;
				      one page, if the log names a page in it alone */
	bool ok;
	enum lt_stage_of_try stage; /* of the failure */
	bool is_emptied;	    /* the kernel's test found no page left in it */
	struct lt_num ts_ns;	    /* of the event, or line, that reports it; ns since boot */
	struct lt_num blocker_pfn;  /* first blocking page; not the only one: lt_try_blocker() */
	/* of that page, as the kernel dumped it (log) */
	struct lt_num blocker_refcount, blocker_mapcount;
};

LT_VEC_OF(lt_tries, struct lt_try);

enum lt_attempt_source {
	LT_ATTEMPT_LOG,	  /* kernel log: failures only */
	LT_ATTEMPT_TRACE, /* trace events: every attempt, every range */
	LT_ATTEMPT_ALLOC, /* `ltpin alloc`, which also samples the pins at the time */
};

const char *lt_attempt_source_name(enum lt_attempt_source source);

/**
 * struct lt_attempt_counts - what the kernel counted over all ranges that a request tried
 * @nr_isolate_failed: ranges whose pageblocks could not be isolated
 * @nr_migrate_failed: ranges that could not be emptied
 * @nr_test_failed:    ranges in which a page still was after that
 * @nr_migrated:       pages that were to be moved
 * @nr_reclaimed:      clean pages that were dropped instead
 * @nr_mapped:	       of those that were to be moved, how often they were mapped
 *
 * Unknown where the kernel does not trace it: mainline never counts the failed ranges.
 */
struct lt_attempt_counts {
	struct lt_num nr_isolate_failed, nr_migrate_failed, nr_test_failed;
	struct lt_num nr_migrated, nr_reclaimed, nr_mapped;
};

/**
 * struct lt_attempt - one cma_alloc() call (or @count equal ones, where a saved document says so)
 * @ts_ns:	when it began (trace; on 5.10, which tells only the end, when it ended) or was
 *		reported (log), ns since boot
 * @last_ts_ns:	when the last of @count was; unknown if it is the only one
 * @source:	that says most of it
 * @also:	the others that report it: 1 << enum lt_attempt_source each
 * @is_refused:	its task went on, and neither a range nor the end of a search was traced: 6.1 and 6.12
 *		do so of a request for more than the area has
 * @is_paired:	a log that has no times reports one like it, which is taken for this: they may be two;
 *		or it is of such a log, and another one was taken for a call
 * @area_name:	as the source names it; NULL on 5.10
 * @area:	index into the snapshot's areas, LT_NO_AREA if not known
 * @nr_pages:	requested
 * @nr_pages_max: no more than this was requested, as far as busy ranges tell (5.10's log)
 * @align:	requested alignment as an order
 * @err:	positive errno, 0 for success; unknown if the source does not tell
 * @failed:	whether it failed
 * @is_open:	how it ended is not known, so that @failed is false and says nothing: the log of 5.10
 *		names ranges that were busy, not what became of the allocation; the trace ended first
 * @is_under_way: of an open one: it began, and up to the end of the trace nothing shows that it ended
 * @age_ns:	of one that is under way: how long, when the trace was read, which was going on then
 * @latency_ns:	from start to finish event
 * @pfn:	first page it got; unknown on failure, or if the source does not tell
 * @nr_free:	pages of the area that cma_alloc() had not given out at that moment (log; trace of 7.2,
 *		where they are fewer than were requested)
 * @largest_free_run: the longest run of them
 * @largest_aligned_run: the longest that begins where the request may begin; if @align is unknown, as
 *		drivers align what they ask for
 * @nr_area:	pages of the area (as @nr_free)
 * @is_busy_if_full: log or trace is of a kernel that says -EBUSY, too, where no run is long enough
 * @free_elsewhere_kib: memory that was free outside CMA at that moment (memory info in the log)
 * @min_elsewhere_kib: what the kernel keeps free of it: the watermarks "min" of all zones
 * @caller:	task "comm-pid" or "pid 744", or driver and device; NULL if not known
 * @stack:	of the request in the kernel; NULL if not recorded
 * @fallback:	the line of the log that says that the caller got memory elsewhere; NULL if none does
 * @count:	how many equal ones this stands for: 1 wherever ltpin itself read of it
 * @tries:	in order
 * @counts:	of all ranges that it tried (trace)
 * @is_united:	it is of a saved document, whose attempts were united with each other when it was saved
 * @has_lost:	events of it may be lost (trace)
 * @has_all_tries: each range that it tried is among them; on 5.10, each one that could be isolated
 * @blockers:	the distinct pages that blocked it, in the order of the tries, once somebody looked at
 *		them; @nr_blockers_left more of them were not looked at
 * @sampled:	pins were sampled right before and right after this attempt: @pinned is complete
 * @pinned:	pages of the folios in the area that had a pin count in both samples, so they were
 *		pinned all through the attempt; ascending
 * @sampled_after_ns: from the end of the attempt to the end of the second sample
 */
struct lt_attempt {
	struct lt_num ts_ns, last_ts_ns;
	enum lt_attempt_source source;
	unsigned int also;
	const char *area_name;
	size_t area;
	struct lt_num nr_pages, nr_pages_max, align, err, latency_ns, age_ns, pfn;
	struct lt_num nr_free, largest_free_run, largest_aligned_run, nr_area;
	struct lt_num free_elsewhere_kib, min_elsewhere_kib;
	bool failed, is_open, is_under_way, has_all_tries, is_busy_if_full;
	bool is_refused, is_paired, is_united, has_lost;
	const char *caller, *fallback;
	const struct lt_stack *stack;
	unsigned int count;
	struct lt_attempt_counts counts;
	struct lt_tries tries;
	struct lt_blockers blockers;
	unsigned int nr_blockers_left;
	bool sampled;
	struct lt_ranges pinned;
	struct lt_num sampled_after_ns;
};

LT_VEC_OF(lt_attempts, struct lt_attempt);

/* Whether @attempt is known to have failed with @err, which is positive. */
bool lt_attempt_has_err(const struct lt_attempt *attempt, uint64_t err);

/* Whether a run of @nr_pages or more is known to have been free in the bitmap then. */
bool lt_attempt_had_run(const struct lt_attempt *attempt, uint64_t nr_pages);

/* The page that the kernel named as what blocked this range; unknown if none, or if it passed. */
struct lt_num lt_try_blocker(const struct lt_try *tried);

/*
 * Whether the page that @tried names may stand for its block: before any page the kernel (6.1 and
 * later) looks at one in each pageblock's length, from the first page of the range on, which need
 * not be the first of a pageblock. Where the order of a pageblock is not known, it is taken for the
 * smallest there is.
 */
bool lt_try_may_name_block(const struct lt_try *tried, struct lt_num pageblock_order);

/*
 * How many ranges are known to have been tried, each once or more often; unknown where the log
 * names none. It has pages alone from 6.1 on: several of one range, or none of many.
 */
struct lt_num lt_attempt_nr_ranges(const struct lt_attempt *attempt);

/* The first page that blocked a range of @attempt; unknown if none is named. */
struct lt_num lt_attempt_blocker(const struct lt_attempt *attempt);

/**
 * lt_attempt_blockers() - the pages that blocked ranges of @attempt
 * @out: gets each page once, in the order in which the search met them; appended to
 *
 * They made it fail only if it failed: one that got a later range was blocked too.
 *
 * Return: 0 or -ENOMEM, @out untouched then.
 */
int lt_attempt_blockers(const struct lt_attempt *attempt, struct lt_pfns *out)
	__must_check __nonnull_all;

/* When it was reported last, unknown if no source tells. */
struct lt_num lt_attempt_last_ns(const struct lt_attempt *attempt);

/*
 * Whether two failures of which no range is known differ in nothing but the time: where they
 * are shown one after the other, one row with a count does for both.
 */
bool lt_attempt_is_repeat(const struct lt_attempt *a, const struct lt_attempt *b);

void lt_attempt_fini(struct lt_attempt *attempt);
void lt_attempts_free(struct lt_attempts *attempts);

/* Drop those whose last was reported before @ns; of unknown time none is. How many failed of them. */
uint64_t lt_attempts_drop_before(struct lt_attempts *attempts, uint64_t ns);

/* Add all pages of @folio to the ascending @pinned, unless they are there. 0 or -ENOMEM. */
int lt_pinned_add(struct lt_ranges *pinned, const struct lt_folio *folio)
	__must_check __nonnull_all;

/* The distinct pages that the kernel named as what made an attempt fail, sorted. 0 or -ENOMEM. */
int lt_attempts_blockers(const struct lt_attempts *attempts, struct lt_pfns *out)
	__must_check __nonnull_all;

struct lt_areas;

/**
 * lt_attempts_locate() - say in which area each attempt was made
 * @attempts: those that have no area yet get the one of their name, else the one that holds every
 *	      range they tried; open ones that ask for more than the area has become failed, for the
 *	      kernel refuses them before it searches
 * @areas:    one without a name takes that of the attempts whose ranges all lie in it
 */
void lt_attempts_locate(struct lt_attempts *attempts, struct lt_areas *areas);

/**
 * lt_attempts_eliminate() - locate what is left, there being no other areas than @areas
 *
 * To be called only after lt_areas_are_all(): then a name that fits no area is
 * that of the only area without one, and an attempt of which nothing is told
 * was made in the only area there is.
 */
void lt_attempts_eliminate(struct lt_attempts *attempts, struct lt_areas *areas);

#endif
