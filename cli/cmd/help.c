// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/format.h"

static const char *const group_names[CMD_NR_GROUPS] = {
	[CMD_DIAGNOSE] = "Diagnose",
	[CMD_REPRODUCE] = "Reproduce",
	[CMD_SHARE] = "Share",
};

#define NAME_COLUMNS 12
#define OPTION_COLUMNS 24

const struct command *cmd_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static void print_group(FILE *out, enum cmd_group group)
{
	bool any = false;

	for (size_t i = 0; commands[i]; i++) {
		if (commands[i]->group != group)
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", group_names[group]);
		any = true;
		fprintf(out, "  %-*s%s\n", NAME_COLUMNS, commands[i]->name, commands[i]->summary);
	}
}

static void print_option(FILE *out, const struct cmd_option *option)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%c%s--%s%s%s", option->val < CMD_LONG ? "-" : " ",
		 option->val < CMD_LONG ? option->val : ' ', option->val < CMD_LONG ? ", " : "  ",
		 option->name, option->arg ? " " : "", option->arg ? option->arg : "");
	fprintf(out, "  %-*s %s\n", OPTION_COLUMNS, left, option->help);
}

static const struct cmd_option global_options[] = {
	{ CMD_LONG, "root", "CAPTURE", "read a bundle or directory, not this system" },
	{ CMD_LONG, "kconfig", "FILE", "the kernel's configuration, if it is elsewhere" },
	{ 'v', "verbose", NULL, "tell on standard error what became of every source" },
	{ CMD_LONG, "help", NULL, "this help, or that of a command" },
	{ CMD_LONG, "version", NULL, "print the version" },
};

void cmd_help_all(FILE *out)
{
	fputs("Usage: ltpin [--root CAPTURE] [--kconfig FILE] [-v] [COMMAND [options]]\n"
	      "\n"
	      "Tells why cma_alloc() fails and who pins the pages. Without a command: the state\n"
	      "of this system on one screen.\n",
	      out);
	for (unsigned int group = 0; group < CMD_NR_GROUPS; group++)
		print_group(out, group);
	fputs("\nOptions:\n", out);
	for (size_t i = 0; i < sizeof(global_options) / sizeof(global_options[0]); i++)
		print_option(out, &global_options[i]);
	fputs("\n"
	      "Exit status: 0 done; 1 the answer is bad; 2 usage error or could not run;\n"
	      "3 done, but a source that exists could not be read.\n"
	      "`ltpin help COMMAND` tells more of a command, man ltpin-COMMAND all.\n",
	      out);
}

void cmd_help_one(FILE *out, const struct command *command)
{
	if (!command->name[0]) {
		cmd_help_all(out);
		return;
	}
	fprintf(out, "Usage: ltpin %s [options]%s%s\n\n%s\n\nOptions:\n", command->name,
		command->args ? " " : "", command->args ? command->args : "", command->summary);
	for (const struct cmd_option *o = command->options; o && o->name; o++)
		print_option(out, o);
	if (command->formats) {
		char help[80];

		snprintf(help, sizeof(help), "%s", format_list(command->formats).s);
		print_option(out, &(struct cmd_option){ 'f', "format", "FORMAT", help });
		print_option(out, &(struct cmd_option){ 'o', "output", "FILE",
							"write there, whole or not at all" });
	}
	if (command->has_bytes)
		print_option(out, &(struct cmd_option){ CMD_LONG, "bytes", NULL,
							"sizes in bytes instead of pages" });
	for (size_t i = 0; i < sizeof(global_options) / sizeof(global_options[0]); i++) {
		bool is_root = i < 2;

		if (strcmp(global_options[i].name, "version") && !(is_root && command->is_live))
			print_option(out, &global_options[i]);
	}
	fprintf(out, "\nman ltpin-%s tells more.\n", command->name);
}

static int run_help(struct cmd *cmd)
{
	const struct command *command;

	if (cmd_no_options(cmd))
		return cmd->status;
	if (!cmd->nr_args) {
		cmd_help_all(stdout);
		return CMD_OK;
	}
	command = cmd_find(cmd->args[0]);
	if (!command)
		return cmd_usage(cmd, "there is no command '%s'", cmd->args[0]);
	cmd_help_one(stdout, command);
	return CMD_OK;
}

const struct command cmd_help = {
	.name = "help",
	.group = CMD_UNLISTED,
	.args = "[COMMAND]",
	.args_max = 1,
	.summary = "Explain a command",
	.run = run_help,
};
