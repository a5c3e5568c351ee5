// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A text trace: which ranges each cma_alloc() tried, and what was in the way.
 *
 *	"# entries-in-buffer/entries-written: " N "/" N		the rest was overwritten
 *	"CPU:" N " [LOST " [N " "] "EVENTS]"
 *	TASK "-" PID ... TIME ": " EVENT ": " FIELDS		trace_line.c
 *
 * Events and their fields, in order:
 *	cma_alloc		pfn= page= count= align=			5.10
 *	cma_alloc_start		name= count= align=				6.1, 6.12
 *				name= request_count= available_count= total_count= align=	7.2
 *	cma_alloc_busy_retry	name= pfn= page= count= align=			6.1 and later
 *	cma_alloc_finish	name= pfn= page= count= align= [errorno=]	errorno in 6.12, 7.2
 *	test_pages_isolated	start_pfn= end_pfn= fin_pfn= ret=success|fail
 *
 * A name may hold anything, so it reaches to the last "count=" or "pfn=" that
 * can end it. That of an unnamed area ends in a newline, which breaks the line.
 *
 * What the events prove (mm/cma.c, mm/page_alloc.c, mm/page_isolation.c of the
 * four kernels): page=0 is failure. The request's range ends where that of
 * test_pages_isolated does, but may begin later. fin_pfn of ret=fail is the
 * first page in the way; ret=success can still end in a busy_retry. A range
 * that could not be isolated or not be emptied (-ENOMEM, -EINTR) has no
 * test_pages_isolated. finish's pfn is the last range tried, -1 if none was; 0
 * on failure on 7.2. Up to 6.12 no range tried is -ENOMEM, and a search ends
 * with the errno of its last range, which is -EBUSY if that came as far as
 * the test or a busy_retry. A task's events between its start and its finish
 * are one attempt; on 5.10, those up to its cma_alloc. A task that starts
 * again without a finish had asked for more than the area has (6.1, 6.12).
 *
 * Fixtures: v5.10-arm64-cma-failure, v6.1-arm64-cma-failure; formats of the
 * others in events-format of the other trees.
 */
#include "source/trace.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "model/area.h"
#include "source/trace_line.h"

#define NR_BUCKETS 4096
#define NO_SEARCH SIZE_MAX

/* What one task is doing. */
struct search {
	uint64_t pid;
	size_t next; /* in the bucket */
	bool is_started;
	struct lt_attempt attempt;
};

LT_VEC_OF(searches, struct search);

struct parser {
	struct lt_strings *strings;
	struct lt_attempts attempts;
	struct searches searches;
	size_t buckets[NR_BUCKETS]; /* index + 1 of the first search */
	uint64_t nr_lost;
	bool has_lost;
	unsigned int nr_understood, nr_skipped;
};

/* The fields of a cma event that were printed. */
struct fields {
	bool has_name, has_page;
	struct lt_span name;
	struct lt_num pfn, count, align, ret; /* ret: positive errno */
};

static struct search *get_search(struct parser *parser, uint64_t pid)
{
	size_t *bucket = &parser->buckets[pid % NR_BUCKETS];
	struct search *search;

	for (size_t i = *bucket; i; i = parser->searches.v[i - 1].next)
		if (parser->searches.v[i - 1].pid == pid)
			return &parser->searches.v[i - 1];
	search = lt_vec_push(&parser->searches);
	if (!search)
		return NULL;
	search->pid = pid;
	search->next = *bucket;
	*bucket = parser->searches.nr;
	return search;
}

/* Forget what the task did, but not the task. */
static void reset_search(struct search *search)
{
	search->attempt = (struct lt_attempt){ 0 };
	search->is_started = false;
}

/* The name before the last @key, which the cursor then stands at. */
static bool take_name(struct lt_text *text, const char *key, struct lt_span *name)
{
	if (!lt_text_until_last(text, key, name))
		return false;
	text->pos = name->p + name->len;
	return true;
}

/* %p of NULL, as this and other printers write it. */
static bool is_null(struct lt_span page)
{
	if (lt_span_is(page, "(null)") || lt_span_is(page, "(nil)"))
		return true;
	for (size_t i = 0; i < page.len; i++)
		if (page.p[i] != '0' && !(i == 1 && page.p[i] == 'x'))
			return false;
	return true;
}

/* One "key=value"; false if the value makes no sense. Unknown keys pass. */
static bool take_field(struct lt_span word, struct fields *out)
{
	struct lt_text at;
	struct lt_num num = { .known = true };
	int64_t ret;

	lt_text_init(&at, word.p, word.len);
	if (lt_text_literal(&at, "page=")) {
		out->has_page = !is_null(lt_text_rest(&at));
		return true;
	}
	if (lt_text_literal(&at, "errorno=")) {
		if (!lt_text_s64(&at, &ret) || ret > 0)
			return false;
		out->ret = lt_num((uint64_t)-ret);
	} else if (lt_text_literal(&at, "pfn=")) {
		if (!lt_text_hex(&at, &num.val))
			return false;
		out->pfn = num;
	} else if (lt_text_literal(&at, "count=") || lt_text_literal(&at, "request_count=")) {
		if (!lt_text_u64(&at, &num.val))
			return false;
		out->count = num;
	} else if (lt_text_literal(&at, "align=")) {
		if (!lt_text_u64(&at, &num.val))
			return false;
		out->align = num;
	} else {
		return true;
	}
	return lt_text_at_end(&at);
}

/* @has_pfn: the event's first field after the name is "pfn=" */
static bool parse_fields(struct lt_text at, bool has_pfn, struct fields *out)
{
	struct lt_span word;

	*out = (struct fields){ 0 };
	out->has_name = lt_text_literal(&at, "name=");
	if (out->has_name && has_pfn && !take_name(&at, " pfn=", &out->name))
		return false;
	if (out->has_name && !has_pfn && !take_name(&at, " request_count=", &out->name) &&
	    !take_name(&at, " count=", &out->name))
		return false;
	for (lt_text_blanks(&at); lt_text_word(&at, &word); lt_text_blanks(&at))
		if (!take_field(word, out))
			return false;
	return out->count.known && out->count.val;
}

static int keep(struct parser *parser, struct search *search)
{
	struct lt_attempt *attempt = lt_vec_push(&parser->attempts);

	if (!attempt)
		return -ENOMEM;
	*attempt = search->attempt;
	reset_search(search);
	return 0;
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

static int name_attempt(struct parser *parser, struct lt_attempt *attempt,
			const struct lt_trace_line *line, const struct fields *fields)
{
	attempt->source = LT_ATTEMPT_TRACE;
	attempt->area = LT_NO_AREA;
	attempt->count = 1;
	attempt->nr_pages = fields->count;
	attempt->align = fields->align;
	attempt->caller = lt_strings_span(parser->strings, line->task);
	if (fields->has_name)
		attempt->area_name = lt_strings_span(parser->strings, fields->name);
	return attempt->caller && (attempt->area_name || !fields->has_name) ? 0 : -ENOMEM;
}

/* The task asks again, or the text ends, and no event told how its request ended. */
static int abandon(struct parser *parser, struct search *search, bool has_returned)
{
	struct lt_attempt *attempt = &search->attempt;

	if (!search->is_started) {
		lt_attempt_fini(attempt);
		reset_search(search);
		return 0;
	}
	fit_tries(attempt);
	attempt->failed = has_returned && !attempt->tries.nr && !parser->has_lost;
	attempt->is_open = !attempt->failed;
	return keep(parser, search);
}

static int on_start(struct parser *parser, const struct lt_trace_line *line,
		    const struct fields *fields)
{
	struct search *search = get_search(parser, line->pid);
	int err = search ? abandon(parser, search, true) : -ENOMEM;

	if (err)
		return err;
	search->is_started = true;
	search->attempt.ts_ns = line->ts_ns;
	return name_attempt(parser, &search->attempt, line, fields);
}

static struct lt_try *last_try(struct lt_attempt *attempt)
{
	return attempt->tries.nr ? &attempt->tries.v[attempt->tries.nr - 1] : NULL;
}

static int add_try(struct lt_attempt *attempt, uint64_t start_pfn, bool ok)
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
	return 0;
}

static int on_retry(struct parser *parser, const struct lt_trace_line *line,
		    const struct fields *fields)
{
	struct search *search = get_search(parser, line->pid);
	struct lt_try *last;
	uint64_t end_pfn;

	if (!search)
		return -ENOMEM;
	if (!fields->pfn.known ||
	    __builtin_add_overflow(fields->pfn.val, fields->count.val, &end_pfn)) {
		parser->nr_skipped++;
		return 0;
	}
	search->attempt.nr_pages = fields->count;
	last = last_try(&search->attempt);
	if (last && last->pfns.end_pfn == end_pfn)
		return 0;
	/* This range never came to a test: why is not told. */
	return add_try(&search->attempt, fields->pfn.val, false);
}

static bool is_no_pfn(uint64_t pfn)
{
	return pfn == UINT64_MAX || pfn == UINT32_MAX;
}

/* Settle what the closing event leaves unsaid: the last range, and the errno up to 6.1. */
static int judge(struct lt_attempt *attempt, const struct fields *fields)
{
	struct lt_try *last = last_try(attempt);
	bool is_last = last && fields->pfn.known && last->pfns.start_pfn == fields->pfn.val;

	attempt->failed = !fields->has_page;
	attempt->err = fields->ret;
	if (fields->has_page) {
		attempt->err = lt_num(0);
		if (!is_last)
			return fields->pfn.known ? add_try(attempt, fields->pfn.val, true) : 0;
		*last = (struct lt_try){ .pfns = last->pfns, .ok = true };
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
	return add_try(attempt, fields->pfn.val, false);
}

/* cma_alloc_finish, and 5.10's cma_alloc. */
static int on_end(struct parser *parser, const struct lt_trace_line *line,
		  const struct fields *fields)
{
	struct search *search = get_search(parser, line->pid);
	struct lt_attempt *attempt;
	int err;

	if (!search)
		return -ENOMEM;
	attempt = &search->attempt;
	if (search->is_started)
		attempt->latency_ns = lt_num_sub(line->ts_ns, attempt->ts_ns);
	else
		attempt->ts_ns = line->ts_ns;
	err = name_attempt(parser, attempt, line, fields);
	if (err)
		return err;
	fit_tries(attempt);
	err = judge(attempt, fields);
	return err ? err : keep(parser, search);
}

static bool take_pfn(struct lt_text *at, const char *key, uint64_t *pfn)
{
	lt_text_blanks(at);
	return lt_text_literal(at, key) && lt_text_hex(at, pfn);
}

/* Memory offlining emits it too; then no cma event of the task closes the attempt. */
static int on_test(struct parser *parser, const struct lt_trace_line *line)
{
	struct lt_text at = line->fields;
	struct search *search;
	struct lt_range pfns;
	struct lt_try *tried, *last;
	uint64_t fin_pfn;
	bool has_failed;

	if (!take_pfn(&at, "start_pfn=", &pfns.start_pfn) ||
	    !take_pfn(&at, "end_pfn=", &pfns.end_pfn) || !take_pfn(&at, "fin_pfn=", &fin_pfn)) {
		parser->nr_skipped++;
		return 0;
	}
	lt_text_blanks(&at);
	has_failed = lt_text_literal(&at, "ret=fail");
	if ((!has_failed && !lt_text_literal(&at, "ret=success")) || !lt_text_at_end(&at)) {
		parser->nr_skipped++;
		return 0;
	}
	search = get_search(parser, line->pid);
	if (!search)
		return -ENOMEM;
	/* One search only moves on: what does not is the next one's, the end of this was lost. */
	last = last_try(&search->attempt);
	if (!search->is_started && last && pfns.end_pfn <= last->pfns.end_pfn)
		lt_vec_free(&search->attempt.tries);
	tried = lt_vec_push(&search->attempt.tries);
	if (!tried)
		return -ENOMEM;
	tried->pfns = pfns;
	tried->stage = has_failed ? LT_TRY_TEST : LT_TRY_UNKNOWN;
	if (has_failed)
		tried->blocker_pfn = lt_num(fin_pfn);
	return 0;
}

static int parse_event(struct parser *parser, const struct lt_trace_line *line)
{
	static const struct {
		const char *name;
		bool has_pfn;
		int (*on)(struct parser *, const struct lt_trace_line *, const struct fields *);
	} events[] = {
		{ "cma_alloc", true, on_end },
		{ "cma_alloc_start", false, on_start },
		{ "cma_alloc_busy_retry", true, on_retry },
		{ "cma_alloc_finish", true, on_end },
	};
	struct fields fields;

	if (lt_span_is(line->event, "test_pages_isolated"))
		return on_test(parser, line);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (!lt_span_is(line->event, events[i].name))
			continue;
		if (parse_fields(line->fields, events[i].has_pfn, &fields))
			return events[i].on(parser, line, &fields);
		parser->nr_skipped++;
	}
	return 0;
}

/* The newline in the name of an unnamed area: its fields go on in the next line. */
static void join_broken_line(struct lt_text *text, struct lt_trace_line *line)
{
	struct lt_text rest = *text, next, fields = line->fields;

	if (!lt_text_literal(&fields, "name=") || !lt_text_line(&rest, &next) ||
	    lt_text_is_cut(&rest))
		return;
	fields = next;
	if (!lt_text_literal(&fields, " count=") && !lt_text_literal(&fields, " pfn=") &&
	    !lt_text_literal(&fields, " request_count="))
		return;
	line->fields.end = next.end;
	*text = rest;
}

static void count_lost(struct parser *parser, struct lt_text line)
{
	static const char entries[] = "# entries-in-buffer/entries-written: ";
	uint64_t kept, written, cpu;

	if (lt_text_literal(&line, entries)) {
		if (lt_text_u64(&line, &kept) && lt_text_literal(&line, "/") &&
		    lt_text_u64(&line, &written) && written > kept) {
			parser->nr_lost = written - kept;
			parser->has_lost = true;
		}
	} else if (lt_text_literal(&line, "CPU:") && lt_text_u64(&line, &cpu) &&
		   lt_text_literal(&line, " [LOST ")) {
		parser->has_lost = true;
		if (lt_text_u64(&line, &kept) &&
		    __builtin_add_overflow(parser->nr_lost, kept, &parser->nr_lost))
			parser->nr_lost = UINT64_MAX;
	}
}

/* Lines that are no event, yet belong: headers, lost events, stacks, blank ones. */
static bool is_known_line(struct lt_text line)
{
	if (lt_text_literal(&line, "#") || lt_text_literal(&line, "CPU:"))
		return true;
	lt_text_blanks(&line);
	return lt_text_at_end(&line) || lt_text_literal(&line, "=>");
}

/* What only a trace begins with; any text may have lines that start with "#". */
static bool is_header(struct lt_text line)
{
	return lt_text_literal(&line, "# tracer:");
}

static int parse_lines(struct parser *parser, const char *buf, size_t len, struct lt_diag *diag)
{
	struct lt_text text, line, strange = { 0 };
	int err = 0;

	lt_text_init(&text, buf, len);
	while (!err && lt_text_line(&text, &line)) {
		struct lt_trace_line event;
		bool is_whole = !lt_text_is_cut(&text);

		if (is_whole && lt_trace_line_parse(&line, &event)) {
			join_broken_line(&text, &event);
			err = parse_event(parser, &event);
			parser->nr_understood++;
		} else if (is_whole && is_known_line(line)) {
			count_lost(parser, line);
			parser->nr_understood += is_header(line);
		} else {
			parser->nr_skipped++;
			if (!strange.line)
				strange = line;
		}
	}
	if (!err && !parser->nr_understood)
		err = lt_text_fail(strange.line ? &strange : &text, diag,
				   "neither the header of a trace nor an event");
	return err;
}

int lt_trace_parse(const char *buf, size_t len, struct lt_strings *strings, struct lt_attempts *out,
		   struct lt_diag *diag)
{
	struct parser parser = { .strings = strings };
	int err = parse_lines(&parser, buf, len, diag);

	for (size_t i = 0; i < parser.searches.nr && !err; i++)
		err = abandon(&parser, &parser.searches.v[i], false);
	lt_vec_each(search, &parser.searches)
		lt_attempt_fini(&search->attempt);
	lt_vec_free(&parser.searches);
	if (err) {
		lt_attempts_free(&parser.attempts);
		return err;
	}
	if (parser.nr_lost)
		lt_diag_set(diag, "%llu events were lost", (unsigned long long)parser.nr_lost);
	else if (parser.has_lost)
		lt_diag_set(diag, "events were lost");
	if (diag)
		diag->nr_skipped += parser.nr_skipped;
	*out = parser.attempts;
	return 0;
}
