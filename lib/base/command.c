// SPDX-License-Identifier: LGPL-2.1-or-later
/* Commands that a sentence suggests, for the evidence that was read. */
#include "base/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/memstream.h"

static const char *const readers[] = {
	[LT_READER_REPORT] = "report", [LT_READER_AREAS] = "areas",
	[LT_READER_ZONES] = "zones",   [LT_READER_PAGES] = "pages",
	[LT_READER_OWNERS] = "owners", [LT_READER_EXPLAIN] = "explain",
	[LT_READER_DOCTOR] = "doctor",
};

static bool sees(const char *name, size_t len, unsigned int blind)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (strlen(readers[i]) == len && !strncmp(readers[i], name, len))
			return !(blind & 1u << i);
	return false;
}

bool lt_command_is_for_device(const char *command, struct lt_command_place place)
{
	static const char program[] = "ltpin ";
	const char *name = command + strlen(program);

	if (!place.arg)
		return false;
	return strncmp(command, program, strlen(program)) ||
	       !sees(name, strcspn(name, " `"), place.blind);
}

char *lt_command_at(const char *command, struct lt_command_place place)
{
	bool has_place = place.arg && !lt_command_is_for_device(command, place);
	char *whole;

	if (asprintf(&whole, "%s%s%s", command, has_place ? " " : "", has_place ? place.arg : "") <
	    0)
		return NULL;
	return whole;
}

/* Whether a sentence begins at @at of @words. */
static bool is_begin(const char *words, const char *at)
{
	return at == words || (at >= words + 2 && !strncmp(at - 2, ". ", 2));
}

/* Whether there was memory for it. */
static bool put_command(FILE *out, const char *words, const char *at, const char *command,
			struct lt_command_place place)
{
	char *whole = lt_command_at(command, place);

	if (!whole)
		return false;
	if (lt_command_is_for_device(command, place) && !strncmp(command, "ltpin ", 6))
		fputs(is_begin(words, at) ? "On the device, " : "on the device, ", out);
	fprintf(out, "`%s`", whole);
	free(whole);
	return true;
}

static bool put_words(FILE *out, const char *words, struct lt_command_place place)
{
	const char *at = words, *open, *end;

	while ((open = strchr(at, '`')) && (end = strchr(open + 1, '`'))) {
		char *command = strndup(open + 1, (size_t)(end - open) - 1);
		bool is_put;

		fprintf(out, "%.*s", (int)(open - at), at);
		is_put = command && put_command(out, words, open, command, place);
		free(command);
		if (!is_put)
			return false;
		at = end + 1;
	}
	fputs(at, out);
	return true;
}

char *lt_command_in_words(const char *words, struct lt_command_place place)
{
	char *whole = NULL;
	size_t len;
	bool is_put;
	FILE *out;

	if (!place.arg)
		return strdup(words);
	out = open_memstream(&whole, &len);
	if (!out)
		return NULL;
	is_put = put_words(out, words, place);
	if (lt_memstream_close(out, &whole) || is_put)
		return whole;
	free(whole);
	return NULL;
}
