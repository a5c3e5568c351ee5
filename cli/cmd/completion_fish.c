// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the completion script for fish. */
#include "cmd/completion.h"

/* In single quotes. */
static void fish_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
}

/* -x: a value that is no file; -r: one that may be; -F brings files back, which -f took away. */
static void fish_values(FILE *out, const struct cmd_info *info, const struct cmd_option *option)
{
	switch (completion_kind(info, option)) {
	case COMPLETE_WORDS:
		fprintf(out, "%s -a '", option ? " -x" : "");
		completion_words(out, info, option);
		putc('\'', out);
		break;
	case COMPLETE_FILES:
		fprintf(out, "%s -F", option ? " -r" : "");
		break;
	case COMPLETE_AREAS:
		fprintf(out, "%s -a '(__ltpin_areas)'", option ? " -x" : " -F");
		break;
	case COMPLETE_COLUMNS:
		fprintf(out, " -x -a '(__ltpin_columns %s)'", info->name);
		break;
	case COMPLETE_COMMANDS:
		fputs(" -a '", out);
		for (size_t i = 0; cmd_table[i]; i++)
			fprintf(out, "%s%s", i ? " " : "", cmd_table[i]->name);
		putc('\'', out);
		break;
	default:
		fputs(option ? " -x" : "", out);
		break;
	}
}

static void fish_command(FILE *out, const struct cmd_info *info)
{
	struct cmd_options list;
	char when[64];

	snprintf(when, sizeof(when),
		 info->name[0] ? "__fish_seen_subcommand_from %s" : "__fish_use_subcommand%s",
		 info->name);
	cmd_options(info, &list);
	for (const struct cmd_option *o = list.v; o->name; o++) {
		fprintf(out, "complete -c ltpin -n '%s' -l %s", when, o->name);
		if (o->val < CMD_LONG)
			fprintf(out, " -s %c", o->val);
		if (o->arg)
			fish_values(out, info, o);
		fputs(" -d '", out);
		fish_text(out, o->help);
		fputs("'\n", out);
	}
	if (!info->name[0] || completion_kind(info, NULL) == COMPLETE_NOTHING)
		return;
	fprintf(out, "complete -c ltpin -n '%s'", when);
	fish_values(out, info, NULL);
	putc('\n', out);
}

void completion_print_fish(FILE *out)
{
	/* REUSE-IgnoreStart */
	fputs("# SPDX-License-Identifier: GPL-2.0-or-later\n"
	      /* REUSE-IgnoreEnd */
	      "# fish completion for ltpin, printed by `ltpin completion fish`.\n\n"
	      "function __ltpin_areas\n"
	      "\tltpin areas --columns AREA 2>/dev/null | sed 1d\n"
	      "end\n\n"
	      "# It names its columns when it is asked for another one.\n"
	      "function __ltpin_columns\n"
	      "\tset -l pages\n"
	      "\ttest $argv[1] = explain; and set pages 1\n"
	      "\tltpin $argv[1] $pages --columns '?' 2>&1 >/dev/null |\n"
	      "\t\tsed -n \"s/^ltpin: there is no column '?'; columns here: //p\" |\n"
	      "\t\tsed 's/, /\\n/g' | tr ' ' '-'\n"
	      "end\n\n"
	      "complete -c ltpin -f\n",
	      out);
	for (size_t i = 0; cmd_table[i]; i++) {
		fprintf(out, "complete -c ltpin -n __fish_use_subcommand -a %s -d '",
			cmd_table[i]->name);
		fish_text(out, cmd_table[i]->summary);
		fputs("'\n", out);
	}
	fish_command(out, &cmd_home);
	for (size_t i = 0; cmd_table[i]; i++)
		fish_command(out, cmd_table[i]);
}
