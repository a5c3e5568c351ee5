// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What people and their programs put before a line of a log that they pass on.
 * It follows no grammar, so it is taken off, word by word, only where a stamp or
 * a message of the kernel comes behind it, and only if the word is one of these:
 *
 *	marks alone			quoting, fences, bullets, rules of tables
 *	numbers and names of time	clocks, dates, numbers of lines (grep -n, ts, minicom)
 *	a level, or a stream		"[error]", "INFO", "stdout F", "00O" (GitLab)
 *	a name of a file		"/var/log/kern.log:", "dmesg.txt-" (grep -H)
 *	a prompt			"root@box:~#", "U-Boot>", "box login:"
 *	KEY "=" VALUE			"level=error msg="
 *	a word before "|"		docker compose
 *
 * Any other word may be somebody who quotes: "user says cma: ...". Behind the
 * kernel's own stamp nothing but marks is taken off.
 */
#include "source/klog/klog_envelope.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/array_size.h"

/* Nobody's prefix is longer. */
#define PREFIX_MAX 512

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

bool lt_klog_is_message_at(const char *p, const char *end)
{
	static const char *const messages[] = {
		"cma: ",
		"cma_alloc: ",
		"__cma_alloc",
		"alloc_contig_range: ",
		"alloc_contig_range test_pages_isolated(",
		"number of available pages: ",
	};
	struct lt_text at;

	lt_text_init(&at, p, (size_t)(end - p));
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		if (lt_text_literal(&at, messages[i]))
			return true;
	return false;
}

/* '"key":', or a field of a journal */
static bool is_field_at(const char *p, const char *end)
{
	static const char *const fields[] = { "MESSAGE=", "_TRANSPORT=", "__CURSOR=",
					      "_SOURCE_MONOTONIC_TIMESTAMP=",
					      "__MONOTONIC_TIMESTAMP=" };
	struct lt_text at;

	lt_text_init(&at, p, (size_t)(end - p));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (lt_text_literal(&at, fields[i]))
			return true;
	if (!lt_text_literal(&at, "\""))
		return false;
	while (at.pos < at.end && is_word_char(*at.pos))
		at.pos++;
	if (at.pos == p + 1 || !lt_text_literal(&at, "\""))
		return false;
	lt_text_blanks(&at);
	return lt_text_literal(&at, ":");
}

/* A stamp, and what lt_klog_is_message_at() and is_field_at() begin with. */
static const bool begins[UCHAR_MAX + 1] = {
	['['] = true, ['c'] = true, ['a'] = true, ['_'] = true,
	['n'] = true, ['M'] = true, ['"'] = true,
};

static const char *find_begin(struct lt_text text, bool with_fields)
{
	const char *end = text.end - text.pos > PREFIX_MAX ? text.pos + PREFIX_MAX : text.end;

	for (const char *p = text.pos; p < end; p++) {
		if (!begins[(unsigned char)*p])
			continue;
		if (*p == '[' ? lt_klog_is_stamp_at(p, text.end)
			      : (p == text.pos || !is_word_char(p[-1])) &&
					(lt_klog_is_message_at(p, text.end) ||
					 (with_fields && is_field_at(p, text.end))))
			return p;
	}
	return NULL;
}

const char *lt_klog_find_anchor(struct lt_text text)
{
	return find_begin(text, false);
}

static bool is_one_of(struct lt_span word, const char *const *list, size_t nr)
{
	/* Letters differ in that bit by their case alone. */
	const int fold = 0x20;

	for (size_t i = 0; word.len && i < nr; i++)
		if ((word.p[0] | fold) == (list[i][0] | fold) && word.len == strlen(list[i]) &&
		    !strncasecmp(word.p, list[i], word.len))
			return true;
	return false;
}

/* "2026-02-03T11:22:33.5Z", "12:", "+0.5", "00O+" (GitLab's stream and number) */
static bool is_numbers(struct lt_span word)
{
	size_t nr_letters = 0;

	if (!word.len || !memchr("+-0123456789", word.p[0], 12))
		return false;
	for (size_t i = 0; i < word.len; i++)
		nr_letters += isalpha((unsigned char)word.p[i]) || word.p[i] == '_';
	return nr_letters <= 2;
}

static struct lt_span strip_marks(struct lt_span word)
{
	while (word.len && !is_word_char(word.p[0])) {
		word.p++;
		word.len--;
	}
	while (word.len && !is_word_char(word.p[word.len - 1]))
		word.len--;
	return word;
}

static bool is_known(struct lt_span word)
{
	static const char *const known[] = {
		"Jan",	    "Feb",    "Mar",	 "Apr",	   "May",  "Jun",     "Jul",	 "Aug",
		"Sep",	    "Oct",    "Nov",	 "Dec",	   "Mon",  "Tue",     "Wed",	 "Thu",
		"Fri",	    "Sat",    "Sun",	 "AM",	   "PM",   "UTC",     "GMT",	 "CET",
		"CEST",	    "EST",    "PST",	 "JST",	   "CST",  "emerg",   "alert",	 "crit",
		"critical", "err",    "error",	 "fatal",  "warn", "warning", "notice",	 "info",
		"debug",    "trace",  "verbose", "E",	   "W",	   "I",	      "D",	 "V",
		"F",	    "P",      "kernel",	 "kern",   "kmsg", "dmesg",   "console", "serial",
		"uart",	    "target", "stdout",	 "stderr", "msg",  "message", "log",	 "line",
		"text",
	};

	return is_one_of(strip_marks(word), known, ARRAY_SIZE(known));
}

/* How much of @word is a name of a file, as grep writes it: "kern.log:12:", "kern.log-12-". */
static size_t file_len(struct lt_span word)
{
	static const char *const ends[] = { ".log",	".txt",	  ".out", ".gz",  "dmesg",
					    "messages", "syslog", ".1",	  "kmsg", "console" };
	struct lt_text at;
	uint64_t line;

	for (size_t len = 1; len < word.len && len < PREFIX_MAX; len++) {
		bool is_file = memchr(word.p, '/', len);

		if ((word.p[len] != ':' && word.p[len] != '-') || memchr(word.p, '[', len))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(ends) && !is_file; i++) {
			size_t nr = strlen(ends[i]);

			is_file = len >= nr && !memcmp(word.p + len - nr, ends[i], nr);
		}
		if (!is_file)
			continue;
		lt_text_init(&at, word.p + len + 1, word.len - len - 1);
		if (lt_text_u64(&at, &line) && at.pos < at.end && *at.pos == word.p[len])
			return (size_t)(at.pos + 1 - word.p);
		return len + 1;
	}
	return 0;
}

/* "1234:" or "1234-" of grep, which sticks to what follows; not the begin of a clock or a date. */
static size_t line_number_len(struct lt_span word)
{
	struct lt_text at;
	uint64_t line;

	lt_text_init(&at, word.p, word.len);
	if (lt_klog_is_clock(word) || !lt_text_u64(&at, &line) || at.pos == at.end)
		return 0;
	if (*at.pos == '-' && at.pos - word.p == 4 && line > 1900 && line < 2200)
		return 0;
	if (*at.pos == '-' && at.pos - word.p == 2)
		return 0;
	return *at.pos == ':' || *at.pos == '-' ? (size_t)(at.pos + 1 - word.p) : 0;
}

static bool is_prompt(struct lt_span word)
{
	return word.len > 1 && strchr("#$>%", word.p[word.len - 1]) && word.p[word.len - 1];
}

static bool is_setting(struct lt_span word)
{
	const char *mark = memchr(word.p, '=', word.len);

	if (!mark || mark == word.p)
		return false;
	for (const char *p = word.p; p < mark; p++)
		if (!is_word_char(*p) && *p != '.' && *p != '-')
			return false;
	return true;
}

/* What comes after a word may say what the word was. */
static bool is_before(struct lt_text at, const char *next)
{
	lt_text_blanks(&at);
	return lt_text_literal(&at, next);
}

bool lt_klog_is_decoration(struct lt_span word)
{
	return is_numbers(word) || is_known(word) || file_len(word) || is_prompt(word) ||
	       is_setting(word) || lt_span_is(word, "login:");
}

/* Marks alone. A bracket, a quote and the like may open more than itself. */
static bool parse_mark(struct lt_text *at)
{
	if (lt_text_at_end(at) || is_word_char(*at->pos))
		return false;
	at->pos++;
	return true;
}

static bool parse_parenthesis(struct lt_text *at)
{
	struct lt_text text = *at;
	struct lt_span inside;

	if (!lt_text_literal(&text, "(") || !lt_text_until(&text, ")", &inside))
		return false;
	*at = text;
	return true;
}

/* A stamp or a message may stick to what is before it: "kern.log:[   50.000001]". */
bool lt_klog_parse_decoration(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	struct lt_text at = line->text;
	struct lt_span word;
	const char *begin;

	(void)scratch;
	/* Behind a stamp only marks are taken off. */
	if (line->ts_ns.known && at.pos < at.end && is_word_char(*at.pos))
		return false;
	begin = find_begin(at, true);
	if (!begin || begin == at.pos)
		return false;
	at.end = begin;
	if (!parse_parenthesis(&at) && !parse_mark(&at)) {
		if (line->ts_ns.known || !lt_text_word(&at, &word))
			return false;
		at.end = line->text.end;
		if (line_number_len(word))
			at.pos = word.p + line_number_len(word);
		else if (file_len(word))
			at.pos = word.p + file_len(word);
		else if (!lt_klog_is_decoration(word) && !is_before(at, "|") &&
			 !is_before(at, "login:"))
			return false;
		line->has_time = line->has_time || lt_klog_is_time(word);
	}
	line->text.pos = at.pos;
	return true;
}

/* Marks that begin no message, and blanks of every kind. */
bool lt_klog_parse_marks(struct lt_klog_line *line, struct lt_klog_scratch *scratch)
{
	static const char *const marks[] = {
		" ",  "\t", "\r", "\b",	 "\xef\xbb\xbf", "\xc2\xa0",	 "\xe2\x80\x8b", "> ",
		"| ", ">>", ">[", "```", "~~~",		 "\xe2\x94\x82", "\xe2\x80\xa2",
	};
	struct lt_text at = line->text;

	(void)scratch;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		if (!lt_text_literal(&at, marks[i]))
			continue;
		line->text = at;
		if (marks[i][strlen(marks[i]) - 1] == '[')
			line->text.pos--;
		return true;
	}
	return false;
}
