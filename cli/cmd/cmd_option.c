// SPDX-License-Identifier: GPL-2.0-or-later
/* One list of options: what is parsed, explained and completed. */
#include "cmd/cmd_option.h"

#include <stdio.h>
#include <string.h>

#include "base/array_size.h"
#include "base/escape.h"
#include "cmd/nearest.h"

static void add(struct cmd_options *list, size_t *nr, const struct cmd_option *option)
{
	if (*nr + 1 < CMD_ALL_OPTIONS_MAX)
		list->v[(*nr)++] = *option;
}

void cmd_options(const struct cmd_info *info, struct cmd_options *out)
{
	const struct cmd_option format = { 'f', "format", "FORMAT", out->formats.s };
	const struct {
		bool is_there;
		struct cmd_option option;
	} common[] = {
		{ info->formats, format },
		{ info->formats & (FORMAT_JSON | FORMAT_NDJSON),
		  { OPT_JSON, "json", NULL,
		    info->formats & FORMAT_JSON ? "short for -f json" : "short for -f ndjson" } },
		{ info->formats,
		  { 'o', "output", "FILE", "write there; appears only when complete" } },
		{ info->columns, { OPT_COLUMNS, "columns", "LIST", out->columns } },
		{ info->has_bytes,
		  { OPT_BYTES, "bytes", NULL, "sizes in bytes instead of pages" } },
		{ info->has_brief,
		  { OPT_BRIEF, "brief", NULL, "only the answer, without evidence and advice" } },
		{ info->can_redact,
		  { OPT_REDACT, "redact", NULL,
		    "replace names of hosts, paths, areas, values, ..." } },
		{ info->can_redact,
		  { OPT_REDACT_NAMES, "redact-names", NULL, "the same, and names of processes" } },
		{ !info->is_live,
		  { OPT_ROOT, "root", "CAPTURE", "read a bundle or directory, not this system" } },
		{ !info->is_live,
		  { OPT_KCONFIG, "kconfig", "FILE",
		    "the kernel's configuration, if it is elsewhere" } },
		{ true,
		  { 'v', "verbose", NULL, "report on standard error what each source gave" } },
		{ !info->is_live,
		  { OPT_NO_PAGER, "no-pager", NULL, "print long output without a pager" } },
		{ true, { OPT_HELP, "help", NULL, "this help, or that of a command" } },
		{ !info->name[0],
		  { OPT_VERSION, "version", NULL,
		    "print the version, and which parts were built" } },
	};
	size_t nr = 0;

	memset(out->v, 0, sizeof(out->v));
	out->formats = format_list(info->formats);
	snprintf(out->columns, sizeof(out->columns), "only these columns, e.g. %s", info->columns);
	for (const struct cmd_option *o = info->options; o && o->name; o++)
		add(out, &nr, o);
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		if (common[i].is_there)
			add(out, &nr, &common[i].option);
}

void cmd_options_getopt(const struct cmd_options *list, struct cmd_getopt *out)
{
	size_t at = 0, nr = 0;

	memset(out, 0, sizeof(*out));
	out->letters[at++] = ':';
	for (const struct cmd_option *o = list->v; o->name; o++) {
		out->names[nr++] = (struct option){
			.name = o->name,
			.has_arg = o->arg ? required_argument : no_argument,
			.val = o->val,
		};
		if (o->val >= CMD_LONG)
			continue;
		out->letters[at++] = (char)o->val;
		if (o->arg)
			out->letters[at++] = ':';
	}
}

static bool is_prefix(const char *word, const char *name)
{
	return !strncmp(word, name, strlen(word));
}

/* "--bytes, --brief": those that begin with @word, if there is more than one. */
static bool is_ambiguous(const struct cmd_options *list, const char *word, char *out, size_t size)
{
	size_t nr = 0, at = 0;

	*out = '\0';
	for (const struct cmd_option *o = list->v; o->name; o++) {
		if (!is_prefix(word, o->name) || at >= size)
			continue;
		at += (size_t)snprintf(out + at, size - at, "%s--%s", nr++ ? ", " : "", o->name);
	}
	return nr > 1;
}

static const char *nearest_option(const struct cmd_options *list, const char *word)
{
	struct nearest nearest = { .word = word };

	for (const struct cmd_option *o = list->v; o->name; o++)
		nearest_offer(&nearest, o->name);
	return nearest.best;
}

/* Before a command it may be one that stands behind it. */
static int unknown_option(struct cmd *cmd, const char *given)
{
	return cmd->argc
		       ? cmd_usage(cmd, "unknown option '%s'", given)
		       : cmd_usage(cmd,
				   "unknown option '%s'; those of a command stand behind it, as in "
				   "`ltpin report --json`",
				   given);
}

/* @word is a long option without its dashes and its value. */
static int bad_long_option(struct cmd *cmd, const struct cmd_options *list, const char *word,
			   const char *given)
{
	const char *near = nearest_option(list, word);
	char several[256];

	for (const struct cmd_option *o = list->v; o->name; o++)
		if (optopt && !strcmp(word, o->name))
			return cmd_usage(cmd, "option '--%s' takes no value", word);
	if (*word && is_ambiguous(list, word, several, sizeof(several)))
		return cmd_usage(cmd, "option '--%s' may be %s", word, several);
	if (near)
		return cmd_usage(cmd, "unknown option '%s'; did you mean '--%s'?", given, near);
	return unknown_option(cmd, given);
}

/* A letter that is no option: glibc is still at its word, and optind - 1 is the one before. */
static bool is_unknown_letter(const struct cmd_options *list, int c)
{
	for (const struct cmd_option *o = list->v; o->name; o++)
		if (o->val == optopt)
			return false;
	return c == '?' && optopt > ' ' && optopt < 127;
}

int cmd_bad_option(struct cmd *cmd, const struct cmd_options *list, int c, char *const *argv)
{
	/* musl counts a value that is not there. */
	const char *given = argv[optind - 1] ? argv[optind - 1] : argv[optind - 2];
	char safe[256], word[256];

	if (is_unknown_letter(list, c))
		return unknown_option(cmd, (char[]){ '-', (char)optopt, '\0' });
	lt_escape(given, strlen(given), safe, sizeof(safe));
	if (c == ':')
		return cmd_usage(cmd, "option '%s' needs a value", safe);
	if (strncmp(given, "--", 2))
		return cmd_usage(cmd, "unknown option '-?'");
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(safe + 2, "="), safe + 2);
	return bad_long_option(cmd, list, word, safe);
}
