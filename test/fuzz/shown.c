// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds output against what a reader, a terminal and a browser rely on. */
#include "shown.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/escape.h"
#include "base/json.h"

#define DEPTH_MAX 64

static void refuse(const char *why, const char *at, size_t len)
{
	char safe[1024];

	lt_escape(at, len < 200 ? len : 200, safe, sizeof(safe));
	fprintf(stderr, "# %s: %s\n", why, safe);
	abort();
}

/*
 * libsmartcols shows U+FFFD for a character of which the C library does not know that it is one. It
 * is the only one that a name cannot bring here by itself.
 */
static void replace_unknown(char *line, size_t len)
{
	static const char unknown[] = "\xef\xbf\xbd";
	char *end = line + len, *p = line;

	while ((p = memmem(p, (size_t)(end - p), unknown, sizeof(unknown) - 1)))
		memset(p, '?', sizeof(unknown) - 1);
}

static void check_line(const char *line, size_t len)
{
	size_t size = 4 * len + 1;
	char *copy, *safe;

	if (lt_escape_is_plain(line, len))
		return;
	copy = malloc(len);
	safe = malloc(size);
	if (!copy || !safe)
		abort();
	memcpy(copy, line, len);
	replace_unknown(copy, len);
	if (lt_escape_message(copy, len, safe, size) != len || memcmp(copy, safe, len))
		refuse("not printable", line, len);
	free(copy);
	free(safe);
}

void shown_check_text(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		if (!newline)
			refuse("the last line has no end", text, (size_t)(end - text));
		check_line(text, (size_t)(newline - text));
		text = newline + 1;
	}
}

static int take(const char *key, const struct lt_json_value *value, void *arg)
{
	(void)key, (void)value, (void)arg;
	return 0;
}

void shown_check_json(const char *text, size_t len)
{
	struct lt_diag diag = { 0 };
	int err;

	shown_check_text(text, len);
	err = lt_json_walk(text, len, take, NULL, &diag);
	if (err && err != -ENOSYS)
		refuse(diag.why, text, len);
}

void shown_check_ndjson(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		if (!newline)
			refuse("the last line has no end", text, (size_t)(end - text));
		shown_check_json(text, (size_t)(newline + 1 - text));
		text = newline + 1;
	}
}

/* Where the tag at @p ends, quoted values taken for what they are; NULL if it does not. */
static const char *tag_end(const char *p, const char *end)
{
	for (char quote = '\0'; p < end; p++) {
		if (quote ? *p == quote : *p == '"' || *p == '\'')
			quote = quote ? '\0' : *p;
		else if (!quote && *p == '<')
			return NULL;
		else if (!quote && *p == '>')
			return p;
	}
	return NULL;
}

/* Those that have no end tag. */
static bool is_void(const char *name, size_t len)
{
	static const char *const names[] = { "br", "hr", "img", "input", "link", "meta" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == len && !memcmp(names[i], name, len))
			return true;
	return false;
}

struct element {
	const char *name;
	size_t len;
};

/* Past the text of a style or script, which ends only at its end tag. */
static const char *skip_raw(const struct element *element, const char *p, const char *end)
{
	char tag[16];
	const char *found;

	if ((element->len != 5 || memcmp(element->name, "style", 5)) &&
	    (element->len != 6 || memcmp(element->name, "script", 6)))
		return p;
	snprintf(tag, sizeof(tag), "</%.*s>", (int)element->len, element->name);
	found = memmem(p, (size_t)(end - p), tag, strlen(tag));
	if (!found)
		refuse("no end of a script or style", p, (size_t)(end - p));
	return found;
}

void shown_check_html(const char *text, size_t len)
{
	const char *end = text + len, *p = text;
	struct element open[DEPTH_MAX];
	size_t depth = 0;

	shown_check_text(text, len);
	while ((p = memchr(p, '<', (size_t)(end - p)))) {
		bool is_end = p + 1 < end && p[1] == '/';
		const char *name = p + 1 + is_end, *close = tag_end(name, end);
		size_t name_len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");

		if (!close)
			refuse("no end of a tag", p, (size_t)(end - p));
		p = close + 1;
		if (*name == '!' || is_void(name, name_len) || close[-1] == '/')
			continue;
		if (!name_len || depth == DEPTH_MAX)
			refuse("no element of ours", name, (size_t)(end - name));
		if (!is_end) {
			open[depth++] = (struct element){ name, name_len };
			p = skip_raw(&open[depth - 1], p, end);
		} else if (!depth || open[depth - 1].len != name_len ||
			   memcmp(open[depth - 1].name, name, name_len)) {
			refuse("ends what did not begin", name, (size_t)(end - name));
		} else {
			depth--;
		}
	}
	if (depth)
		refuse("an element has no end", open[depth - 1].name, open[depth - 1].len);
}
