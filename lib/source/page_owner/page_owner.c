// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /sys/kernel/debug/page_owner: who allocated each block of pages.
 *
 *   text     = { record }
 *   record   = header LF pfn LF { frame LF } { extra LF } LF
 *   header   = "Page allocated via order " N ", mask " HEX "(" gfp ")" [task] [times]
 *   gfp      = flag { "|" flag } | "" | what %pGg came to without a name: HEX | "(ptrval)" | ...
 *   task     = ", pid " N [ ", tgid " N " (" comm ")" ]
 *   times    = ", ts " N " ns" [ ", free_ts " N " ns" ]
 *   pfn      = "PFN " N " type " word " Block " N " type " word " Flags " ...
 *   frame    = " " ( symbol "+0x" HEX "/0x" HEX [ " [" module "]" ] | address )
 *   extra    = "Page has been migrated, last migrate reason: " reason
 *            | "Slab cache page" | "Charged " ... | "handle: " N
 *
 * 5.10 has neither task nor times. pid and ts came in 5.11, free_ts a little
 * later, tgid and comm by 6.1; free_ts is gone again in 6.12. The PFN is
 * decimal up to 6.1 and 0x... from some release in 6.4 to 6.7 on. Proven by
 * v5.10-x86-custom-cmaheavy and v6.12-x86-custom; the forms between them are
 * from the kernel's source.
 *
 * comm is up to 15 raw bytes and may hold anything but NUL, newlines and
 * "), ts " included. It is too short to hold a whole header or pfn line, so a
 * header goes on until a line that is one of these, and comm until the last
 * "), ts " that is near enough.
 */
#include "source/page_owner/page_owner.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "source/page_owner/page_owner_body.h"
#include "source/page_owner/page_owner_head.h"

/* A record that lies across two chunks is taken line by line: few may, and the cache has room. */
#define CHUNK_SIZE ((size_t)256 * 1024)

/* The kernel builds a record in one page; its lines are far shorter. */
#define LINE_SIZE 4096
#define HEADER_SIZE 4096
#define NR_FRAMES_MAX 64

#define NR_TOGETHER 16

enum place {
	BETWEEN, /* no record, or one that is given up */
	HEADER,	 /* LT_PAGE_OWNER_START was seen, the pfn line not yet */
	BODY,	 /* owner is complete but for its stack and what is extra */
};

struct lt_page_owner {
	struct lt_page_owner_sink sink;

	struct lt_page_owner_stats stats;
	uint64_t line_nr, first_unknown;
	bool has_input;

	char line[LINE_SIZE]; /* the start of one whose end was not fed yet */
	size_t line_len;
	bool is_line_cut;

	enum place place;
	char header[HEADER_SIZE]; /* from LT_PAGE_OWNER_START to the pfn line, newlines included */
	size_t header_len;
	uint64_t header_nr; /* line number of LT_PAGE_OWNER_START */
	struct lt_owner owner;
	const char *frames[NR_FRAMES_MAX];
	size_t nr_frames;
	struct lt_num handle; /* of the stack */
	bool is_unresolved;   /* the handle is all there is */
	uint64_t nr_unresolved;

	struct lt_page_owner_head head;
	struct lt_page_owner_bodies *bodies;
};

struct lt_page_owner *lt_page_owner_new(const struct lt_page_owner_sink *sink)
{
	struct lt_page_owner *parser = calloc(1, sizeof(*parser));

	if (!parser)
		return NULL;
	parser->sink = *sink;
	parser->head.strings = sink->strings;
	parser->bodies = lt_page_owner_bodies_new();
	if (!parser->bodies) {
		free(parser);
		return NULL;
	}
	return parser;
}

void lt_page_owner_free(struct lt_page_owner *parser)
{
	if (parser)
		lt_page_owner_bodies_free(parser->bodies);
	free(parser);
}

struct lt_page_owner_stats lt_page_owner_stats(const struct lt_page_owner *parser)
{
	return parser->stats;
}

static void count_unknown(struct lt_page_owner *parser, uint64_t line_nr)
{
	parser->stats.nr_unknown_lines++;
	if (!parser->first_unknown || line_nr < parser->first_unknown)
		parser->first_unknown = line_nr;
}

/* Lines of the header from @rest on that are not blank belong to nothing we know. */
static void count_unknown_rest(struct lt_page_owner *parser, struct lt_text rest)
{
	uint64_t line_nr = parser->header_nr + rest.line - 1;
	struct lt_text line;

	for (; lt_text_line(&rest, &line); line_nr++)
		if (!lt_text_at_end(&line))
			count_unknown(parser, line_nr);
}

static struct lt_text header_text(const struct lt_page_owner *parser)
{
	struct lt_text text;

	lt_text_init(&text, parser->header, parser->header_len);
	return text;
}

/* Frames of the record that ends; 0 or -ENOMEM. */
static int add_stack(struct lt_page_owner *parser)
{
	/* In this mode the stack itself is in another file: different handles stay apart. */
	parser->is_unresolved = !parser->nr_frames && parser->handle.known;
	if (parser->is_unresolved) {
		parser->frames[parser->nr_frames++] = lt_strings_format(
			parser->sink.strings, "handle %" PRIu64 " (its stack is not in this text)",
			parser->handle.val);
		if (!parser->frames[0])
			return -ENOMEM;
	}
	if (!parser->nr_frames)
		return 0;
	parser->owner.stack = lt_stacks_add(parser->sink.stacks, parser->frames, parser->nr_frames);
	return parser->owner.stack ? 0 : -ENOMEM;
}

static int emit_record(struct lt_page_owner *parser)
{
	parser->place = BETWEEN;
	parser->nr_unresolved += parser->is_unresolved;
	parser->stats.nr_records++;
	return parser->sink.each(&parser->owner, parser->sink.arg);
}

static int end_record(struct lt_page_owner *parser)
{
	int err = add_stack(parser);

	return err ? err : emit_record(parser);
}

/* Whatever record is open ends here. */
static int finish_record(struct lt_page_owner *parser)
{
	if (parser->place == BODY)
		return end_record(parser);
	if (parser->place == HEADER)
		count_unknown_rest(parser, header_text(parser));
	parser->place = BETWEEN;
	return 0;
}

static void append_header(struct lt_page_owner *parser, struct lt_span line)
{
	if (line.len + 1 > sizeof(parser->header) - parser->header_len) {
		count_unknown_rest(parser, header_text(parser));
		count_unknown(parser, parser->line_nr);
		parser->place = BETWEEN;
		return;
	}
	memcpy(parser->header + parser->header_len, line.p, line.len);
	parser->header_len += line.len;
	parser->header[parser->header_len++] = '\n';
}

static int parse_header_line(struct lt_page_owner *parser, struct lt_text line)
{
	struct lt_text header = header_text(parser), all = line;
	struct lt_owner owner = { 0 };
	int ret = lt_page_owner_head_pfn(&parser->head, &all, &owner);

	if (ret < 0)
		return ret;
	if (!ret) {
		append_header(parser, lt_text_rest(&line));
		return 0;
	}
	parser->owner = owner;
	ret = lt_page_owner_head_first(&parser->head, &header, &parser->owner);
	if (ret < 0)
		return ret;
	if (ret)
		count_unknown_rest(parser, header);
	parser->nr_frames = 0;
	parser->handle.known = false;
	parser->place = ret ? BODY : BETWEEN;
	if (!ret) {
		count_unknown_rest(parser, header_text(parser));
		count_unknown(parser, parser->line_nr);
	}
	return 0;
}

static bool is_known_extra(struct lt_text line)
{
	return lt_text_literal(&line, "Slab cache page") || lt_text_literal(&line, "Charged ");
}

/* "handle: N", instead of the stack or beside it (mm/page_owner.c, 2026). */
static bool parse_handle(struct lt_page_owner *parser, struct lt_text line)
{
	uint64_t handle;

	if (!lt_text_literal(&line, "handle: ") || !lt_text_u64(&line, &handle))
		return false;
	parser->handle = lt_num(handle);
	return true;
}

static int parse_body_line(struct lt_page_owner *parser, struct lt_text line)
{
	const char **into = NULL;

	if (lt_text_at_end(&line))
		return end_record(parser);
	if (lt_text_literal(&line, " ")) {
		lt_text_blanks(&line);
		if (parser->nr_frames < NR_FRAMES_MAX)
			into = &parser->frames[parser->nr_frames++];
	} else if (lt_text_literal(&line, "Page has been migrated, last migrate reason: ")) {
		into = &parser->owner.migrate_reason;
	} else if (is_known_extra(line) || parse_handle(parser, line)) {
		return 0;
	}
	if (!into) {
		count_unknown(parser, parser->line_nr);
		return 0;
	}
	*into = lt_strings_span(parser->sink.strings, lt_text_rest(&line));
	return *into ? 0 : -ENOMEM;
}

/* @bytes is one line without its newline. */
static int parse_line(struct lt_page_owner *parser, const char *bytes, size_t len, bool is_cut)
{
	struct lt_text all, line, start;
	int err;

	parser->line_nr++;
	lt_text_init(&all, bytes, len);
	line = all;
	lt_text_line(&all, &line); /* drops a carriage return */
	start = line;
	if (is_cut) {
		count_unknown(parser, parser->line_nr);
		return finish_record(parser);
	}
	if (lt_text_literal(&start, LT_PAGE_OWNER_START)) {
		err = finish_record(parser);
		parser->place = HEADER;
		parser->header_len = 0;
		parser->header_nr = parser->line_nr;
		if (!err)
			append_header(parser, lt_text_rest(&line));
		return err;
	}
	switch (parser->place) {
	case HEADER:
		return parse_header_line(parser, line);
	case BODY:
		return parse_body_line(parser, line);
	case BETWEEN:
		if (!lt_text_at_end(&line))
			count_unknown(parser, parser->line_nr);
	}
	return 0;
}

static void keep_line(struct lt_page_owner *parser, const char *bytes, size_t len)
{
	size_t room = sizeof(parser->line) - parser->line_len;

	if (len > room) {
		parser->is_line_cut = true;
		len = room;
	}
	memcpy(parser->line + parser->line_len, bytes, len);
	parser->line_len += len;
}

/* The next line, or what there is of it: its length. */
static int read_line(struct lt_page_owner *parser, const char *buf, size_t len, size_t *used)
{
	const char *stop = memchr(buf, '\n', len);
	const size_t n = stop ? (size_t)(stop - buf) : len;
	int err;

	*used = n + !!stop;
	if (stop && !parser->line_len)
		return parse_line(parser, buf, n, n > LINE_SIZE);
	keep_line(parser, buf, n);
	if (!stop)
		return 0;
	err = parse_line(parser, parser->line, parser->line_len, parser->is_line_cut);
	parser->line_len = 0;
	parser->is_line_cut = false;
	return err;
}

/* Where the parts of a record are that looks like most. */
struct record {
	struct lt_span first, pfn;
	struct lt_page_owner_body_text body;
};

/* How long the record at @buf is; 0 if it does not end there, or does not look like one. */
static size_t locate_record(const char *buf, size_t len, struct record *out)
{
	const char *end = buf + len, *pfn = memchr(buf, '\n', len), *body;

	body = pfn && ++pfn < end ? memchr(pfn, '\n', (size_t)(end - pfn)) : NULL;
	if (!body || ++body - buf > LINE_SIZE ||
	    !lt_page_owner_body_locate(body, (size_t)(end - body), &out->body))
		return 0;
	out->first = (struct lt_span){ buf, (size_t)(pfn - buf) - 1 };
	out->pfn = (struct lt_span){ pfn, (size_t)(body - pfn) - 1 };
	return (size_t)(body - buf) + out->body.len;
}

/* Take a record whose body another one had; any other stays to be taken line by line. */
static int read_known_record(struct lt_page_owner *parser, const struct record *record,
			     bool *is_taken)
{
	const struct lt_page_owner_body *body =
		lt_page_owner_bodies_find(parser->bodies, &record->body);
	struct lt_owner owner = { 0 };
	struct lt_text first, pfn;
	int ret;

	if (!body)
		return 0;
	lt_text_init(&pfn, record->pfn.p, record->pfn.len);
	lt_text_init(&first, record->first.p, record->first.len);
	ret = lt_page_owner_head_pfn(&parser->head, &pfn, &owner);
	if (ret > 0)
		ret = lt_page_owner_head_first(&parser->head, &first, &owner);
	if (ret <= 0 || !lt_text_at_end(&first))
		return ret < 0 ? ret : 0;
	owner.stack = body->stack;
	owner.migrate_reason = body->migrate_reason;
	parser->owner = owner;
	parser->is_unresolved = body->is_unresolved;
	parser->line_nr += 2 + body->nr_lines;
	*is_taken = true;
	return emit_record(parser);
}

/* Take the lines of a record, and remember its body if all of that is understood. */
static int read_new_record(struct lt_page_owner *parser, const struct record *record)
{
	const char *p = record->first.p, *end = record->body.p + record->body.len;
	const bool is_start = parser->place == BETWEEN;
	uint64_t line_nr = 0, nr_unknown = 0, nr_records = 0;
	int err = 0;

	while (p < end && !err) {
		size_t used;

		err = read_line(parser, p, (size_t)(end - p), &used);
		p += used;
		if (p == record->body.p) {
			line_nr = parser->line_nr;
			nr_unknown = parser->stats.nr_unknown_lines;
			nr_records = parser->place == BODY ? parser->stats.nr_records + 1 : 0;
		}
	}
	if (!err && is_start && nr_records && nr_records == parser->stats.nr_records &&
	    nr_unknown == parser->stats.nr_unknown_lines)
		err = lt_page_owner_bodies_add(
			parser->bodies, &record->body,
			&(struct lt_page_owner_body){
				.stack = parser->owner.stack,
				.migrate_reason = parser->owner.migrate_reason,
				.nr_lines = (unsigned int)(parser->line_nr - line_nr),
				.is_unresolved = parser->is_unresolved,
			});
	return err;
}

/*
 * Records that lie in @buf as a whole: how far they go. Some are looked at together, so that memory
 * has time to bring what they are compared with.
 */
static int read_records(struct lt_page_owner *parser, const char *buf, size_t len, size_t *used)
{
	struct record records[NR_TOGETHER];
	size_t nr, size;
	int err = 0;

	for (nr = 0; nr < NR_TOGETHER; nr++, *used += size) {
		size = locate_record(buf + *used, len - *used, &records[nr]);
		if (!size)
			break;
		lt_page_owner_bodies_fetch_slot(parser->bodies, &records[nr].body);
	}
	for (size_t i = 0; i < nr; i++)
		lt_page_owner_bodies_fetch_body(parser->bodies, &records[i].body);
	for (size_t i = 0; i < nr && !err; i++) {
		bool is_taken = false;

		if (parser->place == BETWEEN)
			err = read_known_record(parser, &records[i], &is_taken);
		if (!err && !is_taken)
			err = read_new_record(parser, &records[i]);
	}
	return err;
}

int lt_page_owner_feed(struct lt_page_owner *parser, const char *buf, size_t len)
{
	int err = 0;

	parser->has_input |= len > 0;
	while (len && !err) {
		size_t used = 0;

		if (parser->place == BETWEEN && !parser->line_len)
			err = read_records(parser, buf, len, &used);
		if (!used && !err)
			err = read_line(parser, buf, len, &used);
		buf += used;
		len -= used;
	}
	return err;
}

int lt_page_owner_end(struct lt_page_owner *parser, struct lt_diag *diag)
{
	uint64_t nr_unknown;
	int err = parser->line_len ? parse_line(parser, parser->line, parser->line_len, true)
				   : finish_record(parser);

	if (err)
		return err;
	nr_unknown = parser->stats.nr_unknown_lines;
	if (parser->nr_unresolved)
		lt_diag_note(diag,
			     "%" PRIu64 " records have a handle instead of a stack: read the file "
			     "without mode=handle",
			     parser->nr_unresolved);
	if (!parser->has_input) {
		lt_diag_set(diag, "empty, expected page_owner records");
	} else if (!parser->stats.nr_records) {
		diag->line = 1;
		lt_diag_set(diag, "no page_owner record in it");
	} else if (nr_unknown) {
		diag->nr_skipped = nr_unknown < UINT_MAX ? (unsigned int)nr_unknown : UINT_MAX;
		diag->line = parser->first_unknown < UINT_MAX ? (unsigned int)parser->first_unknown
							      : UINT_MAX;
		lt_diag_set(diag, "the first line that is not understood");
	}
	return parser->stats.nr_records ? 0 : -EBADMSG;
}

int lt_page_owner_read(struct lt_page_owner *parser, int fd, struct lt_diag *diag)
{
	char *buf = malloc(CHUNK_SIZE);
	int err = buf ? 0 : -ENOMEM;

	while (!err) {
		ssize_t n = read(fd, buf, CHUNK_SIZE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			err = n < 0 ? -errno : lt_page_owner_end(parser, diag);
			break;
		}
		err = lt_page_owner_feed(parser, buf, (size_t)n);
	}
	free(buf);
	return err;
}
