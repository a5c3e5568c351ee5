// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the completion script for bash. */
#include "cmd/completion.h"

static void bash_options(FILE *out, const struct cmd_options *list)
{
	for (const struct cmd_option *o = list->v; o->name; o++)
		fprintf(out, "%s--%s", o == list->v ? "" : " ", o->name);
}

/* Sets COMPREPLY to what fits the word under the cursor. */
static void bash_reply(FILE *out, const struct cmd_info *info, const struct cmd_option *option)
{
	switch (completion_kind(info, option)) {
	case COMPLETE_WORDS:
		fputs("COMPREPLY=($(compgen -W '", out);
		completion_words(out, info, option);
		fputs("' -- \"$cur\"))", out);
		break;
	case COMPLETE_FILES:
		fputs("COMPREPLY=($(compgen -f -- \"$cur\"))", out);
		break;
	case COMPLETE_AREAS:
		fprintf(out, "COMPREPLY=($(compgen -W \"$(_ltpin_areas)\"%s -- \"$cur\"))",
			option ? "" : " -f");
		break;
	case COMPLETE_COLUMNS:
		fputs("COMPREPLY=($(compgen -W \"$(_ltpin_columns \"$command\")\" -- "
		      "\"$cur\"))",
		      out);
		break;
	case COMPLETE_COMMANDS:
		fputs("COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\"))", out);
		break;
	default:
		fputs(":", out);
		break;
	}
}

/* The words that may follow an option with a value, as a line of a case statement. */
static void bash_values(FILE *out, const struct cmd_info *info, const struct cmd_options *list)
{
	for (const struct cmd_option *o = list->v; o->name; o++) {
		if (!o->arg)
			continue;
		fprintf(out, "\t\t--%s", o->name);
		if (o->val < CMD_LONG)
			fprintf(out, " | -%c", o->val);
		fputs(") ", out);
		bash_reply(out, info, o);
		fputs("; return ;;\n", out);
	}
}

static void bash_command(FILE *out, const struct cmd_info *info)
{
	struct cmd_options list;

	cmd_options(info, &list);
	fprintf(out, "\t%s)\n\t\toptions='", info->name[0] ? info->name : "''");
	bash_options(out, &list);
	fputs("'\n\t\tcase $prev in\n", out);
	bash_values(out, info, &list);
	fputs("\t\tesac\n\t\t[[ $cur == -* ]] || { ", out);
	if (info->name[0])
		bash_reply(out, info, NULL);
	else
		fputs("COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\"))", out);
	fputs("; return; } ;;\n", out);
}

void completion_print_bash(FILE *out)
{
	/* REUSE-IgnoreStart */
	fputs("# SPDX-License-Identifier: GPL-2.0-or-later\n"
	      /* REUSE-IgnoreEnd */
	      "# bash completion for ltpin, printed by `ltpin completion bash`.\n"
	      "# shellcheck shell=bash disable=SC2207  # no word has blanks\n\n"
	      "_ltpin_areas()\n{\n"
	      "\tltpin areas --columns AREA 2>/dev/null | sed 1d\n"
	      "}\n\n"
	      "# It names its columns when it is asked for another one.\n"
	      "_ltpin_columns()\n{\n"
	      "\tlocal pages=''\n\n"
	      "\t[[ $1 != explain ]] || pages=1\n"
	      "\tltpin \"$1\" ${pages:+1} --columns '?' 2>&1 >/dev/null |\n"
	      "\t\tsed -n \"s/^ltpin: there is no column '?'; columns here: //p\" |\n"
	      "\t\tsed 's/, /\\n/g' | tr ' ' '-'\n"
	      "}\n\n"
	      "_ltpin()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tlocal command='' options='' word i\n"
	      "\tlocal commands='",
	      out);
	for (size_t i = 0; cmd_table[i]; i++)
		fprintf(out, "%s%s", i ? " " : "", cmd_table[i]->name);
	fputs("'\n\n"
	      "\tCOMPREPLY=()\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tword=${COMP_WORDS[i]}\n"
	      "\t\tcase $word in\n"
	      "\t\t--root | --kconfig) ((i++)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*) command=$word; break ;;\n"
	      "\t\tesac\n"
	      "\tdone\n\n"
	      "\tcase $command in\n",
	      out);
	bash_command(out, &cmd_home);
	for (size_t i = 0; cmd_table[i]; i++)
		bash_command(out, cmd_table[i]);
	fputs("\tesac\n\n"
	      "\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
	      "}\n\n"
	      "complete -o filenames -F _ltpin ltpin\n",
	      out);
}
