// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel log, from its bytes (klog_text.c) over lines (klog_line.c) and
 * records (klog_record.c) to messages (klog_message.c) of boots (klog_boot.c).
 *
 * A message that is not whole may go on in the next line, where a terminal or a
 * mailer broke it. A line that speaks of a failure and tells none is counted:
 * nobody may say then that there was none.
 */
#include "source/klog/klog.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/klog/klog_boot.h"
#include "source/klog/klog_envelope.h"
#include "source/klog/klog_gap.h"
#include "source/klog/klog_identity.h"
#include "source/klog/klog_quiet.h"
#include "source/klog/klog_record.h"
#include "source/klog/klog_text.h"

/* Lines that one message was broken into, at most; a bitmap is long. */
#define NR_PIECES_MAX 4
#define NR_PIECES_OF_BITMAP_MAX 24

/* A record of the kernel is not longer. */
#define MESSAGE_MAX 1024

/*
 * How pieces were one: a terminal broke words (TIGHT), a mailer broke at blanks (SPACED), or what
 * wrote numbers without blanks broke those, and words at blanks (WORDS).
 */
enum { TIGHT, SPACED, WORDS, NR_JOINTS };

/* A message that is not whole, as a line of its own and with whatever follows. */
struct wrapped {
	struct lt_klog_line line;
	unsigned int nr_pieces;
	bool speaks, is_strange, is_bitmap;
	char comm[64], own[MESSAGE_MAX], joined[NR_JOINTS][4 * MESSAGE_MAX];
	size_t nr_own, nr_joined[NR_JOINTS];
};

struct lt_klog_reader {
	struct lt_klog_text text;
	struct lt_klog_parser parser;
	struct lt_klog_boot_signs signs;
	struct lt_klog_boot_list boots;
	struct lt_klog_record record;
	struct wrapped wrapped;
	struct lt_klog_scratch scratch, record_scratch;
	struct lt_needles words; /* that make a line worth reading */
	unsigned int nr_skipped, binary_line, nr_not_taken, first_not_taken, first_gap;
	unsigned int
		broken_line; /* whose end, with the failure, is still to come; 0 if there is none */
	bool has_any, had_banner, is_behind_past, is_of_one_boot;
};

void lt_klog_fini(struct lt_klog *klog)
{
	lt_vec_free(&klog->reserved);
	lt_vec_free(&klog->refusals);
	lt_attempts_free(&klog->attempts);
	lt_vec_free(&klog->bitmaps);
}

void lt_klog_free(struct lt_klog *klog)
{
	if (klog)
		lt_klog_fini(klog);
	free(klog);
}

static bool has(struct lt_text text, const char *words)
{
	return lt_text_find(&text, words);
}

/* Of most lines a character that @words has and few other words do says that it is not there. */
static bool has_rare(struct lt_text text, char rare, const char *words)
{
	return memchr(text.pos, rare, (size_t)(text.end - text.pos)) && has(text, words);
}

/* By its second character, which is not so frequent. */
static bool has_cma(struct lt_text text)
{
	for (const char *p = text.pos; p < text.end; p++) {
		p = memchr(p, 'm', (size_t)(text.end - p));
		if (!p)
			return false;
		if (p > text.pos && p + 1 < text.end && p[-1] == 'c' && p[1] == 'a')
			return true;
	}
	return false;
}

/* An event of the trace, which the kernel dumps into the log when it dies (ftrace_dump_on_oops). */
static bool is_traced(struct lt_text text)
{
	return has_rare(text, '=', " cma_alloc_finish: ") && has(text, " errorno=-");
}

/*
 * A message of cma_alloc(), whole or cut, that is not CONFIG_CMA_DEBUG's: it may be what a later kernel
 * says of a failure.
 */
static bool is_strange_failure(struct lt_text text, struct lt_span tag)
{
	struct lt_span function;

	if (!lt_span_is(tag, "cma") && !lt_text_literal(&text, "cma: "))
		return false;
	if (!lt_text_literal(&text, "cma_al") && !lt_text_literal(&text, "__cma_al"))
		return false;
	return !lt_text_until(&text, "(", &function) || memchr(function.p, ' ', function.len);
}

/* Whether the line is about what a log is read for, whoever wrote it. */
static bool speaks(struct lt_text text)
{
	return has_rare(text, 'q', "req-size: ") || has_rare(text, 'F', "PFNs busy") ||
	       has_rare(text, ',', " pages, ret: -") ||
	       has_rare(text, '(', "alloc_contig_range test_pages_isolated(") ||
	       (has_cma(text) && (has(text, "alloc failed") || is_traced(text))) ||
	       (has_rare(text, 'k', "callbacks suppressed") &&
		(has(text, "cma_alloc") || has(text, "alloc_contig_range")));
}

static void note_not_taken(struct lt_klog_reader *reader, unsigned int line)
{
	if (!reader->nr_not_taken++)
		reader->first_not_taken = line;
}

static void note_gap(struct lt_klog_reader *reader, unsigned int line)
{
	if (!reader->first_gap)
		reader->first_gap = line;
}

static int end_boot(struct lt_klog_reader *reader)
{
	struct lt_klog_parser *parser = &reader->parser;
	struct lt_klog_attempts *from = &parser->attempts;
	struct lt_klog *klog = &parser->klog;
	int err;

	lt_klog_attempts_finish(from);
	klog->attempts = from->attempts;
	klog->bitmaps = from->bitmaps;
	klog->nr_dropped = from->nr_dropped;
	klog->nr_pages_cma = from->meminfo.nr_pages_cma;
	klog->nr_pages_ram = from->meminfo.nr_pages_ram;
	klog->nr_failed = from->nr_failed;
	reader->has_any =
		reader->has_any || klog->reserved.nr || klog->attempts.nr || klog->memory_kib.known;
	from->attempts = (struct lt_attempts){ 0 };
	from->bitmaps = (struct lt_klog_bitmaps){ 0 };
	klog->is_excerpt =
		!klog->is_past && !klog->boot_id && lt_klog_boot_is_excerpt(&reader->signs, klog);
	err = lt_klog_boot_list_add(&reader->boots, klog);
	lt_klog_attempts_fini(from);
	reader->nr_skipped += parser->nr_skipped;
	*parser = (struct lt_klog_parser){ .strings = parser->strings,
					   .attempts.strings = parser->strings };
	return err;
}

static void note_stamp(struct lt_klog *klog, struct lt_num ts_ns)
{
	if (!ts_ns.known)
		return;
	if (!klog->first_ns.known)
		klog->first_ns = ts_ns;
	if (!klog->last_ns.known || ts_ns.val > klog->last_ns.val)
		klog->last_ns = ts_ns;
}

/* Words that somebody wrote before the log are no boot. */
static bool is_preamble(const struct lt_klog_parser *parser)
{
	const struct lt_klog *klog = &parser->klog;

	return !klog->last_ns.known && !klog->banner && !klog->reserved.nr && !klog->refusals.nr &&
	       !klog->nr_suppressed && !klog->boot_id && !parser->attempts.attempts.nr;
}

/* @has_banner: with its first line. */
static int begin_boot(struct lt_klog_reader *reader, bool has_banner)
{
	const bool is_banner_before = reader->signs.has_banner;
	int err;

	/* lt_klog_boot_begins() has seen the next boot's banner already */
	reader->signs.has_banner = has_banner ? reader->had_banner : is_banner_before;
	err = reader->signs.has_lines && !is_preamble(&reader->parser) ? end_boot(reader) : 0;
	reader->parser.klog.begins_at_boot = true;
	reader->signs.has_banner = has_banner;
	return err;
}

/* A record that says of which boot it is has the last word. */
static bool is_next_boot(struct lt_klog_reader *reader, const struct lt_klog_line *line)
{
	bool begins = lt_klog_boot_begins(&reader->signs, &reader->parser.klog, line);

	if (reader->is_of_one_boot)
		return false;
	return line->boot_id.len ? lt_klog_identity_is_other(&reader->parser.klog, line->boot_id)
				 : begins;
}

/* A line of the kernel's that is whole. */
static int parse_message(struct lt_klog_reader *reader, struct lt_klog_line *line)
{
	struct lt_klog_parser *parser = &reader->parser;
	struct lt_text text = line->text;
	bool is_banner = lt_text_literal(&text, "Linux version ");
	int err = 0;

	reader->had_banner = reader->signs.has_banner;
	if (is_next_boot(reader, line))
		err = begin_boot(reader, is_banner);
	if (!err)
		err = lt_klog_identity_boot(&parser->klog, line->boot_id, parser->strings);
	if (!err)
		err = lt_klog_identity_host(&parser->klog, line, parser->strings);
	if (err)
		return err;
	reader->signs.has_lines = reader->signs.has_lines || line->text.pos < line->text.end;
	note_stamp(&parser->klog, line->ts_ns);
	if (is_banner && !parser->klog.banner) {
		parser->klog.banner = lt_strings_span(parser->strings, lt_text_rest(&line->text));
		if (!parser->klog.banner)
			return -ENOMEM;
	}
	err = lt_klog_identity_message(&parser->klog, line->text, parser->strings);
	parser->is_taken = false;
	return err ? err : lt_klog_message_parse(parser, line);
}

static bool is_bitmap(const struct lt_klog_line *line)
{
	struct lt_text at = line->text;

	(void)lt_text_literal(&at, "cma: ");
	return lt_text_literal(&at, "number of available pages");
}

/* A message that only a search for contiguous memory prints begins here. */
static bool can_be_wrapped(const struct lt_klog_line *line)
{
	struct lt_text at = line->text;

	if (line->is_cut || line->is_others || line->text.end - line->text.pos > MESSAGE_MAX - 8)
		return false;
	if (is_bitmap(line))
		return true;
	if (lt_span_is(line->tag, "cma"))
		return lt_text_literal(&at, "c") || lt_text_literal(&at, "_");
	return lt_text_literal(&at, "cma: c") || lt_text_literal(&at, "cma: _") ||
	       lt_text_literal(&at, "cma_alloc: ") || lt_text_literal(&at, "__cma_alloc: ") ||
	       lt_text_literal(&at, "__cma_alloc_frozen: ") ||
	       lt_text_literal(&at, "alloc_contig_range");
}

static bool is_whole_failure(struct lt_text at)
{
	struct lt_span before;
	uint64_t nr_pages;
	int64_t ret;

	return lt_text_until_last(&at, ": alloc failed, req-size: ", &before) &&
	       lt_text_u64(&at, &nr_pages) && lt_text_literal(&at, " pages, ret: ") &&
	       lt_text_s64(&at, &ret) && lt_klog_is_whole_errno((uint64_t)-ret);
}

static bool is_whole_busy(struct lt_text at)
{
	uint64_t pfn;

	return (lt_text_find(&at, "alloc_contig_range: [") ||
		lt_text_find(&at, "alloc_contig_range test_pages_isolated(")) &&
	       lt_text_hex(&at, &pfn) && lt_text_literal(&at, ", ") && lt_text_hex(&at, &pfn) &&
	       (lt_text_literal(&at, ") PFNs busy") || lt_text_literal(&at, ") failed"));
}

static bool is_whole_bitmap(struct lt_text at)
{
	uint64_t nr_free, nr_total;
	struct lt_span runs;

	if (!lt_text_find(&at, "available pages:"))
		return false;
	lt_text_blanks(&at);
	/* The kernel puts no blank between them: it would be a number in two. */
	if (!lt_text_until(&at, "=>", &runs) || memchr(runs.p, ' ', runs.len))
		return false;
	lt_text_blanks(&at);
	return lt_text_u64(&at, &nr_free) &&
	       (lt_text_literal(&at, " free of ") || lt_text_literal(&at, " pages, total: ")) &&
	       lt_text_u64(&at, &nr_total) &&
	       (lt_text_literal(&at, " total pages") || lt_text_literal(&at, " pages"));
}

static bool is_whole(struct lt_text at)
{
	return is_whole_failure(at) || is_whole_busy(at) || has(at, "callbacks suppressed") ||
	       has(at, "(): ") || has(at, "(cma ") || is_whole_bitmap(at);
}

static void append(char *buf, size_t size, size_t *nr, struct lt_span piece)
{
	size_t len = piece.len < size - *nr ? piece.len : size - *nr;

	if (len)
		memcpy(buf + *nr, piece.p, len);
	*nr += len;
}

static void join_piece(struct wrapped *wrapped, struct lt_span piece)
{
	const struct lt_span blank = { " ", 1 };

	for (int i = 0; i < NR_JOINTS; i++) {
		char *joined = wrapped->joined[i];
		size_t *nr = &wrapped->nr_joined[i];
		bool is_word = *nr && piece.len && isalpha((unsigned char)joined[*nr - 1]) &&
			       isalpha((unsigned char)piece.p[0]);

		if (wrapped->nr_pieces && (i == SPACED || (i == WORDS && is_word)))
			append(joined, sizeof(wrapped->joined[i]), nr, blank);
		append(joined, sizeof(wrapped->joined[i]), nr, piece);
	}
	wrapped->nr_pieces++;
}

/* Keep @line until the next shows whether it goes on there. */
static void hold(struct wrapped *wrapped, const struct lt_klog_line *line, bool is_speaking)
{
	static const char tag[] = "cma: ";

	*wrapped = (struct wrapped){ .line = *line,
				     .speaks = is_speaking,
				     .is_strange = is_strange_failure(line->text, line->tag),
				     .is_bitmap = is_bitmap(line) };
	if (line->tag.len)
		append(wrapped->own, sizeof(wrapped->own), &wrapped->nr_own,
		       (struct lt_span){ tag, sizeof(tag) - 1 });
	append(wrapped->own, sizeof(wrapped->own), &wrapped->nr_own, lt_text_rest(&line->text));
	join_piece(wrapped, (struct lt_span){ wrapped->own, wrapped->nr_own });
	wrapped->line.tag.len = 0;
	wrapped->line.boot_id.len = 0;
	wrapped->line.host.len = 0;
	if (line->by.comm.len > sizeof(wrapped->comm))
		wrapped->line.by.comm.len = sizeof(wrapped->comm);
	if (line->by.comm.len)
		memcpy(wrapped->comm, line->by.comm.p, wrapped->line.by.comm.len);
	wrapped->line.by.comm.p = wrapped->comm;
}

static void set_text(struct lt_klog_line *line, const char *p, size_t len)
{
	unsigned int nr = line->text.line;

	lt_text_init(&line->text, p, len);
	line->text.line = nr;
}

/* Nothing that fits followed. */
static int release(struct lt_klog_reader *reader)
{
	struct wrapped *wrapped = &reader->wrapped;
	unsigned int line = wrapped->line.text.line;
	int err;

	if (!wrapped->nr_pieces)
		return 0;
	wrapped->nr_pieces = 0;
	set_text(&wrapped->line, wrapped->own, wrapped->nr_own);
	err = parse_message(reader, &wrapped->line);
	if (wrapped->is_strange && reader->parser.broken_len)
		reader->broken_line = line;
	else if ((wrapped->speaks || wrapped->is_strange) && !reader->parser.is_taken)
		note_not_taken(reader, line);
	return err;
}

static bool is_piece_of_bitmap(struct lt_text at)
{
	while (at.pos < at.end && *at.pos && strchr("0123456789@+=> ,:freeoftotalpages", *at.pos))
		at.pos++;
	return lt_text_at_end(&at);
}

/* Whether @line can be a piece of what was held: it has nothing of its own. */
static bool is_piece(const struct wrapped *wrapped, const struct lt_klog_line *line)
{
	struct lt_text at = line->text, failed = line->text;

	return wrapped->nr_pieces && !line->ts_ns.known && !line->is_tagged && !line->is_others &&
	       !line->tag.len && !lt_text_at_end(&line->text) &&
	       (wrapped->line.ts_ns.known || !lt_text_literal(&at, ": alloc failed")) &&
	       !lt_klog_is_message_at(line->text.pos, line->text.end) &&
	       line->text.end - line->text.pos <= 256 &&
	       !(lt_text_find(&failed, "alloc failed") && wrapped->speaks) &&
	       (wrapped->is_bitmap ? wrapped->nr_pieces < NR_PIECES_OF_BITMAP_MAX &&
					     is_piece_of_bitmap(line->text)
				   : wrapped->nr_pieces < NR_PIECES_MAX);
}

/* A blank that a terminal put at the begin of a line is one of the message; more of them indent. */
static struct lt_span piece_of(const struct lt_klog_line *line, struct lt_text own)
{
	if (line->text.pos == own.pos + 1 && *own.pos == ' ')
		return (struct lt_span){ own.pos, (size_t)(line->text.end - own.pos) };
	return lt_text_rest(&line->text);
}

/* Whether the held message is whole with @line; it is taken then. */
static int parse_piece(struct lt_klog_reader *reader, const struct lt_klog_line *line,
		       struct lt_text own)
{
	struct wrapped *wrapped = &reader->wrapped;
	struct lt_klog_line whole = wrapped->line;

	join_piece(wrapped, piece_of(line, own));
	wrapped->speaks = wrapped->speaks || speaks(line->text);
	whole.is_cut = line->is_cut;
	for (int i = 0; i < NR_JOINTS; i++) {
		set_text(&whole, wrapped->joined[i], wrapped->nr_joined[i]);
		if (!is_whole(whole.text))
			continue;
		wrapped->nr_pieces = 0;
		return parse_message(reader, &whole);
	}
	return 0;
}

/* One message, or what may be one; @own is its part of the line as it stands in the log. */
static int parse_split(struct lt_klog_reader *reader, struct lt_klog_line *line, struct lt_text own)
{
	const bool is_speaking = speaks(own);
	const unsigned int nr = own.line;
	int err;

	if (is_piece(&reader->wrapped, line))
		return parse_piece(reader, line, own);
	err = release(reader);
	if (err)
		return err;
	if (!line->is_others && can_be_wrapped(line) && !is_whole(line->text)) {
		hold(&reader->wrapped, line, is_speaking);
		return 0;
	}
	if (lt_klog_is_gap(line, own))
		note_gap(reader, nr);
	reader->parser.is_taken = false;
	if (!line->is_others)
		err = parse_message(reader, line);
	if (reader->broken_line && !reader->parser.is_taken)
		note_not_taken(reader, reader->broken_line);
	reader->broken_line = 0;
	if (is_speaking && !reader->parser.is_taken)
		note_not_taken(reader, nr);
	return err;
}

/*
 * Every message in @rest, which is one line of the log or the message of a record; @line is the first,
 * and gets the others.
 */
static int parse_all(struct lt_klog_reader *reader, struct lt_text rest, bool is_cut,
		     struct lt_klog_line line, struct lt_klog_scratch *scratch,
		     const struct lt_klog_record *record)
{
	int err = 0;

	while (true) {
		struct lt_text own = rest;

		rest = line.after;
		own.end = rest.pos > own.pos && rest.pos < own.end ? rest.pos : own.end;
		line.is_cut = line.is_cut || (is_cut && line.text.end == own.end);
		if (record && !line.ts_ns.known)
			line.ts_ns = record->ts_ns;
		if (record)
			line.boot_id = (struct lt_span){ record->boot_id, record->boot_id_len };
		if (record && record->host_len)
			line.host = (struct lt_span){ record->host, record->host_len };
		line.is_others = line.is_others || (record && record->is_others);
		line.is_tagged = line.is_tagged || (record && record->is_kernels);
		err = parse_split(reader, &line, own);
		if (err || rest.pos >= rest.end)
			return err;
		(void)lt_klog_line_split(rest, scratch, &line);
	}
}

static int end_record(struct lt_klog_reader *reader)
{
	struct lt_klog_scratch *scratch = &reader->record_scratch;
	struct lt_klog_record *record = &reader->record;
	struct lt_klog_line line;
	struct lt_text text;
	int err;

	lt_text_init(&text, record->message, record->len);
	text.line = record->line;
	err = record->has_message ? lt_klog_scratch_reset(scratch, record->len) : 0;
	if (!err && record->has_message) {
		(void)lt_klog_line_split(text, scratch, &line);
		err = parse_all(reader, text, false, line, scratch, record);
	}
	record->ts_ns.known = false;
	record->has_message = false;
	record->is_others = false;
	record->is_kernels = false;
	record->boot_id_len = 0;
	record->host_len = 0;
	return err;
}

static bool is_field(struct lt_klog_reader *reader, struct lt_text raw, struct lt_klog_line *line)
{
	(void)lt_klog_line_split(raw, &reader->scratch, line);
	return line->key.len;
}

/* What a bugreport shows of an earlier boot begins, or ends. */
static int begin_section(struct lt_klog_reader *reader, bool is_past)
{
	int err = end_record(reader);

	if (!err)
		err = release(reader);
	if (!err && reader->signs.has_lines)
		err = end_boot(reader);
	reader->signs = (struct lt_klog_boot_signs){ 0 };
	reader->parser.klog.is_past = is_past;
	reader->is_behind_past = !is_past;
	return err;
}

static int parse_line(void *arg, const struct lt_text *raw, bool is_cut)
{
	struct lt_klog_reader *reader = arg;
	struct lt_klog_line line;
	int err = lt_klog_scratch_reset(&reader->scratch, (size_t)(raw->end - raw->pos));

	if (err)
		return err;
	if (memchr(raw->pos, '\0', (size_t)(raw->end - raw->pos))) {
		reader->nr_skipped++;
		reader->binary_line = raw->line;
		note_gap(reader, raw->line);
		if (speaks(*raw))
			note_not_taken(reader, raw->line);
		return 0;
	}
	if (lt_klog_boot_is_mark(*raw)) {
		err = begin_boot(reader, false);
		reader->signs.has_lines = false; /* a banner that follows is of the same boot */
		if (!err)
			err = lt_klog_identity_mark(&reader->parser.klog, *raw,
						    reader->parser.strings);
		return err;
	}
	if (lt_klog_boot_is_past(*raw) ||
	    (reader->parser.klog.is_past && lt_klog_boot_is_section(*raw)))
		return begin_section(reader, lt_klog_boot_is_past(*raw));
	if (is_field(reader, *raw, &line)) {
		err = lt_klog_record_is_next(&reader->record, line.key) ? end_record(reader) : 0;
		lt_klog_record_parse(&reader->record, line.key, line.text);
		return err;
	}
	/* An empty line ends a record, and so does a message of its own. */
	if (line.text.pos == line.text.end || line.ts_ns.known || strchr("{}", *line.text.pos) ||
	    speaks(*raw))
		err = end_record(reader);
	/* Of a line whose end is missing only what is surely whole is believed. */
	if (!err && is_cut && !speaks(*raw)) {
		reader->nr_skipped++;
		return 0;
	}
	return err ? err : parse_all(reader, *raw, is_cut, line, &reader->scratch, NULL);
}

/* Whether nothing was begun that a line without any word of its own could go on with, or end. */
static bool is_idle(const struct lt_klog_reader *reader)
{
	return reader->signs.has_lines && !reader->wrapped.nr_pieces &&
	       !reader->parser.broken_len && lt_klog_record_is_empty(&reader->record) &&
	       lt_klog_attempts_are_idle(&reader->parser.attempts);
}

static bool is_known(struct lt_span told, const char *known)
{
	return !told.len || (known && lt_span_is(told, known));
}

/* Whether @raw has nothing but its time. */
static bool pass_line(void *arg, struct lt_span raw)
{
	struct lt_klog_reader *reader = arg;
	struct lt_klog *klog = &reader->parser.klog;
	struct lt_klog_line line = { 0 };

	if (!is_idle(reader) || !lt_klog_is_quiet(&reader->words, raw, &line))
		return false;
	if (line.is_others)
		return true;
	if (lt_klog_boot_can_begin(line.ts_ns) || !is_known(line.boot_id, klog->boot_id) ||
	    !is_known(line.host, klog->host))
		return false;
	note_stamp(klog, line.ts_ns);
	lt_klog_attempts_pass(&reader->parser.attempts, line.ts_ns);
	return true;
}

struct lt_klog_reader *lt_klog_reader_new(struct lt_strings *strings, int boot)
{
	struct lt_klog_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	lt_klog_quiet_init(&reader->words);
	reader->text.fn = parse_line;
	reader->text.pass = pass_line;
	reader->text.arg = reader;
	reader->parser.strings = strings;
	reader->parser.attempts.strings = strings;
	reader->boots.wanted = boot < -LT_BOOTS_MAX ? -LT_BOOTS_MAX : boot;
	return reader;
}

void lt_klog_reader_keep_boot(struct lt_klog_reader *reader)
{
	reader->is_of_one_boot = true;
}

void lt_klog_reader_read_all(struct lt_klog_reader *reader)
{
	reader->text.pass = NULL;
}

int lt_klog_reader_feed(struct lt_klog_reader *reader, const char *buf, size_t len)
{
	return lt_klog_text_feed(&reader->text, buf, len);
}

int lt_klog_reader_end(struct lt_klog_reader *reader, struct lt_klog *out, struct lt_diag *diag)
{
	int err = lt_klog_text_end(&reader->text);

	if (!err)
		err = end_record(reader);
	if (!err)
		err = release(reader);
	if (err)
		return err;
	if (reader->broken_line)
		note_not_taken(reader, reader->broken_line);
	/* Behind the section of an earlier boot there need not be another one. */
	err = reader->is_behind_past && !reader->signs.has_lines ? 0 : end_boot(reader);
	if (err)
		return err;
	if (reader->binary_line && !reader->has_any && !reader->nr_not_taken) {
		struct lt_text at = { .line = reader->binary_line };

		return lt_text_fail(&at, diag, "NUL bytes: this is no log text");
	}
	err = lt_klog_boot_list_move(&reader->boots, out, diag);
	if (err)
		return err;
	out->nr_not_taken = reader->nr_not_taken;
	out->first_not_taken = reader->first_not_taken;
	out->first_gap = reader->first_gap;
	if (diag)
		diag->nr_skipped += reader->nr_skipped;
	return 0;
}

void lt_klog_reader_free(struct lt_klog_reader *reader)
{
	if (!reader)
		return;
	lt_klog_text_fini(&reader->text);
	lt_klog_fini(&reader->parser.klog);
	lt_klog_attempts_fini(&reader->parser.attempts);
	lt_klog_boot_list_fini(&reader->boots);
	lt_klog_scratch_fini(&reader->scratch);
	lt_klog_scratch_fini(&reader->record_scratch);
	free(reader);
}

int lt_klog_parse(const char *buf, size_t len, struct lt_strings *strings, struct lt_klog *out,
		  struct lt_diag *diag)
{
	struct lt_klog_reader *reader = lt_klog_reader_new(strings, 0);
	int err = reader ? lt_klog_reader_feed(reader, buf, len) : -ENOMEM;

	if (!err)
		err = lt_klog_reader_end(reader, out, diag);
	lt_klog_reader_free(reader);
	return err;
}
