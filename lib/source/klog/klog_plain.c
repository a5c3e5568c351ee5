// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What terminals, browsers and mail put into the text of a line:
 *
 *	ESC "[" ... letter		colours ("m", "K") anywhere; others before the message alone,
 *					for a name in it may be hostile and is shown escaped
 *	"^[[" "\x1b[" "\033[" "#033["	colours, as pagers and rsyslog write them
 *	"[0;32m"			colours that lost their ESC
 *	ESC "]" ... BEL, ESC other	titles, sets of characters; before the message alone
 *	ESC "_" ... BEL			what Buildkite writes before a line; the same
 *	"&gt;" "&#62;" "&#x3e;"		HTML
 *	"<b>" "</span>" "<br>"		HTML, names of its own alone: "<6>" is a level, and an
 *					address in a stack dump has such marks too
 *	"=3D", "=20" at the end		quoted-printable; any "=XX" where the mail says so
 *	U+00A0, U+2212, U+201C ...	blanks, signs and quotes as word processors write them
 */
#include "source/klog/klog_plain.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/array_size.h"

#define ESC '\x1b'
#define BEL '\x07'

struct plain {
	const char *end;
	char *out, *to;
	bool is_quoted_printable;
	bool is_in_message; /* out has the begin of one */
	size_t nr_seen;	    /* of out, looked through for that */
};

bool lt_klog_plain_is_needed(struct lt_span line)
{
	static const bool is_odd[UCHAR_MAX + 1] = {
		[ESC] = true,  ['&'] = true,  ['='] = true, [0xc2] = true,
		[0xe2] = true, [0xef] = true, ['<'] = true, ['['] = true,
	};

	for (size_t i = 0; i < line.len; i++) {
		if (!is_odd[(unsigned char)line.p[i]])
			continue;
		switch (line.p[i]) {
		case ESC:
		case '&':
		case '=':
		case '\xc2':
		case '\xe2':
		case '\xef':
			return true;
		case '<':
			if (i + 1 < line.len &&
			    (line.p[i + 1] == '/' || isalpha((unsigned char)line.p[i + 1])))
				return true;
			break;
		case '[':
			if (i + 1 < line.len && (isdigit((unsigned char)line.p[i + 1])))
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

/* Titles and tags are not longer. */
#define FAR 512

static const char *find_near(const char *p, const char *end, char c)
{
	size_t len = end - p < FAR ? (size_t)(end - p) : FAR;

	return memchr(p, c, len);
}

/* Digits and ";" behind "[", up to a letter. NULL if it is no such sequence. */
static const char *skip_csi(const char *p, const char *end, char *final)
{
	while (p < end && (isdigit((unsigned char)*p) || strchr(";?:", *p)) && *p)
		p++;
	if (p == end || !isalpha((unsigned char)*p))
		return NULL;
	*final = *p;
	return p + 1;
}

static bool is_in_message(struct plain *plain)
{
	static const char begin[] = "cma: ";
	size_t nr = (size_t)(plain->to - plain->out);

	if (!plain->is_in_message &&
	    memmem(plain->out + plain->nr_seen, nr - plain->nr_seen, begin, sizeof(begin) - 1))
		plain->is_in_message = true;
	if (nr > sizeof(begin))
		plain->nr_seen = nr - sizeof(begin);
	return plain->is_in_message;
}

/* Behind ESC. */
static const char *skip_escape(struct plain *plain, const char *p)
{
	const char *stop;
	char final;

	if (p == plain->end)
		return NULL;
	if (*p == '[') {
		stop = skip_csi(p + 1, plain->end, &final);
		return stop && (final == 'm' || final == 'K' || !is_in_message(plain)) ? stop
										       : NULL;
	}
	if (is_in_message(plain))
		return NULL;
	if (*p == ']' || *p == '_') {
		stop = find_near(p, plain->end, BEL);
		return stop ? stop + 1 : NULL;
	}
	if (*p == '(' || *p == ')')
		return p + 2 <= plain->end ? p + 2 : NULL;
	return p + 1;
}

/* A colour whose ESC is written in letters, or was lost. */
static const char *skip_written_escape(struct plain *plain, const char *p)
{
	static const char *const begins[] = { "^[[",	  "\\x1b[", "\\033[", "\\e[",
					      "\\u001b[", "#033[",  "[" };
	struct lt_text at;
	const char *stop;
	char final;

	lt_text_init(&at, p, (size_t)(plain->end - p));
	for (size_t i = 0; i < ARRAY_SIZE(begins); i++) {
		if (!lt_text_literal(&at, begins[i]))
			continue;
		stop = skip_csi(at.pos, plain->end, &final);
		return stop && stop > at.pos + 1 && final == 'm' &&
				       !memchr(at.pos, ':', (size_t)(stop - at.pos))
			       ? stop
			       : NULL;
	}
	return NULL;
}

static const char *parse_entity(struct plain *plain, const char *p)
{
	static const struct {
		const char *name, *text;
	} entities[] = {
		{ "&gt;", ">" },   { "&lt;", "<" },   { "&amp;", "&" },	   { "&quot;", "\"" },
		{ "&apos;", "'" }, { "&#39;", "'" },  { "&#34;", "\"" },   { "&#x27;", "'" },
		{ "&#62;", ">" },  { "&#60;", "<" },  { "&#x3e;", ">" },   { "&nbsp;", " " },
		{ "&#91;", "[" },  { "&#93;", "]" },  { "&#58;", ":" },	   { "&#61;", "=" },
		{ "&#x3d;", "=" }, { "&#160;", " " }, { "&lsqb;", "[" },   { "&rsqb;", "]" },
		{ "&#64;", "@" },  { "&#43;", "+" },  { "&commat;", "@" },
	};
	struct lt_text at;

	lt_text_init(&at, p, (size_t)(plain->end - p));
	for (size_t i = 0; i < ARRAY_SIZE(entities); i++) {
		if (!lt_text_literal(&at, entities[i].name))
			continue;
		*plain->to++ = entities[i].text[0];
		return at.pos;
	}
	return NULL;
}

/* What breaks a line in a browser becomes a blank. */
static const char *parse_tag(struct plain *plain, const char *p)
{
	static const char *const names[] = { "br",	   "p",	      "div",	 "li",	   "tr",
					     "td",	   "th",      "pre",	 "code",   "span",
					     "b",	   "i",	      "em",	 "strong", "tt",
					     "samp",	   "kbd",     "font",	 "a",	   "table",
					     "tbody",	   "ul",      "ol",	 "html",   "body",
					     "blockquote", "details", "summary", "mark" };
	const char *stop = find_near(p, plain->end, '>');
	const char *name = p + 1, *end;

	if (!stop)
		return NULL;
	name += *name == '/';
	end = name;
	while (end < stop && isalnum((unsigned char)*end))
		end++;
	if (end < stop && *end != ' ' && *end != '/')
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strlen(names[i]) != (size_t)(end - name) ||
		    strncasecmp(names[i], name, strlen(names[i])))
			continue;
		if (i < 8)
			*plain->to++ = ' ';
		return stop + 1;
	}
	return NULL;
}

static int hex_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static const char *parse_quoted(struct plain *plain, const char *p)
{
	int high, low;

	if (plain->end - p < 3)
		return NULL;
	high = hex_value(p[1]);
	low = hex_value(p[2]);
	if (high < 0 || low < 0)
		return NULL;
	if (!plain->is_quoted_printable && memcmp(p, "=3D", 3) &&
	    (memcmp(p, "=20", 3) || p + 3 != plain->end))
		return NULL;
	*plain->to++ = (char)(high << 4 | low);
	return p + 3;
}

/* What a word processor, a browser or a chat put in the place of a character that the kernel wrote. */
static const char *parse_typography(struct plain *plain, const char *p)
{
	static const struct {
		const char *utf8, *text;
	} signs[] = {
		{ "\xc2\xa0", " " },	  { "\xe2\x80\x87", " " }, { "\xe2\x80\xaf", " " },
		{ "\xe2\x80\x8b", "" },	  { "\xe2\x80\x8e", "" },  { "\xe2\x81\xa0", "" },
		{ "\xef\xbb\xbf", "" },	  { "\xe2\x88\x92", "-" }, { "\xe2\x80\x90", "-" },
		{ "\xe2\x80\x91", "-" },  { "\xe2\x80\x92", "-" }, { "\xe2\x80\x93", "-" },
		{ "\xe2\x80\x98", "'" },  { "\xe2\x80\x99", "'" }, { "\xe2\x80\x9c", "\"" },
		{ "\xe2\x80\x9d", "\"" },
	};
	struct lt_text at;

	lt_text_init(&at, p, (size_t)(plain->end - p));
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		if (!lt_text_literal(&at, signs[i].utf8))
			continue;
		if (signs[i].text[0])
			*plain->to++ = signs[i].text[0];
		return at.pos;
	}
	return NULL;
}

static const char *parse_special(struct plain *plain, const char *p)
{
	switch (*p) {
	case ESC:
		return skip_escape(plain, p + 1);
	case '&':
		return parse_entity(plain, p);
	case '<':
		return p + 1 < plain->end ? parse_tag(plain, p) : NULL;
	case '=':
		return parse_quoted(plain, p);
	case '\xc2':
	case '\xe2':
	case '\xef':
		return parse_typography(plain, p);
	case '[':
	case '^':
	case '\\':
	case '#':
		return skip_written_escape(plain, p);
	default:
		return NULL;
	}
}

/* Once only: an escape in a mail may be one of a terminal. */
static struct lt_span decode_quoted(struct lt_span line, char *out)
{
	struct plain plain = {
		.end = line.p + line.len, .out = out, .to = out, .is_quoted_printable = true
	};

	for (const char *p = line.p; p < plain.end;) {
		const char *next = *p == '=' ? parse_quoted(&plain, p) : NULL;

		if (!next)
			*plain.to++ = *p++;
		else
			p = next;
	}
	return (struct lt_span){ out, (size_t)(plain.to - out) };
}

static struct lt_span parse_all(struct lt_span line, char *out)
{
	struct plain plain = { .end = line.p + line.len, .out = out, .to = out };

	for (const char *p = line.p; p < plain.end;) {
		const char *next = parse_special(&plain, p);

		if (!next)
			*plain.to++ = *p++;
		else
			p = next;
	}
	return (struct lt_span){ out, (size_t)(plain.to - out) };
}

/* A page that shows a page has tags written with entities: twice is enough. */
struct lt_span lt_klog_plain(struct lt_span line, bool is_quoted_printable, char *out)
{
	bool has_entity = memchr(line.p, '&', line.len);

	if (is_quoted_printable)
		line = decode_quoted(line, out);
	line = parse_all(line, out);
	return has_entity && lt_klog_plain_is_needed(line) ? parse_all(line, out) : line;
}
