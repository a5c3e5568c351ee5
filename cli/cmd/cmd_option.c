// SPDX-License-Identifier: GPL-2.0-or-later
/* One list of options: what is parsed, explained and completed. */
#include "cmd/cmd_option.h"

#include <string.h>

#include "base/array_size.h"

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
		{ info->formats, { 'o', "output", "FILE", "write there, whole or not at all" } },
		{ info->has_columns,
		  { OPT_COLUMNS, "columns", "LIST", "only these columns, e.g. NAME,PAGES" } },
		{ info->has_bytes,
		  { OPT_BYTES, "bytes", NULL, "sizes in bytes instead of pages" } },
		{ info->has_brief,
		  { OPT_BRIEF, "brief", NULL, "the answer alone, without evidence and advice" } },
		{ !info->is_live,
		  { OPT_ROOT, "root", "CAPTURE", "read a bundle or directory, not this system" } },
		{ !info->is_live,
		  { OPT_KCONFIG, "kconfig", "FILE",
		    "the kernel's configuration, if it is elsewhere" } },
		{ true,
		  { 'v', "verbose", NULL, "tell on standard error what became of every source" } },
		{ true, { OPT_HELP, "help", NULL, "this help, or that of a command" } },
		{ !info->name[0], { OPT_VERSION, "version", NULL, "print the version" } },
	};
	size_t nr = 0;

	memset(out->v, 0, sizeof(out->v));
	out->formats = format_list(info->formats);
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
