// SPDX-License-Identifier: LGPL-2.1-or-later
/* Commands that a sentence suggests, for the evidence that was read. */
#include "base/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/memstream.h"

/* Commands that read evidence, and so take a capture. */
static const char *const readers[] = { "report", "areas",   "zones", "pages",
				       "owners", "explain", "doctor" };

static bool is_reader(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (strlen(readers[i]) == len && !strncmp(readers[i], name, len))
			return true;
	return false;
}

bool lt_command_is_for_device(const char *command)
{
	static const char program[] = "ltpin ";
	const char *name = command + strlen(program);

	return strncmp(command, program, strlen(program)) || !is_reader(name, strcspn(name, " `"));
}

char *lt_command_at(const char *command, const char *place)
{
	bool has_place = place && !lt_command_is_for_device(command);
	char *whole;

	if (asprintf(&whole, "%s%s%s", command, has_place ? " " : "", has_place ? place : "") < 0)
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
			const char *place)
{
	char *whole = lt_command_at(command, place);

	if (!whole)
		return false;
	if (lt_command_is_for_device(command) && !strncmp(command, "ltpin ", 6))
		fputs(is_begin(words, at) ? "On the device, " : "on the device, ", out);
	fprintf(out, "`%s`", whole);
	free(whole);
	return true;
}

static bool put_words(FILE *out, const char *words, const char *place)
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

char *lt_command_in_words(const char *words, const char *place)
{
	char *whole = NULL;
	size_t len;
	bool is_put;
	FILE *out;

	if (!place)
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
