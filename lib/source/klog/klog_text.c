// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From the bytes of a log to its lines: what mail, consoles, editors and
 * browsers made of the text is undone.
 *
 *	UTF-16					with a byte order mark, or NUL in every other byte
 *	"\n", "\r\n", "\r"			a line ends
 *	"=" at the end, "=3D"			quoted-printable (klog_plain.c)
 *	"Content-Transfer-Encoding: base64"	what follows the empty line behind it, up to one that is
 *						no base64: the log is in it
 *	NAME LF, 8 bytes, bytes LF		journalctl -o export: a field that has bytes of any kind,
 *						and how many, the least significant first
 *	colours, entities, tags			klog_plain.c
 *
 * A log is read piece by piece and may be longer than memory: nothing is kept
 * but the line that is being read.
 */
#include "source/klog/klog_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/klog/klog_plain.h"

enum { UNDECIDED, BYTES, UTF16_LE, UTF16_BE };

/* Enough to tell an encoding. */
#define HEAD_LEN 16

/* A mailer breaks lines of quoted-printable here. */
#define SOFT_BREAK_MIN 60

static int put(struct lt_klog_bytes *bytes, const char *p, size_t len)
{
	if (bytes->size - bytes->len < len) {
		size_t size = (bytes->len + len) * 2;
		char *grown = realloc(bytes->p, size);

		if (!grown)
			return -ENOMEM;
		bytes->p = grown;
		bytes->size = size;
	}
	if (len)
		memcpy(bytes->p + bytes->len, p, len);
	bytes->len += len;
	return 0;
}

static int emit(struct lt_klog_text *text, struct lt_span line, unsigned int nr, bool is_cut)
{
	struct lt_text plain;
	int err = 0;

	text->plain.len = 0;
	if (lt_klog_plain_is_needed(line)) {
		/* never longer than it was, but for a character that an entity of two bytes stands for */
		if (text->plain.size < line.len + 1) {
			err = put(&text->plain, line.p, line.len);
			text->plain.len = 0;
		}
		if (err)
			return err;
		line = lt_klog_plain(line, text->is_quoted_printable, text->plain.p);
	}
	lt_text_init(&plain, line.p, line.len);
	plain.line = nr;
	return text->fn(text->arg, &plain, is_cut);
}

static bool is_soft_break(const struct lt_klog_text *text, struct lt_span line)
{
	return line.len && line.p[line.len - 1] == '=' &&
	       (text->is_quoted_printable || (line.len >= SOFT_BREAK_MIN && line.len <= 76)) &&
	       text->soft.len + line.len < LT_KLOG_LINE_MAX;
}

static void note_header(struct lt_klog_text *text, struct lt_span line)
{
	static const char key[] = "Content-Transfer-Encoding:", cursor[] = "__CURSOR=";

	if (line.len > sizeof(key) && (*line.p | 0x20) == 'c' &&
	    !strncasecmp(line.p, key, sizeof(key) - 1)) {
		text->is_quoted_printable = memmem(line.p, line.len, "quoted-printable", 16);
		text->attachment.has_head =
			memmem(line.p, line.len, "base64", 6) && !text->is_inner;
	}
	if (line.len >= sizeof(cursor) && !memcmp(line.p, cursor, sizeof(cursor) - 1))
		text->is_export = true;
}

/* The last line of what was base64. */
static int end_attachment(struct lt_klog_text *text)
{
	struct lt_klog_attachment *attachment = &text->attachment;
	int err = attachment->text ? lt_klog_text_end(attachment->text) : 0;

	if (attachment->text)
		lt_klog_text_fini(attachment->text);
	free(attachment->text);
	*attachment = (struct lt_klog_attachment){ 0 };
	return err;
}

/* What is in a line of base64 goes the way that all lines go. */
static int feed_attachment(struct lt_klog_text *text, struct lt_span line)
{
	struct lt_klog_attachment *attachment = &text->attachment;
	char *out = malloc(line.len);
	int err;

	if (!attachment->text)
		attachment->text = calloc(1, sizeof(*attachment->text));
	if (!attachment->text || !out) {
		free(out);
		return -ENOMEM;
	}
	if (!attachment->text->fn)
		*attachment->text = (struct lt_klog_text){ .fn = text->fn,
							   .arg = text->arg,
							   .nr_lines = text->nr_lines,
							   .is_inner = true };
	err = lt_klog_text_feed(attachment->text, out,
				lt_base64_decode(&attachment->state, line.p, line.len, out));
	free(out);
	return err;
}

/* 1 if @line was of an attachment, 0 if not, or negative errno. */
static int parse_attachment(struct lt_klog_text *text, struct lt_span line)
{
	struct lt_klog_attachment *attachment = &text->attachment;
	int err;

	if (!attachment->has_head)
		return 0;
	if (!attachment->has_body) {
		attachment->has_body = !line.len;
		return 0;
	}
	if (!lt_base64_is(line.p, line.len))
		return attachment->text || line.len ? end_attachment(text) : 0;
	err = feed_attachment(text, line);
	return err ? err : 1;
}

/*
 * Drop the mark of the soft break, and the quotation mark of the line that goes on, if the first has
 * one. "=>" is of the kernel, broken in two.
 */
static struct lt_span join_soft(struct lt_klog_text *text, struct lt_span line)
{
	bool is_quoted = text->soft.p[0] == '>';

	if (line.len && line.p[0] == '>' && !is_quoted && !text->is_quoted_printable)
		return line;
	text->soft.len--;
	if (!line.len || line.p[0] != '>' || !is_quoted)
		return line;
	line.p++;
	line.len--;
	if (line.len && line.p[0] == ' ') {
		line.p++;
		line.len--;
	}
	return line;
}

/* A line without what ends it. */
static int parse_line(struct lt_klog_text *text, struct lt_span line, bool is_cut)
{
	unsigned int nr = text->nr_lines + 1;
	bool is_soft;
	int err;

	while (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	err = parse_attachment(text, line);
	if (err)
		return err > 0 ? 0 : err;
	note_header(text, line);
	is_soft = is_soft_break(text, line) && !is_cut;
	if (text->soft.len)
		line = join_soft(text, line);
	else
		text->soft_line = nr;
	if (is_soft)
		return put(&text->soft, line.p, line.len);
	if (text->soft.len) {
		err = put(&text->soft, line.p, line.len);
		line = (struct lt_span){ text->soft.p, text->soft.len };
		nr = text->soft_line;
	}
	if (!err)
		err = emit(text, line, nr, is_cut);
	text->soft.len = 0;
	return err;
}

/* The lines that end in "\r" alone, and one that ends at @line's end. */
static int parse_lines(struct lt_klog_text *text, struct lt_span line, bool is_cut)
{
	const char *end = line.p + line.len, *p = line.p, *stop;
	int err = 0;

	while (!err && p < end && (stop = memchr(p, '\r', (size_t)(end - p)))) {
		const char *next = stop;

		while (next < end && *next == '\r')
			next++;
		if (next == end)
			break;
		err = parse_line(text, (struct lt_span){ p, (size_t)(stop - p) }, false);
		text->nr_lines += !text->has_newline;
		p = next;
	}
	return err ? err : parse_line(text, (struct lt_span){ p, (size_t)(end - p) }, is_cut);
}

/* More of a line than is kept: up to the end of a JSON object, where there is one. */
static int parse_piece(struct lt_klog_text *text)
{
	struct lt_klog_bytes *carry = &text->carry;
	const char *stop = memrchr(carry->p, '}', carry->len);
	size_t len = stop ? (size_t)(stop + 1 - carry->p) : carry->len;
	int err = parse_lines(text, (struct lt_span){ carry->p, len }, !stop);

	memmove(carry->p, carry->p + len, carry->len - len);
	carry->len -= len;
	return err;
}

/* A console that writes "\r" alone has no other end of a line. */
static int parse_returned(struct lt_klog_text *text)
{
	struct lt_klog_bytes *carry = &text->carry;
	const char *stop = memrchr(carry->p, '\r', carry->len);
	size_t len;
	int err;

	if (!stop || stop + 1 == carry->p + carry->len)
		return 0;
	len = (size_t)(stop - carry->p);
	err = parse_lines(text, (struct lt_span){ carry->p, len }, false);
	text->nr_lines += !text->has_newline;
	len++;
	memmove(carry->p, carry->p + len, carry->len - len);
	carry->len -= len;
	return err;
}

/* Whether @line is the name of a field whose value is bytes; then these come. */
static bool begin_field(struct lt_klog_text *text, struct lt_span line)
{
	struct lt_klog_field *field = &text->field;

	if (!text->is_export || line.len < 3)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if (!isupper((unsigned char)line.p[i]) && !isdigit((unsigned char)line.p[i]) &&
		    line.p[i] != '_')
			return false;
	field->is_open = true;
	field->nr_size = 0;
	field->line.len = 0;
	return true;
}

static int end_field(struct lt_klog_text *text)
{
	struct lt_klog_field *field = &text->field;

	field->is_open = false;
	return parse_line(text, (struct lt_span){ field->line.p, field->line.len }, false);
}

/* Take what is there of the size, of the value, and of the newline behind. 0 or negative errno. */
static int parse_field(struct lt_klog_text *text, const char **buf, const char *end)
{
	struct lt_klog_field *field = &text->field;
	size_t nr, room = LT_KLOG_LINE_MAX - field->line.len;
	int err;

	while (*buf < end && field->nr_size < sizeof(field->size))
		field->size[field->nr_size++] = (unsigned char)*(*buf)++;
	if (field->nr_size < sizeof(field->size))
		return 0;
	if (field->nr_size == sizeof(field->size)) {
		field->nr_left = 0;
		for (size_t i = sizeof(field->size); i-- > 0;)
			field->nr_left = field->nr_left << 8 | field->size[i];
		field->nr_size++;
	}
	nr = (size_t)(end - *buf) < field->nr_left ? (size_t)(end - *buf) : (size_t)field->nr_left;
	err = put(&field->line, *buf, nr < room ? nr : room);
	*buf += nr;
	field->nr_left -= nr;
	if (err || field->nr_left || *buf == end)
		return err;
	*buf += **buf == '\n';
	text->nr_lines++;
	return end_field(text);
}

/* A line of @text; the name of a field is kept, with what makes it one of text. */
static int parse_whole_line(struct lt_klog_text *text, struct lt_span line)
{
	int err;

	if (!begin_field(text, line))
		return parse_lines(text, line, false);
	err = put(&text->field.line, line.p, line.len);
	return err ? err : put(&text->field.line, "=", 1);
}

/* Whether @line is passed by; it is none of what the lines before began. */
static bool is_passed(struct lt_klog_text *text, struct lt_span line)
{
	return text->pass && !text->soft.len && !text->is_quoted_printable &&
	       !text->attachment.has_head && text->pass(text->arg, line);
}

static int parse_bytes(struct lt_klog_text *text, const char *buf, size_t len)
{
	const char *end = buf + len, *stop;
	int err = 0;

	while (!err && buf < end && text->field.is_open)
		err = parse_field(text, &buf, end);
	while (!err && buf < end && (stop = memchr(buf, '\n', (size_t)(end - buf)))) {
		struct lt_span line = { buf, (size_t)(stop - buf) };

		if (text->carry.len) {
			err = put(&text->carry, line.p, line.len);
			line = (struct lt_span){ text->carry.p, text->carry.len };
		}
		text->carry.len = 0;
		if (!err && !is_passed(text, line))
			err = parse_whole_line(text, line);
		text->has_newline = true;
		text->nr_lines++;
		buf = stop + 1;
		while (!err && buf < end && text->field.is_open)
			err = parse_field(text, &buf, end);
	}
	while (!err && buf < end) {
		size_t part = (size_t)(end - buf);

		if (part > LT_KLOG_LINE_MAX - text->carry.len)
			part = LT_KLOG_LINE_MAX - text->carry.len;
		err = put(&text->carry, buf, part);
		buf += part;
		if (!err && text->carry.len == LT_KLOG_LINE_MAX)
			err = parse_returned(text);
		if (!err && text->carry.len == LT_KLOG_LINE_MAX)
			err = parse_piece(text);
	}
	return err;
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

/* A surrogate is no character of a kernel's: each half becomes one of its own. */
static int parse_utf16(struct lt_klog_text *text, const char *buf, size_t len)
{
	int is_be = text->encoding == UTF16_BE;
	int err = put(&text->head, buf, len);
	size_t i;

	text->decoded.len = 0;
	for (i = 0; !err && i + 1 < text->head.len; i += 2) {
		const unsigned char *p = (const unsigned char *)text->head.p + i;
		char utf8[4];

		err = put(&text->decoded, utf8,
			  put_utf8(utf8, (uint32_t)p[is_be ? 0 : 1] << 8 | p[is_be ? 1 : 0]));
	}
	if (err)
		return err;
	memmove(text->head.p, text->head.p + i, text->head.len - i);
	text->head.len -= i;
	return parse_bytes(text, text->decoded.p, text->decoded.len);
}

/* The first characters may be a mark of the order of bytes, and some that are not Latin. */
static int encoding_of(const struct lt_klog_bytes *head)
{
	const unsigned char *p = (const unsigned char *)head->p;
	size_t nr_zeroes[2] = { 0 };
	bool is_le, is_be;

	if (head->len < HEAD_LEN)
		return BYTES;
	for (size_t i = 0; i < HEAD_LEN; i++)
		nr_zeroes[i % 2] += !p[i];
	is_le = !nr_zeroes[0] && nr_zeroes[1] > HEAD_LEN / 4;
	is_be = !nr_zeroes[1] && nr_zeroes[0] > HEAD_LEN / 4;
	return is_le ? UTF16_LE : is_be ? UTF16_BE : BYTES;
}

static int decide(struct lt_klog_text *text)
{
	struct lt_klog_bytes head = text->head;
	int err;

	text->encoding = encoding_of(&head);
	text->head = (struct lt_klog_bytes){ 0 };
	err = text->encoding == BYTES ? parse_bytes(text, head.p, head.len)
				      : parse_utf16(text, head.p, head.len);
	free(head.p);
	return err;
}

int lt_klog_text_feed(struct lt_klog_text *text, const char *buf, size_t len)
{
	size_t part;
	int err = 0;

	if (text->encoding == UNDECIDED) {
		part = HEAD_LEN - text->head.len;
		part = part < len ? part : len;
		err = put(&text->head, buf, part);
		buf += part;
		len -= part;
		if (err || text->head.len < HEAD_LEN)
			return err;
		err = decide(text);
	}
	if (err || !len)
		return err;
	return text->encoding == BYTES ? parse_bytes(text, buf, len) : parse_utf16(text, buf, len);
}

int lt_klog_text_end(struct lt_klog_text *text)
{
	int err = text->encoding == UNDECIDED ? decide(text) : 0;
	struct lt_klog_bytes *carry = &text->carry;

	if (!err && carry->len)
		err = parse_lines(text, (struct lt_span){ carry->p, carry->len },
				  carry->p[carry->len - 1] != '\r');
	carry->len = 0;
	if (!err && text->field.is_open && text->field.nr_size > sizeof(text->field.size))
		err = end_field(text);
	if (!err && text->soft.len)
		err = parse_line(text, (struct lt_span){ 0 }, true);
	return err ? err : end_attachment(text);
}

void lt_klog_text_fini(struct lt_klog_text *text)
{
	free(text->head.p);
	free(text->carry.p);
	free(text->decoded.p);
	free(text->plain.p);
	free(text->soft.p);
	free(text->field.line.p);
	if (text->attachment.text)
		lt_klog_text_fini(text->attachment.text);
	free(text->attachment.text);
}
