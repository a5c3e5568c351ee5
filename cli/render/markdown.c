// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes Markdown in which text of the kernel cannot pass for markup. */
#include "render/markdown.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Characters between backticks at @p, 0 if none that make a code span begin there. */
static size_t code_length(const char *p)
{
	size_t len = *p == '`' ? strcspn(p + 1, "`") : 0;

	return len && p[1 + len] == '`' ? len : 0;
}

/* Whether Markdown (CommonMark with GitHub's extensions) might act on the character at @p. */
static bool is_special(const char *text, const char *p)
{
	bool first = p == text;

	switch (*p) {
	case '_': /* inside a word it is just a character */
		return first || !isalnum((unsigned char)p[-1]) || !isalnum((unsigned char)p[1]);
	case '-':
	case '+':
	case '=':
		return first;
	case '.':
	case ')':
		return (!first && text + strspn(text, "0123456789") == p) ||
		       (p - text >= 3 && !strncasecmp(p - 3, "www", 3));
	case ':':
		return p[1] == '/' && p[2] == '/';
	default:
		return *p && strchr("\\`*[]<>&|~#!$", *p);
	}
}

/* Whether @p is the hyphen of "GH-12", another way to name an issue. */
static bool is_gh_reference(const char *text, const char *p)
{
	return *p == '-' && p - text >= 2 && !strncasecmp(p - 2, "gh", 2) &&
	       (p - text == 2 || !isalnum((unsigned char)p[-3])) && isdigit((unsigned char)p[1]);
}

void markdown_text(FILE *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		size_t code = code_length(p);

		if (code) {
			fprintf(out, "%.*s", (int)code + 2, p);
			p += code + 1;
		} else if (*p == '\n') {
			putc(' ', out);
		} else if (*p == '@' && (p == text || !isalnum((unsigned char)p[-1]))) {
			fputs("`@`", out); /* else a tracker would call somebody */
		} else if (*p == '#' && isdigit((unsigned char)p[1])) {
			fputs("`#`", out); /* else it would lead to an issue of that number */
		} else if (is_gh_reference(text, p)) {
			fputs("`-`", out);
		} else {
			fprintf(out, "%s%c", is_special(text, p) ? "\\" : "", *p);
		}
	}
}

void markdown_block(FILE *out, const char *text)
{
	size_t fence = 3;

	for (const char *p = text; *p; p++) {
		size_t run = strspn(p, "`");

		if (run >= fence)
			fence = run + 1;
	}
	for (size_t i = 0; i < fence; i++)
		putc('`', out);
	fprintf(out, "text\n%s", text);
	for (size_t i = 0; i < fence; i++)
		putc('`', out);
	putc('\n', out);
}
