// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes text into HTML so that nothing of it is markup. */
#include "render/html_text.h"

#include <string.h>

static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void put_bytes(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *entity = entity_of(text[i]);

		if (entity)
			fputs(entity, out);
		else
			putc(text[i], out);
	}
}

void html_text(FILE *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

void html_text_cut(FILE *out, const char *text, size_t max)
{
	size_t len = strlen(text), cut = len;

	if (len > max)
		for (cut = max; cut && ((unsigned char)text[cut] & 0xc0) == 0x80;)
			cut--;
	put_bytes(out, text, cut);
	if (cut < len)
		fputs("...", out);
}

void html_words(FILE *out, const char *text)
{
	while (*text) {
		const char *open = strchr(text, '`'), *close = open ? strchr(open + 1, '`') : NULL;

		if (!close) {
			html_text(out, text);
			return;
		}
		put_bytes(out, text, (size_t)(open - text));
		fputs("<code>", out);
		put_bytes(out, open + 1, (size_t)(close - open) - 1);
		fputs("</code>", out);
		text = close + 1;
	}
}
