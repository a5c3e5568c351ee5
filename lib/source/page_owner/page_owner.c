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

#define RECORD_START "Page allocated via order "

#define CHUNK_SIZE ((size_t)64 * 1024)

/* The kernel builds a record in one page; its lines are far shorter. */
#define LINE_SIZE 4096
#define HEADER_SIZE 4096
#define NR_FRAMES_MAX 64

/* comm is an array of 16 bytes with a NUL. */
#define COMM_LEN_MAX 15

enum place {
	BETWEEN, /* no record, or one that is given up */
	HEADER,	 /* RECORD_START was seen, the pfn line not yet */
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
	char header[HEADER_SIZE]; /* from RECORD_START to the pfn line, newlines included */
	size_t header_len;
	uint64_t header_nr; /* line number of RECORD_START */
	struct lt_owner owner;
	const char *frames[NR_FRAMES_MAX];
	size_t nr_frames;
	struct lt_num handle; /* of the stack */
	uint64_t nr_unresolved;
};

struct lt_page_owner *lt_page_owner_new(const struct lt_page_owner_sink *sink)
{
	struct lt_page_owner *parser = calloc(1, sizeof(*parser));

	if (parser)
		parser->sink = *sink;
	return parser;
}

void lt_page_owner_free(struct lt_page_owner *parser)
{
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

static int emit_record(struct lt_page_owner *parser)
{
	struct lt_owner *owner = &parser->owner;

	parser->place = BETWEEN;
	/* In this mode the stack itself is in another file: different handles stay apart. */
	if (!parser->nr_frames && parser->handle.known) {
		parser->frames[parser->nr_frames++] = lt_strings_format(
			parser->sink.strings, "handle %" PRIu64 " (its stack is not in this text)",
			parser->handle.val);
		if (!parser->frames[0])
			return -ENOMEM;
		parser->nr_unresolved++;
	}
	if (parser->nr_frames) {
		owner->stack =
			lt_stacks_add(parser->sink.stacks, parser->frames, parser->nr_frames);
		if (!owner->stack)
			return -ENOMEM;
	}
	parser->stats.nr_records++;
	return parser->sink.each(owner, parser->sink.arg);
}

/* Whatever record is open ends here. */
static int finish_record(struct lt_page_owner *parser)
{
	if (parser->place == BODY)
		return emit_record(parser);
	if (parser->place == HEADER)
		count_unknown_rest(parser, header_text(parser));
	parser->place = BETWEEN;
	return 0;
}

/* Take a number that the kernel prints with %d; negative means that it does not know. */
static bool parse_pid(struct lt_text *text, struct lt_num *out)
{
	int64_t val;

	if (!lt_text_s64(text, &val))
		return false;
	*out = (struct lt_num){ .val = (uint64_t)val, .known = val >= 0 };
	return true;
}

static bool parse_comm(struct lt_text *text, struct lt_span *out)
{
	static const char stop[] = "), ts ";
	size_t left = (size_t)(text->end - text->pos), len = sizeof(stop) - 1;
	size_t at = left < len ? 0 : left - len + 1;

	if (at > COMM_LEN_MAX + 1)
		at = COMM_LEN_MAX + 1;
	while (at--) {
		if (memcmp(text->pos + at, stop, len))
			continue;
		*out = (struct lt_span){ .p = text->pos, .len = at };
		for (size_t i = 0; i < at; i++)
			text->line += text->pos[i] == '\n';
		text->pos += at + 1;
		return true;
	}
	return false;
}

/* Each part is taken whole or not at all, so that what is odd stays in the rest of the line. */
static int parse_task(struct lt_page_owner *parser, struct lt_text *text)
{
	struct lt_owner *owner = &parser->owner;
	struct lt_text at = *text;
	struct lt_num num;
	struct lt_span comm;

	if (!lt_text_literal(&at, ", pid ") || !parse_pid(&at, &num))
		return 0;
	owner->pid = num;
	*text = at;
	if (!lt_text_literal(&at, ", tgid ") || !parse_pid(&at, &num) ||
	    !lt_text_literal(&at, " (") || !parse_comm(&at, &comm))
		return 0;
	owner->tgid = num;
	owner->comm = lt_strings_span(parser->sink.strings, comm);
	*text = at;
	return owner->comm ? 0 : -ENOMEM;
}

static void parse_times(struct lt_page_owner *parser, struct lt_text *text)
{
	struct lt_text at = *text;
	uint64_t ns;

	if (!lt_text_literal(&at, ", ts ") || !lt_text_u64(&at, &ns) ||
	    !lt_text_literal(&at, " ns"))
		return;
	parser->owner.ts_ns = lt_num(ns);
	*text = at;
	if (lt_text_literal(&at, ", free_ts ") && lt_text_u64(&at, &ns) &&
	    lt_text_literal(&at, " ns"))
		*text = at;
}

/*
 * Names of flags, "GFP_KERNEL|__GFP_ZERO|0x800000". A kernel that has no names
 * prints a number, a hash of a pointer, or "(ptrval)": nothing that tells more
 * than the mask does.
 */
static bool is_named_flags(struct lt_span words)
{
	bool is_hash = true;

	for (size_t i = 0; i < words.len; i++) {
		char c = words.p[i];
		bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');

		if (!is_hex && c != '_' && c != '|' && c != 'x' && !(c >= 'A' && c <= 'Z') &&
		    !(c >= 'a' && c <= 'z'))
			return false;
		is_hash = is_hash && is_hex;
	}
	return words.len && !is_hash && (words.p[0] < '0' || words.p[0] > '9');
}

/* 1 if the header is one, 0 if not. */
static int parse_header(struct lt_page_owner *parser)
{
	struct lt_text text = header_text(parser);
	struct lt_span mask, words;
	uint64_t order, bits;
	int err;

	if (!lt_text_literal(&text, RECORD_START) || !lt_text_u64(&text, &order) || order > 31 ||
	    !lt_text_literal(&text, ", mask "))
		return 0;
	mask.p = text.pos;
	if (!lt_text_number(&text, &bits))
		return 0;
	mask.len = (size_t)(text.pos - mask.p);
	if (!lt_text_literal(&text, "(") || !lt_text_until(&text, ")", &words))
		return 0;
	if (words.len && words.p[0] == '(') /* "((ptrval))" */
		lt_text_literal(&text, ")");
	parser->owner.order = (unsigned int)order;
	parser->owner.gfp =
		lt_strings_span(parser->sink.strings, is_named_flags(words) ? words : mask);
	if (!parser->owner.gfp)
		return -ENOMEM;
	err = parse_task(parser, &text);
	if (err)
		return err;
	parse_times(parser, &text);
	count_unknown_rest(parser, text);
	return 1;
}

/* 1 if @text is a pfn line, 0 if not. */
static int parse_pfn_line(struct lt_page_owner *parser, struct lt_text text)
{
	struct lt_owner *owner = &parser->owner;
	struct lt_span type, block_type;
	uint64_t pfn, block;

	/* A physical address has 64 bits and a page 2^12 bytes at least. */
	if (!lt_text_literal(&text, "PFN ") || !lt_text_number(&text, &pfn) || pfn >> 52 ||
	    !lt_text_literal(&text, " type ") || !lt_text_word(&text, &type) ||
	    !lt_text_literal(&text, " Block ") || !lt_text_u64(&text, &block) ||
	    !lt_text_literal(&text, " type ") || !lt_text_word(&text, &block_type) ||
	    !lt_text_literal(&text, " Flags "))
		return 0;
	*owner = (struct lt_owner){ .pfn = pfn };
	owner->migratetype = lt_strings_span(parser->sink.strings, type);
	owner->block_migratetype = lt_strings_span(parser->sink.strings, block_type);
	return owner->migratetype && owner->block_migratetype ? 1 : -ENOMEM;
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
	int ret = parse_pfn_line(parser, line);

	if (ret < 0)
		return ret;
	if (!ret) {
		append_header(parser, lt_text_rest(&line));
		return 0;
	}
	ret = parse_header(parser);
	if (ret < 0)
		return ret;
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
		return emit_record(parser);
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
	if (lt_text_literal(&start, RECORD_START)) {
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

int lt_page_owner_feed(struct lt_page_owner *parser, const char *buf, size_t len)
{
	int err = 0;

	parser->has_input |= len > 0;
	while (len && !err) {
		const char *stop = memchr(buf, '\n', len);
		size_t n = stop ? (size_t)(stop - buf) : len;

		if (stop && !parser->line_len)
			err = parse_line(parser, buf, n, n > LINE_SIZE);
		else
			keep_line(parser, buf, n);
		if (stop && parser->line_len) {
			err = parse_line(parser, parser->line, parser->line_len,
					 parser->is_line_cut);
			parser->line_len = 0;
			parser->is_line_cut = false;
		}
		n += stop ? 1 : 0;
		buf += n;
		len -= n;
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
