// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes bytes of files, for fuzz targets without libFuzzer. */
#include "mutate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

size_t random_below(uint64_t *random, size_t limit)
{
	*random ^= *random << 13; /* xorshift64 */
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return limit ? (size_t)(*random >> 11) % limit : 0;
}

/* Replace @removed bytes at @at by @insert, which must not point into @bytes. */
static void splice(struct bytes *bytes, size_t at, size_t removed, const void *insert, size_t len)
{
	size_t tail = bytes->len - at - removed;

	if (len > removed) {
		bytes->p = realloc(bytes->p, bytes->len + len - removed);
		if (!bytes->p)
			abort();
	}
	if (tail)
		memmove(bytes->p + at + len, bytes->p + at + removed, tail);
	if (len)
		memcpy(bytes->p + at, insert, len);
	bytes->len = at + len + tail;
}

/* Some line, with its newline. */
static struct bytes pick_line(const struct bytes *bytes, uint64_t *random)
{
	size_t start = random_below(random, bytes->len), end = start;

	while (start && bytes->p[start - 1] != '\n')
		start--;
	while (end < bytes->len && bytes->p[end] != '\n')
		end++;
	return (struct bytes){ bytes->p + start, end + (end < bytes->len) - start };
}

static void flip_bit(struct bytes *bytes, uint64_t *random)
{
	if (bytes->len)
		bytes->p[random_below(random, bytes->len)] ^= 1u << random_below(random, 8);
}

static void cut_tail(struct bytes *bytes, uint64_t *random)
{
	bytes->len = random_below(random, bytes->len);
}

static void cut_head(struct bytes *bytes, uint64_t *random)
{
	splice(bytes, 0, random_below(random, bytes->len), NULL, 0);
}

static void remove_line(struct bytes *bytes, uint64_t *random)
{
	struct bytes line = pick_line(bytes, random);

	splice(bytes, (size_t)(line.p - bytes->p), line.len, NULL, 0);
}

/* Take a line out, or leave it, and put a copy where another one starts. */
static void place_line(struct bytes *bytes, uint64_t *random, int keep)
{
	struct bytes line = pick_line(bytes, random);
	struct bytes copy = { malloc(line.len + 1), line.len };
	struct bytes other;

	if (!copy.p)
		abort();
	memcpy(copy.p, line.p, line.len);
	if (!keep)
		splice(bytes, (size_t)(line.p - bytes->p), line.len, NULL, 0);
	other = pick_line(bytes, random);
	splice(bytes, (size_t)(other.p - bytes->p), 0, copy.p, copy.len);
	free(copy.p);
}

static void duplicate_line(struct bytes *bytes, uint64_t *random)
{
	place_line(bytes, random, 1);
}

static void move_line(struct bytes *bytes, uint64_t *random)
{
	place_line(bytes, random, 0);
}

/* Rotate the words of a line by one: every column is the wrong one. */
static void shift_line(struct bytes *bytes, uint64_t *random)
{
	struct bytes line = pick_line(bytes, random);
	unsigned char *blank = line.p ? memchr(line.p, ' ', line.len) : NULL;
	size_t at = (size_t)(line.p - bytes->p);

	if (blank)
		splice(bytes, at, (size_t)(blank - line.p) + 1, NULL, 0);
	else
		splice(bytes, at, 0, "  ", 2);
}

static void end_lines_with_crlf(struct bytes *bytes, uint64_t *random)
{
	struct bytes out = { malloc(2 * bytes->len + 1), 0 };

	(void)random;
	if (!out.p)
		abort();
	for (size_t i = 0; i < bytes->len; i++) {
		if (bytes->p[i] == '\n')
			out.p[out.len++] = '\r';
		out.p[out.len++] = bytes->p[i];
	}
	free(bytes->p);
	*bytes = out;
}

static void drop_last_newline(struct bytes *bytes, uint64_t *random)
{
	(void)random;
	if (bytes->len && bytes->p[bytes->len - 1] == '\n')
		bytes->len--;
}

static void insert_byte(struct bytes *bytes, uint64_t *random)
{
	static const char hostile[] = "\0\n\r\t \x1b\x80\xff\"\\()[]{},:;=<>%-+#@/0x";

	splice(bytes, random_below(random, bytes->len + 1), 0,
	       hostile + random_below(random, sizeof(hostile)), 1);
}

/* Another number in place of one: too large for 64 bits, for 32, negative, zero. */
static void replace_number(struct bytes *bytes, uint64_t *random)
{
	static const char *const numbers[] = {
		"18446744073709551616",
		"18446744073709551615",
		"9223372036854775808",
		"4294967296",
		"2147483648",
		"99999999999999999999999999999",
		"0xffffffffffffffff",
		"-1",
		"0",
	};
	const char *number = numbers[random_below(random, sizeof(numbers) / sizeof(numbers[0]))];
	size_t at = random_below(random, bytes->len), end;

	while (at < bytes->len && !isdigit(bytes->p[at]))
		at++;
	for (end = at; end < bytes->len && isdigit(bytes->p[end]); end++)
		;
	if (end > at)
		splice(bytes, at, end - at, number, strlen(number));
}

void mutate(struct bytes *bytes, uint64_t *random)
{
	static void (*const ways[])(struct bytes * bytes, uint64_t * random) = {
		flip_bit,	cut_tail,	cut_head,	   remove_line,
		duplicate_line, move_line,	shift_line,	   end_lines_with_crlf,
		insert_byte,	replace_number, drop_last_newline,
	};

	for (size_t i = 1 + random_below(random, 4); i; i--)
		ways[random_below(random, sizeof(ways) / sizeof(ways[0]))](bytes, random);
}
