// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completion for bash and zsh, written from the tables of commands and options,
 * so that it cannot lag behind them. cli/completion/ keeps what this printed.
 */
#include <string.h>

#include "cmd/cmd_option.h"

/* What a value is, by what the help calls it. */
static bool is_path(const char *arg)
{
	return !strcmp(arg, "FILE") || !strcmp(arg, "DIR") || !strcmp(arg, "CAPTURE");
}

/* "text, json" without the commas. */
static void print_formats(FILE *out, const struct cmd_options *list)
{
	for (const char *c = list->formats.s; *c; c++)
		if (*c != ',')
			putc(*c, out);
}

static void bash_options(FILE *out, const struct cmd_options *list)
{
	for (const struct cmd_option *o = list->v; o->name; o++)
		fprintf(out, "%s--%s", o == list->v ? "" : " ", o->name);
}

/* The words that may follow an option with a value, as a line of a case statement. */
static void bash_values(FILE *out, const struct cmd_options *list)
{
	for (const struct cmd_option *o = list->v; o->name; o++) {
		if (!o->arg)
			continue;
		fprintf(out, "\t\t--%s", o->name);
		if (o->val < CMD_LONG)
			fprintf(out, " | -%c", o->val);
		if (o->val == 'f') {
			fputs(") COMPREPLY=($(compgen -W '", out);
			print_formats(out, list);
			fputs("' -- \"$cur\")); return ;;\n", out);
		} else if (is_path(o->arg)) {
			fputs(") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", out);
		} else {
			fputs(") return ;;\n", out);
		}
	}
}

static void bash_command(FILE *out, const struct cmd_info *info)
{
	struct cmd_options list;

	cmd_options(info, &list);
	fprintf(out, "\t%s)\n\t\toptions='", info->name[0] ? info->name : "''");
	bash_options(out, &list);
	fputs("'\n\t\tcase $prev in\n", out);
	bash_values(out, &list);
	fputs("\t\tesac ;;\n", out);
}

static void print_bash(FILE *out)
{
	/* REUSE-IgnoreStart */
	fputs("# SPDX-License-Identifier: GPL-2.0-or-later\n"
	      /* REUSE-IgnoreEnd */
	      "# bash completion for ltpin, printed by `ltpin completion bash`.\n"
	      "# shellcheck shell=bash disable=SC2207  # no word has blanks\n\n"
	      "_ltpin()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tlocal command='' options='' word i\n\n"
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
	      "\tif [[ $cur == -* ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
	      "\telif [[ -z $command || $command == help ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W '",
	      out);
	for (size_t i = 0; cmd_table[i]; i++)
		fprintf(out, "%s%s", i ? " " : "", cmd_table[i]->name);
	fputs("' -- \"$cur\"))\n"
	      "\telse\n"
	      "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	      "\tfi\n}\n\n"
	      "complete -o filenames -F _ltpin ltpin\n",
	      out);
}

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

static void zsh_option(FILE *out, const struct cmd_options *list, const struct cmd_option *option)
{
	fputs(" \\\n\t\t", out);
	if (option->val < CMD_LONG)
		fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", option->val, option->name, option->val,
			option->arg ? "+" : "", option->name, option->arg ? "=" : "");
	else
		fprintf(out, "'--%s%s[", option->name, option->arg ? "=" : "");
	zsh_text(out, option->help);
	putc(']', out);
	if (option->arg && option->val == 'f') {
		fputs(":format:(", out);
		print_formats(out, list);
		putc(')', out);
	} else if (option->arg) {
		fputs(": :", out);
		fputs(is_path(option->arg) ? "_files" : "", out);
	}
	putc('\'', out);
}

static void zsh_options(FILE *out, const struct cmd_info *info)
{
	struct cmd_options list;

	cmd_options(info, &list);
	fputs("_arguments", out);
	for (const struct cmd_option *o = list.v; o->name; o++)
		zsh_option(out, &list, o);
}

static void print_zsh(FILE *out)
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
	      "_ltpin()\n{\n\tlocal context state line curcontext=$curcontext\n\n\t",
	      out);
	zsh_options(out, &cmd_home);
	fputs(" \\\n\t\t'1:command:_ltpin_commands' '*::argument:->arguments'\n"
	      "\t[[ $state == arguments ]] || return\n\tcase $words[1] in\n",
	      out);
	for (size_t i = 0; cmd_table[i]; i++) {
		fprintf(out, "\t%s)\n\t\t", cmd_table[i]->name);
		zsh_options(out, cmd_table[i]);
		fputs(cmd_table[i] == &cmd_help ? " '*: :_ltpin_commands' ;;\n"
						: " '*:file:_files' ;;\n",
		      out);
	}
	fputs("\tesac\n}\n\n_ltpin \"$@\"\n", out);
}

static int run_completion(struct cmd *cmd)
{
	if (cmd_no_options(cmd))
		return cmd->status;
	if (cmd->nr_args && !strcmp(cmd->args[0], "bash"))
		print_bash(stdout);
	else if (cmd->nr_args && !strcmp(cmd->args[0], "zsh"))
		print_zsh(stdout);
	else
		return cmd_usage(cmd, "completion: for which shell, bash or zsh?");
	return CMD_OK;
}

const struct cmd_info cmd_completion = {
	.name = "completion",
	.group = CMD_UNLISTED,
	.args = "bash|zsh",
	.args_max = 1,
	.summary = "Print a completion script",
	.is_live = true,
	.run = run_completion,
};
