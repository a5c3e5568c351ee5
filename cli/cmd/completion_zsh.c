// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the completion script for zsh. */
#include "cmd/completion.h"

#include <string.h>

/* In single quotes, for _arguments and _describe: no quote and no bracket or colon of its own. */
static void zsh_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else if (strchr("[]:\\", *text))
			fprintf(out, "\\%c", *text);
		else
			putc(*text, out);
	}
}

/* What _arguments does for a value, or with NULL for an operand. */
static void zsh_action(FILE *out, const struct cmd_info *info, const struct cmd_option *option)
{
	switch (completion_kind(info, option)) {
	case COMPLETE_WORDS:
		putc('(', out);
		completion_words(out, info, option);
		putc(')', out);
		break;
	case COMPLETE_FILES:
		fputs("_files", out);
		break;
	case COMPLETE_AREAS:
		fputs(option ? "_ltpin_areas" : "_ltpin_areas_or_files", out);
		break;
	case COMPLETE_COLUMNS:
		fprintf(out, "{_ltpin_columns %s}", info->name);
		break;
	case COMPLETE_COMMANDS:
		fputs("_ltpin_commands", out);
		break;
	default:
		break;
	}
}

static void zsh_option(FILE *out, const struct cmd_info *info, const struct cmd_option *option)
{
	fputs(" \\\n\t\t", out);
	if (option->val < CMD_LONG)
		fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", option->val, option->name, option->val,
			option->arg ? "+" : "", option->name, option->arg ? "=" : "");
	else
		fprintf(out, "'--%s%s[", option->name, option->arg ? "=" : "");
	zsh_text(out, option->help);
	putc(']', out);
	if (option->arg) {
		fprintf(out, ":%s:", option->val == 'f' ? "format" : " ");
		zsh_action(out, info, option);
	}
	putc('\'', out);
}

static void zsh_options(FILE *out, const struct cmd_info *info)
{
	struct cmd_options list;

	cmd_options(info, &list);
	fputs("_arguments", out);
	for (const struct cmd_option *o = list.v; o->name; o++)
		zsh_option(out, info, o);
}

void completion_print_zsh(FILE *out)
{
	fputs("#compdef ltpin\n"
	      /* REUSE-IgnoreStart */
	      "# SPDX-License-Identifier: GPL-2.0-or-later\n"
	      /* REUSE-IgnoreEnd */
	      "# zsh completion for ltpin, printed by `ltpin completion zsh`.\n\n"
	      "_ltpin_commands()\n{\n\tlocal -a commands=(\n",
	      out);
	for (size_t i = 0; cmd_table[i]; i++) {
		fprintf(out, "\t\t'%s:", cmd_table[i]->name);
		zsh_text(out, cmd_table[i]->summary);
		fputs("'\n", out);
	}
	fputs("\t)\n\t_describe command commands\n}\n\n"
	      "_ltpin_areas()\n{\n"
	      "\tlocal -a areas=(${(f)\"$(ltpin areas --columns AREA 2>/dev/null | sed 1d)\"})\n"
	      "\tcompadd -a areas\n}\n\n"
	      "_ltpin_areas_or_files()\n{\n\t_ltpin_areas\n\t_files\n}\n\n"
	      "# It names its columns when it is asked for another one.\n"
	      "_ltpin_columns()\n{\n"
	      "\tlocal pages; [[ $1 == explain ]] && pages=1\n"
	      "\tlocal -a columns=(${(f)\"$(ltpin $1 $pages --columns '?' 2>&1 >/dev/null |\n"
	      "\t\tsed -n \"s/^ltpin: there is no column '?'; columns here: //p\" |\n"
	      "\t\tsed 's/, /\\n/g' | tr ' ' '-')\"})\n"
	      "\tcompadd -a columns\n}\n\n"
	      "_ltpin()\n{\n\tlocal context state line curcontext=$curcontext\n\n\t",
	      out);
	zsh_options(out, &cmd_home);
	fputs(" \\\n\t\t'1:command:_ltpin_commands' '*::argument:->arguments'\n"
	      "\t[[ $state == arguments ]] || return\n\tcase $words[1] in\n",
	      out);
	for (size_t i = 0; cmd_table[i]; i++) {
		fprintf(out, "\t%s)\n\t\t", cmd_table[i]->name);
		zsh_options(out, cmd_table[i]);
		fputs(" '*: :", out);
		zsh_action(out, cmd_table[i], NULL);
		fputs("' ;;\n", out);
	}
	fputs("\tesac\n}\n\n_ltpin \"$@\"\n", out);
}
