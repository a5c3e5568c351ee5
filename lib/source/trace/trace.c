// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A saved text trace: which ranges each cma_alloc() tried, and what was in the way.
 * The text is trace_text.c's, the meaning trace_attempts.c's.
 */
#include "source/trace/trace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/trace/trace_attempts.h"
#include "source/trace/trace_fields.h"
#include "source/trace/trace_hold.h"
#include "source/trace/trace_ledger.h"
#include "source/trace/trace_pieces.h"
#include "source/trace/trace_text.h"
#include "source/trace/trace_track.h"

struct parser {
	struct lt_attempts attempts;
	struct lt_page_tracks tracks;
	struct lt_strings *strings;
	struct lt_trace_attempts *assembler;
	struct lt_trace_hold *hold;	/* only if the text has stacks */
	struct lt_trace_ledger *ledger; /* only if somebody asks for it */
	struct lt_record record;
	uint64_t nr_lost;
	unsigned int nr_skipped;
	bool has_lost, has_lost_uncounted;
};

static int on_attempt(struct lt_attempt *attempt, void *arg)
{
	struct parser *parser = arg;
	struct lt_attempt *kept = lt_vec_push(&parser->attempts);

	if (!kept) {
		lt_attempt_fini(attempt);
		return -ENOMEM;
	}
	*kept = *attempt;
	return parser->ledger ? lt_trace_ledger_attempt(parser->ledger, attempt) : 0;
}

/* So many others may have ended between the end of a request and its cma_alloc_info. */
#define INFO_FAR 256

/*
 * Android's cma_alloc_info comes right behind the end of its request, which was kept by then. It
 * says nothing of a request whose end was lost.
 */
static int on_info(const struct lt_trace_event *event, void *arg)
{
	struct parser *parser = arg;
	struct lt_attempt_counts counts;
	struct lt_trace_fields fields;
	char pid[32];

	if (!lt_span_is(event->name, "cma_alloc_info"))
		return parser->ledger ? lt_trace_ledger_event(parser->ledger, event) : 0;
	if (!lt_trace_info_parse(event->fields, &fields, &counts)) {
		parser->nr_skipped++;
		return 0;
	}
	snprintf(pid, sizeof(pid), "-%llu", (unsigned long long)event->pid);
	for (size_t i = parser->attempts.nr; i-- > 0 && parser->attempts.nr - i <= INFO_FAR;) {
		struct lt_attempt *attempt = &parser->attempts.v[i];
		const size_t len = strlen(attempt->caller), pid_len = strlen(pid);

		if (len < pid_len || strcmp(attempt->caller + len - pid_len, pid))
			continue;
		if (!attempt->is_open && attempt->nr_pages.val == fields.count.val)
			attempt->counts = counts;
		break;
	}
	return 0;
}

/* Who tracks pages tells of them beside the attempts. */
static int on_whole_event(const struct lt_trace_event *event, void *arg)
{
	struct parser *parser = arg;
	struct lt_trace_track track;
	int ret = lt_trace_track_parse(event, &track);

	if (ret > 0)
		ret = lt_trace_track_add(&track, event, parser->strings, &parser->tracks);
	else if (ret == -EBADMSG)
		ret = 0; /* the assembler counts it */
	return ret ? ret : lt_trace_attempts_push(parser->assembler, event);
}

static int on_event(const struct lt_trace_event *event, void *arg)
{
	struct parser *parser = arg;

	if (parser->ledger)
		lt_trace_ledger_see(parser->ledger, event);
	/* Events of others do not say that those of CMA were recorded then. */
	if (event->name.len > 4 && !memcmp(event->name.p, "cma_", 4))
		lt_record_add(&parser->record, event->ts_ns);
	return parser->hold ? lt_trace_hold_push(parser->hold, event)
			    : on_whole_event(event, parser);
}

static void on_lost(uint64_t nr, void *arg)
{
	struct parser *parser = arg;

	parser->has_lost = true;
	parser->has_lost_uncounted |= !nr;
	if (__builtin_add_overflow(parser->nr_lost, nr, &parser->nr_lost))
		parser->nr_lost = UINT64_MAX;
	lt_trace_attempts_lost(parser->assembler);
	if (parser->ledger)
		lt_trace_ledger_lost(parser->ledger);
}

static void on_damaged(void *arg)
{
	struct parser *parser = arg;

	parser->has_lost_uncounted = true;
	lt_trace_attempts_damaged(parser->assembler);
	if (parser->ledger)
		lt_trace_ledger_lost(parser->ledger);
}

/* Which lines a text has anywhere: to be known before the first event. */
struct survey {
	bool has_ends, has_retries, has_stacks, has_counts, has_begun;
};

static bool has(const char *buf, size_t len, const char *word)
{
	return len && memmem(buf, len, word, strlen(word));
}

static int look(const char *buf, size_t len, void *arg)
{
	struct survey *survey = arg;
	struct lt_text first;

	lt_text_init(&first, buf, len);
	survey->has_counts = survey->has_counts || has(buf, len, "\n" LT_TRACE_COUNTS) ||
			     (survey->has_begun && lt_text_literal(&first, LT_TRACE_COUNTS));
	survey->has_ends = survey->has_ends || has(buf, len, "cma_alloc_finish:");
	survey->has_retries = survey->has_retries || has(buf, len, "cma_alloc_busy_retry:");
	survey->has_stacks = survey->has_stacks || has(buf, len, "<stack trace") ||
			     has(buf, len, " kernel_stack:");
	survey->has_begun = true;
	return 0;
}

static int start(struct parser *parser, const struct survey *survey)
{
	struct lt_trace_attempts_options options = {
		.strings = parser->strings,
		.has_ends = survey->has_ends,
		.has_retries = survey->has_retries,
		.on_attempt = on_attempt,
		.on_event = on_info,
		.arg = parser,
	};

	parser->assembler = lt_trace_attempts_new(&options);
	if (!parser->assembler)
		return -ENOMEM;
	if (!survey->has_stacks)
		return 0;
	parser->hold = lt_trace_hold_new(on_whole_event, NULL, parser);
	return parser->hold ? 0 : -ENOMEM;
}

static void report_lost(const struct parser *parser, struct lt_diag *diag)
{
	if (parser->nr_lost)
		lt_diag_set(diag, "%llu events were lost", (unsigned long long)parser->nr_lost);
	else if (parser->has_lost)
		lt_diag_set(diag, "events were lost");
	if (diag)
		diag->nr_skipped +=
			parser->nr_skipped + lt_trace_attempts_nr_skipped(parser->assembler);
}

/* Without a line that counts them, and without a gap that is marked, nothing counts lost events. */
static struct lt_record end_record(const struct parser *parser, bool has_count)
{
	struct lt_record record = parser->record;

	record.source = LT_ATTEMPT_TRACE;
	record.failures = true;
	record.successes = true;
	if ((has_count || parser->has_lost) && !parser->has_lost_uncounted)
		record.nr_lost = lt_num(parser->nr_lost);
	return record;
}

static int feed(const char *buf, size_t len, void *arg)
{
	return lt_trace_text_feed(arg, buf, len);
}

/* Take the text, of @buf, or of the file @fd if that is NULL. */
static int read_text(struct parser *parser, const struct lt_trace_input *in,
		     struct lt_stacks *stacks, struct lt_diag *diag)
{
	const struct lt_trace_sink sink = {
		.on_event = on_event, .on_lost = on_lost, .on_damaged = on_damaged, .arg = parser
	};
	struct lt_trace_text text = { .strings = parser->strings, .stacks = stacks, .sink = &sink };
	int err =
		in->buf ? feed(in->buf, in->len, &text) : lt_trace_pieces_read(in->fd, feed, &text);

	if (!err)
		err = lt_trace_text_end(&text, diag);
	if (!err && parser->hold)
		err = lt_trace_hold_flush(parser->hold);
	return err ? err : lt_trace_attempts_finish(parser->assembler);
}

static int survey_text(const struct lt_trace_input *in, struct survey *survey)
{
	int err = in->buf ? look(in->buf, in->len, survey)
			  : lt_trace_pieces_read(in->fd, look, survey);

	return !err && !in->buf && lseek(in->fd, 0, SEEK_SET) < 0 ? -errno : err;
}

int lt_trace_read(const struct lt_trace_input *in, struct lt_strings *strings,
		  struct lt_stacks *stacks, struct lt_attempts *out, struct lt_record *record,
		  struct lt_page_tracks *tracks, struct lt_ledger *ledger, struct lt_diag *diag)
{
	struct parser parser = { .strings = strings };
	struct survey survey = { 0 };
	int err = survey_text(in, &survey);

	if (!err)
		err = start(&parser, &survey);
	if (!err && ledger) {
		parser.ledger = lt_trace_ledger_new(strings, survey.has_counts);
		err = parser.ledger ? 0 : -ENOMEM;
	}
	if (!err)
		err = read_text(&parser, in, stacks, diag);
	if (!err && ledger)
		err = lt_trace_ledger_fill(parser.ledger, ledger);
	if (!err) {
		report_lost(&parser, diag);
		*out = parser.attempts;
		if (tracks) {
			*tracks = parser.tracks;
			parser.tracks = (struct lt_page_tracks){ 0 };
		}
		if (record)
			*record = end_record(&parser, survey.has_counts);
	} else {
		lt_attempts_free(&parser.attempts);
	}
	lt_vec_free(&parser.tracks);
	lt_trace_ledger_free(parser.ledger);
	lt_trace_hold_free(parser.hold);
	lt_trace_attempts_free(parser.assembler);
	return err;
}

int lt_trace_parse(const char *buf, size_t len, struct lt_strings *strings,
		   struct lt_stacks *stacks, struct lt_attempts *out, struct lt_record *record,
		   struct lt_page_tracks *tracks, struct lt_ledger *ledger, struct lt_diag *diag)
{
	const struct lt_trace_input in = { .buf = buf ? buf : "", .len = len };

	return lt_trace_read(&in, strings, stacks, out, record, tracks, ledger, diag);
}
