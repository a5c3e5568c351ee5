// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the help of the program and of each command, from the tables. */
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/cmd_option.h"

static const char *const group_names[CMD_NR_GROUPS] = {
	[CMD_DIAGNOSE] = "Diagnose",
	[CMD_REPRODUCE] = "Reproduce",
	[CMD_SHARE] = "Share",
};

#define NAME_COLUMNS 12
#define OPTION_COLUMNS 24

const struct cmd_info *cmd_find(const char *name)
{
	for (size_t i = 0; cmd_table[i]; i++)
		if (!strcmp(cmd_table[i]->name, name))
			return cmd_table[i];
	return NULL;
}

static void print_group(FILE *out, enum cmd_group group)
{
	bool any = false;

	for (size_t i = 0; cmd_table[i]; i++) {
		if (cmd_table[i]->group != group)
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", group_names[group]);
		any = true;
		fprintf(out, "  %-*s%s\n", NAME_COLUMNS, cmd_table[i]->name, cmd_table[i]->summary);
	}
}

static void print_option(FILE *out, const struct cmd_option *option)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%c%s--%s%s%s", option->val < CMD_LONG ? "-" : " ",
		 option->val < CMD_LONG ? option->val : ' ', option->val < CMD_LONG ? ", " : "  ",
		 option->name, option->arg ? " " : "", option->arg ? option->arg : "");
	if (strlen(left) > OPTION_COLUMNS)
		fprintf(out, "  %s\n  %-*s %s\n", left, OPTION_COLUMNS, "", option->help);
	else
		fprintf(out, "  %-*s %s\n", OPTION_COLUMNS, left, option->help);
}

static void print_options(FILE *out, const struct cmd_info *info)
{
	struct cmd_options list;

	cmd_options(info, &list);
	fputs("\nOptions:\n", out);
	for (const struct cmd_option *o = list.v; o->name; o++)
		print_option(out, o);
}

void cmd_help_all(FILE *out)
{
	fputs("Usage: ltpin [--root CAPTURE] [--kconfig FILE] [-v] [COMMAND [options]]\n"
	      "\n"
	      "Shows why cma_alloc() fails, and who holds the pages. Without a command: the\n"
	      "state of this system on one screen.\n",
	      out);
	for (unsigned int group = 0; group < CMD_NR_GROUPS; group++)
		print_group(out, group);
	print_options(out, &cmd_home);
	fputs("\n"
	      "Exit status: 0 done; 1 the answer is the one to worry about; 2 usage error or\n"
	      "could not run; 3 done, but a source that exists could not be read.\n"
	      "`ltpin help COMMAND` lists the options of a command; man ltpin-COMMAND explains\n"
	      "them. man ltpin-tutorial goes from a black preview to the culprit.\n",
	      out);
}

void cmd_help_one(FILE *out, const struct cmd_info *info)
{
	if (!info->name[0]) {
		cmd_help_all(out);
		return;
	}
	fprintf(out, "Usage: ltpin %s [options]%s%s\n\n%s\n", info->name, info->args ? " " : "",
		info->args ? info->args : "", info->summary);
	print_options(out, info);
	fprintf(out, "\nmore: man ltpin%s%s\n", info->group == CMD_UNLISTED ? "" : "-",
		info->group == CMD_UNLISTED ? "" : info->name);
}

static int run_help(struct cmd *cmd)
{
	const struct cmd_info *info;

	if (cmd_no_options(cmd))
		return cmd->status;
	if (!cmd->nr_args) {
		cmd_help_all(stdout);
		return CMD_OK;
	}
	info = cmd_find(cmd->args[0]);
	if (!info)
		return cmd_usage(cmd, "there is no command '%s'", cmd->args[0]);
	cmd_help_one(stdout, info);
	return CMD_OK;
}

const struct cmd_info cmd_help = {
	.name = "help",
	.group = CMD_UNLISTED,
	.args = "[COMMAND]",
	.args_max = 1,
	.summary = "Explain a command",
	.run = run_help,
};
