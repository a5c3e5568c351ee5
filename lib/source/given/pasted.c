// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What stands before a line of a table, and lines that are none of it:
 *
 *	{">" | "|" | blank}			a quotation in a mail, a cell, an indent
 *	PROMPT [COMMAND ...]			PROMPT ends in "#", "$", ">" or "%"
 *
 * A line of a kernel configuration begins with "#" too; so a prompt without a name must have one of
 * the commands below behind it.
 */
#include "source/given/pasted.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/array_size.h"
#include "base/file.h"
#include "base/text.h"

static void skip_quotes(struct lt_text *line)
{
	struct lt_text at = *line;
	bool is_quoted = false;

	while (at.pos < at.end && *at.pos && strchr("> |\t", *at.pos)) {
		is_quoted = is_quoted || *at.pos == '>' || *at.pos == '|';
		at.pos++;
	}
	if (is_quoted)
		*line = at;
}

bool lt_pasted_is_prompt(struct lt_text line)
{
	static const char *const commands[] = { "cat ",	 "sudo ",      "adb ",	"head ",
						"tail ", "more ",      "less ", "zcat ",
						"dmesg", "journalctl", "logcat" };
	struct lt_span prompt;
	bool has_name;

	lt_text_blanks(&line);
	if (!lt_text_word(&line, &prompt) || !strchr("#$>%", prompt.p[prompt.len - 1]))
		return false;
	has_name = prompt.len > 2 &&
		   (memchr(prompt.p, '@', prompt.len) || memchr(prompt.p, ':', prompt.len) ||
		    memchr(prompt.p, '/', prompt.len));
	lt_text_blanks(&line);
	if (has_name)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (lt_text_literal(&line, commands[i]))
			return true;
	return false;
}

bool lt_pasted_is(const char *buf, size_t len)
{
	struct lt_text text, line;

	lt_text_init(&text, buf, len);
	while (lt_text_line(&text, &line)) {
		const char *start = line.pos;

		if (lt_text_is_blank(&line))
			continue;
		skip_quotes(&line);
		return line.pos > start || lt_pasted_is_prompt(line);
	}
	return false;
}

/* What @line has of the table; false if it is no line of it. */
static bool parse_line(struct lt_text *line)
{
	skip_quotes(line);
	return !lt_pasted_is_prompt(*line);
}

size_t lt_pasted_plain(const char *buf, size_t len, char *out)
{
	struct lt_text text, line;
	char *to = out;

	lt_text_init(&text, buf, len);
	while (lt_text_line(&text, &line)) {
		size_t nr;

		if (!parse_line(&line))
			continue;
		nr = (size_t)(text.pos - line.pos);
		memcpy(to, line.pos, nr);
		to += nr;
	}
	return (size_t)(to - out);
}

int lt_pasted_copy(int fd, FILE *out)
{
	FILE *in = lt_file_stream(fd);
	char *buf = NULL;
	size_t size = 0;
	ssize_t n;
	int err = in ? 0 : -errno;

	while (!err && (n = getline(&buf, &size, in)) > 0) {
		struct lt_text line;

		lt_text_init(&line, buf, (size_t)n);
		if (!parse_line(&line))
			continue;
		n = line.end - line.pos;
		errno = 0;
		if (fwrite(line.pos, 1, (size_t)n, out) != (size_t)n)
			err = errno ? -errno : -EIO;
	}
	if (!err && in && ferror(in))
		err = -EIO;
	free(buf);
	if (in)
		fclose(in);
	return err;
}
