// SPDX-License-Identifier: GPL-2.0-or-later
/* Formats numbers, sizes, times and wrapped text, with colours where there are any. */
#include "render/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/size.h"
#include "render/html_text.h"

static const char *const colors[TEXT_NR_ROLES] = {
	[TEXT_PLAIN] = "\033[0m",    [TEXT_HEADING] = "\033[1m", [TEXT_BAD] = "\033[1;31m",
	[TEXT_WARNING] = "\033[33m", [TEXT_GOOD] = "\033[32m",	 [TEXT_FAINT] = "\033[2m",
};

static bool wants_color(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no_color && *no_color) && term && strcmp(term, "dumb");
}

void text_init(struct text *text, FILE *out, struct lt_num page_size)
{
	bool terminal = isatty(fileno(out));
	struct winsize size;

	*text = (struct text){ .out = out, .width = TEXT_WIDTH, .page_size = page_size };
	text->color = terminal && wants_color();
	text->is_console = terminal;
	if (terminal && !ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col >= 40)
		text->width = size.ws_col;
}

void text_lose(const struct text *text)
{
	if (text->lost)
		*text->lost = ENOMEM;
}

const char *text_role(const struct text *text, enum text_role role)
{
	return text->color ? colors[role] : "";
}

static bool to_bytes(const struct text *text, struct lt_num nr_pages, uint64_t *bytes)
{
	return nr_pages.known && text->page_size.known &&
	       !__builtin_mul_overflow(nr_pages.val, text->page_size.val, bytes);
}

struct text_chunk text_pages(const struct text *text, struct lt_num nr_pages)
{
	struct text_chunk chunk = { "not known" };
	const char *plural = nr_pages.val == 1 ? "" : "s";
	uint64_t bytes;

	if (!nr_pages.known)
		return chunk;
	if (!to_bytes(text, nr_pages, &bytes))
		snprintf(chunk.s, sizeof(chunk.s), "%" PRIu64 " page%s", nr_pages.val, plural);
	else if (text->bytes)
		snprintf(chunk.s, sizeof(chunk.s), "%" PRIu64 " bytes", bytes);
	else
		snprintf(chunk.s, sizeof(chunk.s), "%" PRIu64 " page%s (%.24s)", nr_pages.val,
			 plural, lt_size(bytes).s);
	return chunk;
}

struct text_chunk text_size(const struct text *text, struct lt_num nr_pages)
{
	struct text_chunk chunk = { "?" };
	uint64_t bytes;

	if (to_bytes(text, nr_pages, &bytes))
		snprintf(chunk.s, sizeof(chunk.s), "%.24s", lt_size(bytes).s);
	return chunk;
}

const char *text_unit(const struct text *text)
{
	return text->bytes && text->page_size.known ? "BYTES" : "PAGES";
}

struct text_chunk text_count(const struct text *text, struct lt_num nr_pages)
{
	uint64_t bytes;

	if (text->bytes && to_bytes(text, nr_pages, &bytes))
		return text_num(lt_num(bytes));
	return text_num(nr_pages);
}

size_t text_fit(const char *words, size_t size)
{
	size_t len = strnlen(words, size + 1);

	if (len <= size)
		return len;
	for (len = size; len && ((unsigned char)words[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

struct text_chunk text_name(const char *name, size_t size)
{
	struct text_chunk chunk;
	size_t len = text_fit(name, size < sizeof(chunk.s) ? size : sizeof(chunk.s) - 1);

	memcpy(chunk.s, name, len);
	chunk.s[len] = '\0';
	return chunk;
}

struct text_chunk text_num(struct lt_num num)
{
	struct text_chunk chunk = { "?" };

	if (num.known)
		snprintf(chunk.s, sizeof(chunk.s), "%" PRIu64, num.val);
	return chunk;
}

struct text_chunk text_pfn(uint64_t pfn)
{
	struct text_chunk chunk;

	snprintf(chunk.s, sizeof(chunk.s), "0x%" PRIx64, pfn);
	return chunk;
}

struct text_chunk text_pfn_at(const struct text *text, uint64_t pfn)
{
	struct text_chunk chunk = text_pfn(pfn);
	uint64_t address;

	if (to_bytes(text, lt_num(pfn), &address))
		snprintf(chunk.s, sizeof(chunk.s), "0x%" PRIx64 " (at 0x%" PRIx64 ")", pfn,
			 address);
	return chunk;
}

struct text_chunk text_time(struct lt_num ts_ns)
{
	struct text_chunk chunk = { "?" };

	if (ts_ns.known)
		snprintf(chunk.s, sizeof(chunk.s), "%" PRIu64 ".%06" PRIu64 " s",
			 ts_ns.val / 1000000000, ts_ns.val % 1000000000 / 1000);
	return chunk;
}

struct text_chunk text_duration(struct lt_num ns)
{
	static const struct {
		uint64_t least;
		const char *unit;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" } };
	struct text_chunk chunk = { "?" };

	if (!ns.known)
		return chunk;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (ns.val < units[i].least)
			continue;
		snprintf(chunk.s, sizeof(chunk.s), "%.1f %s",
			 (double)ns.val / (double)units[i].least, units[i].unit);
		return chunk;
	}
	snprintf(chunk.s, sizeof(chunk.s), "%" PRIu64 " ns", ns.val);
	return chunk;
}

void text_heading(struct text *text, const char *title)
{
	fprintf(text->out, "\n%s%s%s\n", text_role(text, TEXT_HEADING), title,
		text_role(text, TEXT_PLAIN));
}

/* One a character; escape sequences count as nothing. */
static unsigned int columns_of(const char *p, size_t len)
{
	unsigned int columns = 0;
	bool escape = false;

	for (; len; p++, len--) {
		if (*p == '\033')
			escape = true;
		if (!escape && ((unsigned char)*p & 0xc0) != 0x80)
			columns++;
		if (escape && *p == 'm')
			escape = false;
	}
	return columns;
}

unsigned int text_columns(const char *string)
{
	return columns_of(string, strlen(string));
}

/* A command is copied in one piece. A lone backtick is in a name. */
#define COMMAND_COLUMNS_MAX 400

/* Bytes of the first word; what stands between backticks is one, even if no line has room for it. */
static size_t word_length(const char *words)
{
	size_t len = strcspn(words, " \n");
	const char *open = memchr(words, '`', len), *close = open ? strchr(open + 1, '`') : NULL;

	if (close && close > words + len) {
		size_t whole = (size_t)(close - words) + strcspn(close, " \n");

		if (columns_of(words, whole) <= COMMAND_COLUMNS_MAX)
			return whole;
	}
	return len;
}

static void print_paragraph(struct text *text, const char *first, const char *words)
{
	fputs("<p>", text->out);
	html_text(text->out, first + strspn(first, " "));
	html_words(text->out, words);
	fputs("</p>\n", text->out);
}

void text_wrap(struct text *text, const char *first, unsigned int rest, const char *words)
{
	unsigned int at = text_columns(first);
	bool fresh = true;

	if (text->html) {
		print_paragraph(text, first, words);
		return;
	}
	fputs(first, text->out);
	while (*(words += strspn(words, " \n"))) {
		size_t len = word_length(words);
		unsigned int columns = columns_of(words, len);

		if (!fresh && at + 1 + columns > text->width) {
			fprintf(text->out, "\n%*s", (int)rest, "");
			at = rest;
			fresh = true;
		}
		fprintf(text->out, "%s%.*s", fresh ? "" : " ", (int)len, words);
		at += columns + !fresh;
		fresh = false;
		words += len;
	}
	putc('\n', text->out);
}

void text_wrapf(struct text *text, const char *first, unsigned int rest, const char *fmt, ...)
{
	char *words = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&words, fmt, args) < 0)
		words = NULL;
	va_end(args);
	if (words)
		text_wrap(text, first, rest, words);
	else
		text_lose(text);
	free(words);
}
