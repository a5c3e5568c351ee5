// SPDX-License-Identifier: LGPL-2.1-or-later
/* Has a cursor over text, for parsers. */
#include "base/text.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void lt_text_init(struct lt_text *text, const char *buf, size_t len)
{
	/* @buf may be NULL when there is nothing, and must not be added to then. */
	*text = (struct lt_text){
		.pos = buf, .end = len ? buf + len : buf, .line_start = buf, .line = 1
	};
}

bool lt_text_line(struct lt_text *text, struct lt_text *line)
{
	const char *stop;

	if (text->pos == text->end)
		return false;
	stop = memchr(text->pos, '\n', (size_t)(text->end - text->pos));
	line->pos = line->line_start = text->pos;
	line->end = stop ? stop : text->end;
	line->line = text->line;
	text->pos = stop ? stop + 1 : text->end;
	text->line_start = text->pos;
	if (stop)
		text->line++;
	if (line->end > line->pos && line->end[-1] == '\r')
		line->end--;
	return true;
}

bool lt_text_at_end(const struct lt_text *text)
{
	return text->pos == text->end;
}

bool lt_text_is_cut(const struct lt_text *text)
{
	return lt_text_at_end(text) && text->end[-1] != '\n';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void lt_text_blanks(struct lt_text *text)
{
	while (text->pos < text->end && is_blank(*text->pos))
		text->pos++;
}

/* 16 and more if it is none. */
static unsigned int digit_value(char c)
{
	unsigned int decimal = (unsigned char)c - (unsigned int)'0';
	unsigned int letter = ((unsigned char)c | 0x20) - (unsigned int)'a';

	return decimal < 10 ? decimal : letter < 6 ? letter + 10 : 16;
}

static bool parse_hex(struct lt_text *text, uint64_t *out)
{
	const char *p = text->pos;
	uint64_t val = 0;

	for (unsigned int digit; p < text->end && (digit = digit_value(*p)) < 16; p++) {
		if (val >> 60)
			return false;
		val = val << 4 | digit;
	}
	if (p == text->pos)
		return false;
	text->pos = p;
	*out = val;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Eight digits at once, the highest first: @word is what they are in memory, little-endian. */
static bool parse_eight(uint64_t word, uint64_t *val)
{
	const uint64_t sixes = 0x0606060606060606u, high = 0xf0f0f0f0f0f0f0f0u;

	if (((word & high) | ((word + sixes) & high) >> 4) != 0x3333333333333333u)
		return false;
	word = (word & ~high) * (1 + (10 << 8)) >> 8 & 0x00ff00ff00ff00ffu;
	word = word * (1 + (100 << 16)) >> 16 & 0x0000ffff0000ffffu;
	*val = *val * 100000000 + (word * (1 + (10000ull << 32)) >> 32);
	return true;
}

bool lt_text_u64(struct lt_text *text, uint64_t *out)
{
	/* So many digits fit always. */
	const char *sure = text->end - text->pos > 19 ? text->pos + 19 : text->end;
	const char *p = text->pos;
	uint64_t val = 0, word;

	if (sure - p >= 8) {
		memcpy(&word, p, sizeof(word));
		p += parse_eight(le64toh(word), &val) ? 8 : 0;
	}
	for (; p < sure && is_digit(*p); p++)
		val = val * 10 + (unsigned int)(*p - '0');
	for (; p < text->end && is_digit(*p); p++)
		if (__builtin_mul_overflow(val, 10, &val) ||
		    __builtin_add_overflow(val, (unsigned int)(*p - '0'), &val))
			return false;
	if (p == text->pos)
		return false;
	text->pos = p;
	*out = val;
	return true;
}

/* The cursor is not copied: it was just written in parts, which a processor has to wait for. */
bool lt_text_hex(struct lt_text *text, uint64_t *out)
{
	const char *start = text->pos;

	(void)(lt_text_literal(text, "0x") || lt_text_literal(text, "0X"));
	if (parse_hex(text, out))
		return true;
	text->pos = start;
	return false;
}

bool lt_text_number(struct lt_text *text, uint64_t *out)
{
	const char *p = text->pos;

	return text->end - p >= 2 && p[0] == '0' && p[1] == 'x' ? lt_text_hex(text, out)
								: lt_text_u64(text, out);
}

bool lt_text_s64(struct lt_text *text, int64_t *out)
{
	const char *start = text->pos;
	bool negative = lt_text_literal(text, "-");
	uint64_t val;

	if (!lt_text_u64(text, &val) || val > INT64_MAX) {
		text->pos = start;
		return false;
	}
	*out = negative ? -(int64_t)val : (int64_t)val;
	return true;
}

bool lt_text_word(struct lt_text *text, struct lt_span *out)
{
	const char *p = text->pos;

	while (p < text->end && !is_blank(*p) && *p != '\n')
		p++;
	if (p == text->pos)
		return false;
	*out = (struct lt_span){ .p = text->pos, .len = (size_t)(p - text->pos) };
	text->pos = p;
	return true;
}

bool lt_text_until(struct lt_text *text, const char *stop, struct lt_span *out)
{
	size_t len = strlen(stop);
	const char *at = memmem(text->pos, (size_t)(text->end - text->pos), stop, len);

	if (!at)
		return false;
	*out = (struct lt_span){ .p = text->pos, .len = (size_t)(at - text->pos) };
	text->pos = at + len;
	return true;
}

bool lt_text_until_last(struct lt_text *text, const char *stop, struct lt_span *out)
{
	size_t len = strlen(stop);

	for (size_t end = (size_t)(text->end - text->pos); end >= len; end--) {
		if (memcmp(text->pos + end - len, stop, len))
			continue;
		*out = (struct lt_span){ .p = text->pos, .len = end - len };
		text->pos += end;
		return true;
	}
	return false;
}

bool lt_text_find(struct lt_text *text, const char *literal)
{
	struct lt_span skipped;

	return lt_text_until(text, literal, &skipped);
}

struct lt_span lt_text_rest(const struct lt_text *text)
{
	return (struct lt_span){ .p = text->pos, .len = (size_t)(text->end - text->pos) };
}

bool lt_span_is(struct lt_span span, const char *literal)
{
	return span.len == strlen(literal) && !memcmp(span.p, literal, span.len);
}

void lt_text_remark(const struct lt_text *text, struct lt_diag *diag, const char *why)
{
	if (diag && !diag->why[0]) {
		diag->line = text->line;
		diag->column = (unsigned int)(text->pos - text->line_start) + 1;
		lt_diag_set(diag, "%s", why);
	}
}

int lt_text_fail(const struct lt_text *text, struct lt_diag *diag, const char *why)
{
	lt_text_remark(text, diag, why);
	return -EBADMSG;
}

bool lt_text_is_blank(const struct lt_text *text)
{
	for (const char *p = text->pos; p < text->end; p++)
		if (*p != ' ' && *p != '\t' && *p != '\r')
			return false;
	return true;
}

int lt_text_unwrap(const char *buf, size_t len, bool (*is_rest)(struct lt_text line), char **out)
{
	struct lt_text text, line;
	char *copy = NULL;

	lt_text_init(&text, buf, len);
	for (bool has_row = false; lt_text_line(&text, &line);) {
		const char *start = line.pos;
		bool is_blank = lt_text_is_blank(&line);

		lt_text_blanks(&line);
		if (has_row && !is_blank && is_rest(line)) {
			if (!copy)
				copy = malloc(len + 1);
			if (!copy)
				return -ENOMEM;
			if (!*out)
				*out = memcpy(copy, buf, len);
			copy[start - buf - 1] = ' ';
			if (start - buf > 1 && copy[start - buf - 2] == '\r')
				copy[start - buf - 2] = ' ';
		}
		has_row = !is_blank;
	}
	return 0;
}
