// SPDX-License-Identifier: LGPL-2.1-or-later
/* Makes untrusted text printable: control bytes and bad UTF-8 are escaped. */
#include "base/escape.h"

#include <stdint.h>
#include <string.h>

#include "base/array_size.h"

/*
 * Length of the valid UTF-8 sequence at @p, 0 if there is none. Overlong
 * forms, surrogates and values past U+10FFFF are not valid.
 */
static size_t utf8_decode(const unsigned char *p, size_t len, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need = p[0] < 0x80	      ? 1
		      : (p[0] & 0xe0) == 0xc0 ? 2
		      : (p[0] & 0xf0) == 0xe0 ? 3
		      : (p[0] & 0xf8) == 0xf0 ? 4
					      : 0;

	if (!need || need > len)
		return 0;
	*code = need == 1 ? p[0] : p[0] & (0x7f >> need);
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3f);
	}
	if (*code < least[need] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return need;
}

/*
 * Whether showing @code can do no more than draw a character that is seen: two names that differ
 * look different. (Letters of two scripts may look alike; that is left to the font.)
 */
static bool is_harmless(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} harmful[] = {
		{ 0x0000, 0x001f },    { '\\', '\\' },	     { 0x007f, 0x00a0 },
		{ 0x00ad, 0x00ad },    { 0x034f, 0x034f },   { 0x0600, 0x0605 },
		{ 0x061c, 0x061c },    { 0x06dd, 0x06dd },   { 0x070f, 0x070f },
		{ 0x0890, 0x0891 },    { 0x08e2, 0x08e2 },   { 0x115f, 0x1160 },
		{ 0x1680, 0x1680 },    { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
		{ 0x2000, 0x200f },    { 0x2028, 0x202f },   { 0x205f, 0x206f },
		{ 0x2800, 0x2800 },    { 0x3000, 0x3000 },   { 0x3164, 0x3164 },
		{ 0xe000, 0xf8ff },    { 0xfdd0, 0xfdef },   { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff },    { 0xffa0, 0xffa0 },   { 0xfff0, 0xffff },
		{ 0x110bd, 0x110bd },  { 0x110cd, 0x110cd }, { 0x13430, 0x1343f },
		{ 0x1bca0, 0x1bca3 },  { 0x1d159, 0x1d159 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0x10ffff },
	};

	for (size_t i = 0; i < ARRAY_SIZE(harmful); i++)
		if (code >= harmful[i].first && code <= harmful[i].last)
			return false;
	return (code & 0xfffe) != 0xfffe;
}

/* The same for eight bytes: those that are not plain have their highest bit in the result. */
static uint64_t not_plain(uint64_t word)
{
	const uint64_t ones = UINT64_MAX / 255, backslash = word ^ ones * '\\';
	const uint64_t below = (word - ones * ' ') & ~word, above = word + ones * (0x7f - '~');

	return (below | above | word | ((backslash - ones) & ~backslash)) & ones << 7;
}

bool lt_escape_is_plain(const char *in, size_t len)
{
	uint64_t word = 0;

	for (; len >= sizeof(word); in += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, in, sizeof(word));
		if (not_plain(word))
			return false;
	}
	for (; len; in++, len--)
		if (*in < ' ' || *in > '~' || *in == '\\')
			return false;
	return true;
}

static size_t escape(const char *in, size_t len, char *out, size_t size, bool keeps_backslash)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *p = (const unsigned char *)in;
	size_t need = 0, fits = 0;

	while (len) {
		uint32_t code = 0;
		size_t n = utf8_decode(p, len, &code);
		bool plain = n && (is_harmless(code) || (keeps_backslash && code == '\\'));
		char piece[16];
		size_t piece_len = 0;

		if (!n)
			n = 1;
		for (size_t i = 0; i < n; i++) {
			if (plain) {
				piece[piece_len++] = (char)p[i];
				continue;
			}
			piece[piece_len++] = '\\';
			piece[piece_len++] = 'x';
			piece[piece_len++] = hex[p[i] >> 4];
			piece[piece_len++] = hex[p[i] & 15];
		}
		/* Cut between characters, never inside one. */
		if (need == fits && need + piece_len < size) {
			for (size_t i = 0; i < piece_len; i++)
				out[need + i] = piece[i];
			fits += piece_len;
		}
		need += piece_len;
		p += n;
		len -= n;
	}
	if (size)
		out[fits] = '\0';
	return need;
}

size_t lt_escape(const char *in, size_t len, char *out, size_t size)
{
	return escape(in, len, out, size, false);
}

size_t lt_escape_message(const char *in, size_t len, char *out, size_t size)
{
	return escape(in, len, out, size, true);
}

static int hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t lt_unescape(const char *text, char *out)
{
	size_t n = 0;

	for (; *text; text++) {
		bool is_escape = text[0] == '\\' && text[1] == 'x' && hex_value(text[2]) >= 0 &&
				 hex_value(text[3]) >= 0;

		out[n++] = is_escape ? (char)(hex_value(text[2]) << 4 | hex_value(text[3])) : *text;
		text += is_escape ? 3 : 0;
	}
	return n;
}
