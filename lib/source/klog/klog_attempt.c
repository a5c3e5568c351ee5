// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Failed attempts, put together from the lines of the kernel log that speak of
 * them. No line names the attempt: what belongs together is told by the task
 * or CPU in the prefix where there is one, by the order, and by time. Where two
 * failures claim the same line, neither gets it.
 *
 *	before:	"cma: " FUNCTION "(cma " P ", " ["name: " AREA ", "] "count " N ", align " N ")"
 *		"cma: " FUNCTION "(): memory range at pfn 0x" HEX " " P " is busy, retrying"
 *		page dumps, behind a stack dump			6.1 and later
 *		"PFNs busy", one for each range			up to 5.10
 *	the failure itself: klog.c
 *	after:	the bitmap of the area, stacks and words of the driver, memory info
 *
 * The first two need CONFIG_CMA_DEBUG; up to 6.1 the second has no PFN.
 * From 6.1 on "alloc failed" is rate-limited and the bitmap is not: one that
 * follows no failure stands for a line that was kept back, and says nothing of
 * which request.
 */
#include "source/klog/klog_attempt.h"

#include <errno.h>
#include <string.h>

#include "model/area.h"

/* The search for one allocation reports a busy range at least this often. */
#define NS_BETWEEN_BUSY 1000000000u

/* What a task prints after a failure, it prints at once. */
#define NS_AFTER 1000000000u

/* A search can go on for long after it met a page, and before it fails. */
#define NS_SEARCH 10000000000u

/* So soon its driver says that it got none, where no size ties its words to the failure. */
#define NS_AT_ONCE 100000000u

/* Lines that may lie between a failure and what its driver says, if that tells the size. */
#define LINES_TO_DRIVER_MAX 8

/* Where nothing tells the time: a stack or a memory info is not longer. */
#define LINES_AFTER_MAX 64

/* More failures than `dmesg | tail` shows, or a screen has lines. */
#define NR_PASTED_MAX 256

/* So that an attempt is moved a few times at most, however long the log is. */
#define NR_DROPPED_AT_ONCE (LT_KLOG_ATTEMPTS_MAX / 8)

void lt_klog_attempts_fini(struct lt_klog_attempts *log)
{
	lt_attempts_free(&log->attempts);
	lt_vec_free(&log->bitmaps);
	lt_vec_free(&log->call.busy);
	lt_vec_free(&log->dumps.pages);
}

static struct lt_attempt *last_attempt(struct lt_klog_attempts *log)
{
	return log->attempts.nr ? &log->attempts.v[log->attempts.nr - 1] : NULL;
}

/* What went with the first @nr attempts goes with them. */
static bool has_moved(struct lt_klog_failure *failure, size_t nr)
{
	bool is_kept = failure->i >= nr;

	if (is_kept)
		failure->i -= nr;
	return is_kept;
}

static void drop_first(struct lt_klog_attempts *log, size_t nr)
{
	size_t nr_waiting = 0;

	for (size_t i = 0; i < nr; i++)
		lt_attempt_fini(&log->attempts.v[i]);
	log->attempts.nr -= nr;
	log->bitmaps.nr -= nr;
	memmove(log->attempts.v, log->attempts.v + nr, log->attempts.nr * sizeof(*log->attempts.v));
	memmove(log->bitmaps.v, log->bitmaps.v + nr, log->bitmaps.nr * sizeof(*log->bitmaps.v));
	log->nr_dropped += nr;
	for (size_t i = 0; i < log->nr_waiting; i++)
		if (has_moved(&log->waiting[i], nr))
			log->waiting[nr_waiting++] = log->waiting[i];
	log->nr_waiting = nr_waiting;
	log->has_last = log->has_last && has_moved(&log->last, nr);
	log->has_bitmap_of = log->has_bitmap_of && has_moved(&log->bitmap_of, nr);
}

static struct lt_attempt *add_attempt(struct lt_klog_attempts *log, struct lt_num ts_ns)
{
	struct lt_attempt *attempt;

	if (log->attempts.nr == LT_KLOG_ATTEMPTS_MAX + NR_DROPPED_AT_ONCE)
		drop_first(log, NR_DROPPED_AT_ONCE);
	if (!lt_vec_push(&log->bitmaps))
		return NULL;
	attempt = lt_vec_push(&log->attempts);
	if (!attempt) {
		log->bitmaps.nr--;
		return NULL;
	}
	attempt->source = LT_ATTEMPT_LOG;
	attempt->area = LT_NO_AREA;
	attempt->ts_ns = ts_ns;
	attempt->count = 1;
	return attempt;
}

int lt_klog_attempts_busy(struct lt_klog_attempts *log, const struct lt_klog_line *line,
			  struct lt_range pfns)
{
	struct lt_attempt *attempt = last_attempt(log);
	uint64_t nr_pages = lt_range_nr_pages(pfns);
	struct lt_try *tried;

	/* One search only ever moves on: a range that does not is the next search's. */
	if (!attempt || !attempt->is_open ||
	    !lt_klog_is_soon(log->last_busy_ns, line->ts_ns, NS_BETWEEN_BUSY) ||
	    pfns.end_pfn <= attempt->tries.v[attempt->tries.nr - 1].pfns.end_pfn)
		attempt = add_attempt(log, line->ts_ns);
	if (!attempt)
		return -ENOMEM;
	attempt->is_open = true;
	/* The kernel tested from the free block on that the request's own range begins in. */
	if (!attempt->nr_pages_max.known || nr_pages < attempt->nr_pages_max.val)
		attempt->nr_pages_max = lt_num(nr_pages);
	log->last_busy_ns = line->ts_ns;
	tried = lt_vec_push(&attempt->tries);
	if (!tried)
		return -ENOMEM;
	tried->pfns = pfns;
	tried->stage = LT_TRY_TEST;
	tried->ts_ns = line->ts_ns;
	return 0;
}

/* The attempt whose busy ranges were those of a search for @nr_pages that now failed, or NULL. */
static struct lt_attempt *find_search(struct lt_klog_attempts *log, const struct lt_klog_line *line,
				      uint64_t nr_pages)
{
	struct lt_attempt *attempt = last_attempt(log);

	if (!attempt || !attempt->is_open || attempt->nr_pages_max.val < nr_pages ||
	    !lt_klog_is_soon(log->last_busy_ns, line->ts_ns, NS_BETWEEN_BUSY))
		return NULL;
	lt_vec_each(tried, &attempt->tries)
		tried->pfns.start_pfn = tried->pfns.end_pfn - nr_pages;
	/* Exactly as long, they are known to be of this request wherever its area is. */
	attempt->nr_pages_max.known = attempt->nr_pages_max.val == nr_pages;
	return attempt;
}

static struct lt_try *add_try(struct lt_attempt *attempt, uint64_t start_pfn, uint64_t nr_pages)
{
	struct lt_try *tried = NULL;
	uint64_t end_pfn;

	if (!__builtin_add_overflow(start_pfn, nr_pages, &end_pfn))
		tried = lt_vec_push(&attempt->tries);
	if (tried)
		tried->pfns = (struct lt_range){ start_pfn, end_pfn };
	return tried;
}

/* What CONFIG_CMA_DEBUG announced is this failure's if it asked for the same. */
static int parse_call(struct lt_klog_attempts *log, const struct lt_klog_line *line,
		      struct lt_attempt *attempt)
{
	struct lt_klog_call *call = &log->call;
	int err = 0;

	if (call->is_known && call->nr_pages == attempt->nr_pages.val &&
	    !lt_klog_context_is_other(&call->by, &line->by) &&
	    lt_klog_is_soon(call->ts_ns, line->ts_ns, NS_SEARCH)) {
		attempt->align = lt_num(call->align);
		lt_vec_each(range, &call->busy)
			if (!add_try(attempt, range->start_pfn, call->nr_pages))
				err = -ENOMEM;
	}
	call->is_known = false;
	call->busy.nr = 0;
	return err;
}

/*
 * The index of the first page that this search dumped: one that goes on dumps the next, or ends, soon
 * after. What was dumped long before is of a search that found another range in the end.
 */
static size_t first_of_search(const struct lt_klog_pages *pages, const struct lt_klog_line *line)
{
	struct lt_num next_ns = line->ts_ns;
	size_t first = pages->nr;

	while (first && lt_klog_is_soon(pages->v[first - 1].ts_ns, next_ns, NS_BETWEEN_BUSY)) {
		first--;
		if (pages->v[first].ts_ns.known &&
		    !lt_klog_context_is_other(&pages->v[first].by, &line->by))
			next_ns = pages->v[first].ts_ns;
	}
	return first;
}

static int parse_pages(struct lt_klog_attempts *log, const struct lt_klog_line *line,
		       struct lt_attempt *attempt)
{
	struct lt_klog_pages *pages = &log->dumps.pages;
	int err = 0;

	for (size_t i = first_of_search(pages, line); i < pages->nr; i++) {
		const struct lt_klog_page *page = &pages->v[i];
		struct lt_try *tried;

		if (lt_klog_context_is_other(&page->by, &line->by))
			continue;
		tried = add_try(attempt, page->pfn, 1);
		if (!tried) {
			err = -ENOMEM;
			continue;
		}
		tried->stage = LT_TRY_MIGRATE;
		tried->ts_ns = page->ts_ns;
		tried->blocker_pfn = lt_num(page->pfn);
		tried->blocker_refcount = page->refcount;
		tried->blocker_mapcount = page->mapcount;
	}
	pages->nr = 0;
	return err;
}

static int parse_caller(struct lt_klog_attempts *log, const struct lt_klog_line *line,
			struct lt_attempt *attempt)
{
	struct lt_klog_stack *stack = &log->stack;

	if (line->by.is_task)
		attempt->caller = lt_klog_caller_task(log->strings, line->by.comm, line->by.id);
	else if (stack->is_migrating && lt_klog_is_soon(stack->ts_ns, line->ts_ns, NS_SEARCH) &&
		 !lt_klog_context_is_other(&stack->by, &line->by))
		attempt->caller = lt_klog_stack_caller(log->strings, stack);
	else
		return 0;
	stack->is_known = false;
	return attempt->caller ? 0 : -ENOMEM;
}

/*
 * Two consoles, or lines sorted by level: the driver's words may stand before the kernel's. They
 * must tell exactly the size, for nothing else says that they are of this request.
 */
static int parse_words(struct lt_klog_attempts *log, const struct lt_klog_line *line,
		       struct lt_attempt *attempt)
{
	struct lt_klog_words *words = &log->words;
	bool is_timed = words->ts_ns.known && line->ts_ns.known;
	struct lt_span who;

	if (!words->is_known || attempt->caller ||
	    lt_klog_context_is_other(&words->by, &line->by) ||
	    (is_timed ? !lt_klog_is_soon(words->ts_ns, line->ts_ns, NS_AFTER)
		      : words->nr_lines_since > LINES_TO_DRIVER_MAX))
		return 0;
	who = lt_klog_words_who(words, attempt->nr_pages.val);
	if (!who.len)
		return 0;
	words->is_known = false;
	attempt->caller = lt_strings_span(log->strings, who);
	return attempt->caller ? 0 : -ENOMEM;
}

/* Memory info that was printed right before, or right after, the failure. */
static void parse_meminfo(struct lt_klog_attempts *log, struct lt_attempt *attempt)
{
	attempt->free_elsewhere_kib = log->meminfo.free_kib;
	attempt->min_elsewhere_kib = log->meminfo.min_kib;
}

static void await_bitmap(struct lt_klog_attempts *log, const struct lt_klog_failure *failure)
{
	size_t nr = 0;

	for (size_t i = 0; i < log->nr_waiting; i++)
		if (lt_klog_is_soon(log->waiting[i].ts_ns, failure->ts_ns, NS_AFTER))
			log->waiting[nr++] = log->waiting[i];
	if (nr == LT_KLOG_WAITING_MAX)
		memmove(log->waiting, log->waiting + 1, --nr * sizeof(log->waiting[0]));
	log->waiting[nr++] = *failure;
	log->nr_waiting = nr;
}

static void note_latest(struct lt_klog_attempts *log, struct lt_num ts_ns)
{
	if (ts_ns.known && (!log->latest_ns.known || ts_ns.val > log->latest_ns.val))
		log->latest_ns = ts_ns;
}

static bool is_same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Whether somebody pasted the log's end once more: the stamps go back, to the same failure. */
static bool is_copy(const struct lt_klog_attempts *log, struct lt_num ts_ns, const char *area,
		    uint64_t nr_pages, uint64_t err)
{
	if (!ts_ns.known || !log->latest_ns.known || ts_ns.val >= log->latest_ns.val)
		return false;
	for (size_t i = log->attempts.nr; i && log->attempts.nr - i < NR_PASTED_MAX; i--) {
		const struct lt_attempt *attempt = &log->attempts.v[i - 1];

		if (attempt->ts_ns.known && attempt->ts_ns.val < ts_ns.val)
			return false;
		if (attempt->failed && attempt->ts_ns.known && attempt->ts_ns.val == ts_ns.val &&
		    attempt->nr_pages.val == nr_pages && attempt->err.val == err &&
		    is_same_name(attempt->area_name, area))
			return true;
	}
	return false;
}

int lt_klog_attempts_failure(struct lt_klog_attempts *log, const struct lt_klog_line *line,
			     const char *area, uint64_t nr_pages, uint64_t err)
{
	struct lt_attempt *attempt;
	int lost;

	if (is_copy(log, line->ts_ns, area, nr_pages, err))
		return 0;
	note_latest(log, line->ts_ns);
	attempt = find_search(log, line, nr_pages);
	if (!attempt)
		attempt = add_attempt(log, line->ts_ns);
	if (!attempt)
		return -ENOMEM;
	log->nr_failed++;
	attempt->is_open = false;
	attempt->failed = true;
	attempt->count = line->nr_repeats ? line->nr_repeats : 1;
	attempt->area_name = area;
	attempt->nr_pages = lt_num(nr_pages);
	attempt->err = lt_num(err);
	log->last = (struct lt_klog_failure){ (size_t)(attempt - log->attempts.v), line->ts_ns,
					      line->by };
	log->last.by.comm = (struct lt_span){ 0 };
	log->has_last = true;
	log->nr_lines_since = 0;
	await_bitmap(log, &log->last);
	if (log->meminfo.is_complete &&
	    lt_klog_is_soon(log->meminfo.ts_ns, line->ts_ns, NS_AFTER) &&
	    log->meminfo.ts_ns.known && !lt_klog_context_is_other(&log->meminfo.by, &line->by))
		parse_meminfo(log, attempt);
	lost = parse_caller(log, line, attempt);
	lost = lost ? lost : parse_words(log, line, attempt);
	lost = lost ? lost : parse_pages(log, line, attempt);
	return lost ? lost : parse_call(log, line, attempt);
}

/* The one failure that can have printed @line; false if there is none, or more. */
static bool find_waiting(struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < log->nr_waiting; i++) {
		if (!lt_klog_is_soon(log->waiting[i].ts_ns, line->ts_ns, NS_AFTER) ||
		    lt_klog_context_is_other(&log->waiting[i].by, &line->by))
			continue;
		if (found != SIZE_MAX)
			return false;
		found = i;
	}
	if (found == SIZE_MAX)
		return false;
	log->bitmap_of = log->waiting[found];
	log->waiting[found] = log->waiting[--log->nr_waiting];
	return true;
}

uint64_t lt_klog_attempt_align(const struct lt_attempt *attempt)
{
	uint64_t align = 0;

	if (attempt->align.known)
		return attempt->align.val;
	while (align < LT_KLOG_ALIGN_MAX && 1ull << align < attempt->nr_pages.val)
		align++;
	return align;
}

static void close_bitmap(struct lt_klog_attempts *log)
{
	struct lt_attempt *attempt;

	if (log->bitmap.is_open || !log->has_bitmap_of)
		return;
	log->has_bitmap_of = false;
	attempt = &log->attempts.v[log->bitmap_of.i];
	log->bitmaps.v[log->bitmap_of.i] = log->bitmap;
	if (log->bitmap.is_complete)
		attempt->nr_area = lt_num(log->bitmap.nr_total);
	attempt->is_busy_if_full = log->bitmap.is_by_range;
	/* To be checked again when it is known which area that is. */
	attempt->nr_free =
		lt_klog_bitmap_nr_free(&log->bitmap, (struct lt_num){ 0 }, attempt->area_name);
	attempt->largest_free_run =
		lt_klog_bitmap_largest(&log->bitmap, (struct lt_num){ 0 }, attempt->area_name);
	attempt->largest_aligned_run =
		lt_klog_bitmap_aligned(&log->bitmap, (struct lt_num){ 0 }, attempt->area_name,
				       lt_klog_attempt_align(attempt));
}

void lt_klog_attempts_bitmap(struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	log->has_bitmap_of = find_waiting(log, line);
	lt_klog_bitmap_begin(&log->bitmap);
	lt_klog_bitmap_parse(&log->bitmap, line->text);
	close_bitmap(log);
}

/* Whether @line can go on with the bitmap that is being read. */
static bool is_going_on(const struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	return log->bitmap.is_open &&
	       (!log->has_bitmap_of ||
		(lt_klog_is_soon(log->bitmap_of.ts_ns, line->ts_ns, NS_AFTER) &&
		 !lt_klog_context_is_other(&log->bitmap_of.by, &line->by)));
}

void lt_klog_attempts_range(struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	if (!is_going_on(log, line))
		return;
	lt_klog_bitmap_range(&log->bitmap);
	lt_klog_bitmap_parse(&log->bitmap, line->text);
	close_bitmap(log);
}

bool lt_klog_attempts_rest(struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	if (!is_going_on(log, line) || !lt_klog_bitmap_is_rest(line->text))
		return false;
	lt_klog_bitmap_parse(&log->bitmap, line->text);
	close_bitmap(log);
	return true;
}

/* NULL as %p prints it: "(null)", or on newer kernels zeroes of the width of a pointer. */
static bool is_null(struct lt_text at)
{
	struct lt_span word;

	if (!lt_text_word(&at, &word))
		return false;
	if (lt_span_is(word, "(null)"))
		return true;
	for (size_t i = 0; i < word.len; i++)
		if (word.p[i] != '0')
			return false;
	return word.len == 8 || word.len == 16;
}

/*
 * CONFIG_CMA_DEBUG says how each call ended: so also where "alloc failed" is not printed, by a kernel
 * before 4.11, or for a caller that wants no warning (__GFP_NOWARN). @at: behind "returned ".
 */
static int end_call(struct lt_klog_attempts *log, const struct lt_klog_line *line,
		    struct lt_text at)
{
	struct lt_klog_call *call = &log->call;
	struct lt_attempt *attempt;

	call->is_known = false;
	lt_text_blanks(&at);
	if (!is_null(at))
		return 0;
	attempt = add_attempt(log, line->ts_ns);
	if (!attempt)
		return -ENOMEM;
	log->nr_failed++;
	attempt->failed = true;
	attempt->area_name = call->area;
	attempt->nr_pages = lt_num(call->nr_pages);
	attempt->align = lt_num(call->align);
	return 0;
}

/* @before: P [", name: " AREA] */
static int name_call(struct lt_klog_attempts *log, struct lt_span before)
{
	struct lt_text at;

	lt_text_init(&at, before.p, before.len);
	log->call.area = NULL;
	if (!lt_text_find(&at, ", name: "))
		return 0;
	log->call.area = lt_strings_span(log->strings, lt_text_rest(&at));
	return log->call.area ? 0 : -ENOMEM;
}

/* The cursor stands behind "(cma ". */
static int begin_call(struct lt_klog_attempts *log, struct lt_klog_line *line)
{
	struct lt_klog_call *call = &log->call;
	struct lt_span before;

	call->is_known = false;
	call->busy.nr = 0;
	if (!lt_text_until_last(&line->text, ", count ", &before) ||
	    !lt_text_u64(&line->text, &call->nr_pages) ||
	    !lt_text_literal(&line->text, ", align ") || !lt_text_u64(&line->text, &call->align) ||
	    !lt_text_literal(&line->text, ")") || !call->nr_pages || call->align > 63)
		return 0;
	call->is_known = true;
	call->ts_ns = line->ts_ns;
	call->by = line->by;
	return name_call(log, before);
}

int lt_klog_attempts_debug(struct lt_klog_attempts *log, struct lt_klog_line line)
{
	struct lt_range busy = { 0 }, *range;
	struct lt_span function;

	if (!lt_text_until(&line.text, "(", &function) || memchr(function.p, ' ', function.len))
		return 0;
	if (lt_text_literal(&line.text, "cma "))
		return begin_call(log, &line);
	if (!log->call.is_known || lt_klog_context_is_other(&log->call.by, &line.by) ||
	    !lt_text_literal(&line.text, "): "))
		return 0;
	if (lt_text_literal(&line.text, "returned "))
		return end_call(log, &line, line.text);
	if (!lt_text_literal(&line.text, "memory range at pfn ") ||
	    !lt_text_hex(&line.text, &busy.start_pfn) ||
	    busy.start_pfn > UINT64_MAX - log->call.nr_pages)
		return 0;
	range = lt_vec_push(&log->call.busy);
	if (!range)
		return -ENOMEM;
	*range = busy;
	return 0;
}

static bool is_after_failure(const struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	bool is_timed = log->last.ts_ns.known && line->ts_ns.known;

	return log->has_last && !lt_klog_context_is_other(&log->last.by, &line->by) &&
	       (is_timed ? lt_klog_is_soon(log->last.ts_ns, line->ts_ns, NS_AFTER)
			 : log->nr_lines_since <= LINES_AFTER_MAX);
}

static int parse_stack(struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	struct lt_klog_stack *stack = &log->stack;
	struct lt_attempt *attempt;

	if (!stack->is_contig || stack->is_migrating || !is_after_failure(log, line))
		return 0;
	stack->is_known = false;
	stack->is_contig = false;
	attempt = &log->attempts.v[log->last.i];
	if (attempt->caller)
		return 0;
	attempt->caller = lt_klog_stack_caller(log->strings, stack);
	return attempt->caller ? 0 : -ENOMEM;
}

/* @is_taken: the words are of the last failure. */
static int parse_reaction(struct lt_klog_attempts *log, const struct lt_klog_line *line,
			  bool *is_taken)
{
	struct lt_attempt *attempt = &log->attempts.v[log->last.i];
	struct lt_klog_reaction reaction = lt_klog_reaction_of(*line, attempt->nr_pages.val);

	*is_taken = reaction.nr_bytes.known;
	if (!reaction.nr_bytes.known &&
	    (log->nr_lines_since > 1 || !lt_klog_is_soon(log->last.ts_ns, line->ts_ns, NS_AT_ONCE)))
		return 0;
	if (reaction.is_fallback && !attempt->fallback) {
		attempt->fallback = lt_strings_span(log->strings, lt_text_rest(&line->text));
		if (!attempt->fallback)
			return -ENOMEM;
	}
	if (!(reaction.is_fallback || reaction.is_failure) || attempt->caller || !reaction.who.len)
		return 0;
	attempt->caller = lt_strings_span(log->strings, reaction.who);
	return attempt->caller ? 0 : -ENOMEM;
}

/*
 * Ranges were busy, and a driver that asked for exactly as much says that it got none, before or
 * after: that is the size and the caller. Whether cma_alloc() failed in the end nobody said.
 */
static int join_words(struct lt_klog_attempts *log, struct lt_attempt *attempt, struct lt_num ts_ns)
{
	struct lt_klog_words *words = &log->words;
	struct lt_span who;

	if (!attempt || !attempt->is_open || attempt->caller || !words->is_known ||
	    (!lt_klog_is_soon(log->last_busy_ns, ts_ns, NS_BETWEEN_BUSY) &&
	     !lt_klog_is_soon(words->ts_ns, log->last_busy_ns, NS_AFTER)))
		return 0;
	who = lt_klog_words_who(words, attempt->nr_pages_max.val);
	if (!who.len)
		return 0;
	words->is_known = false;
	attempt->nr_pages = attempt->nr_pages_max;
	attempt->caller = lt_strings_span(log->strings, who);
	return attempt->caller ? 0 : -ENOMEM;
}

static void count_line(unsigned int *nr, unsigned int most)
{
	if (*nr <= most)
		(*nr)++;
}

static int parse_driver(struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	bool is_taken = false;
	int err = 0;

	count_line(&log->words.nr_lines_since, LINES_TO_DRIVER_MAX);
	if (is_after_failure(log, line) && log->nr_lines_since <= LINES_TO_DRIVER_MAX)
		err = parse_reaction(log, line, &is_taken);
	if (err || is_taken || !lt_klog_words_parse(&log->words, line))
		return err;
	return join_words(log, last_attempt(log), line->ts_ns);
}

/*
 * "last message repeated 5 times", of the line before: of a failure, unless something of it was
 * printed in between.
 */
static bool parse_repeats(struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	struct lt_text at = line->text;
	struct lt_attempt *attempt;
	uint64_t nr;

	if (!log->has_last || log->nr_lines_since || !lt_text_find(&at, "last message repeated ") ||
	    !lt_text_u64(&at, &nr) || !lt_text_literal(&at, " time") || nr > UINT32_MAX / 2)
		return false;
	attempt = &log->attempts.v[log->last.i];
	if (!attempt->nr_area.known && attempt->count <= UINT32_MAX / 2)
		attempt->count += (unsigned int)nr;
	return true;
}

int lt_klog_attempts_other(struct lt_klog_attempts *log, const struct lt_klog_line *line)
{
	int taken = parse_repeats(log, line) ? 1 : lt_klog_dumps_parse(&log->dumps, *line);

	note_latest(log, line->ts_ns);
	count_line(&log->nr_lines_since, LINES_AFTER_MAX);
	if (taken)
		return taken < 0 ? taken : 0;
	if (lt_klog_meminfo_parse(&log->meminfo, *line)) {
		if (log->meminfo.is_complete && is_after_failure(log, line) &&
		    !log->attempts.v[log->last.i].free_elsewhere_kib.known)
			parse_meminfo(log, &log->attempts.v[log->last.i]);
		return 0;
	}
	if (lt_klog_stack_parse(&log->stack, *line))
		return parse_stack(log, line);
	return parse_driver(log, line);
}

bool lt_klog_attempts_are_idle(const struct lt_klog_attempts *log)
{
	return !log->has_last || log->nr_lines_since > LINES_TO_DRIVER_MAX;
}

void lt_klog_attempts_pass(struct lt_klog_attempts *log, struct lt_num ts_ns)
{
	note_latest(log, ts_ns);
	count_line(&log->nr_lines_since, LINES_AFTER_MAX);
	count_line(&log->words.nr_lines_since, LINES_TO_DRIVER_MAX);
}

void lt_klog_attempts_finish(struct lt_klog_attempts *log)
{
	if (log->attempts.nr > LT_KLOG_ATTEMPTS_MAX)
		drop_first(log, log->attempts.nr - LT_KLOG_ATTEMPTS_MAX);
}
