// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints a completion script, written from the tables of commands and options, so that it cannot
 * lag behind them. cli/completion/ keeps what this printed.
 */
#include "cmd/completion.h"

#include <string.h>

#include "base/array_size.h"

static const struct {
	const char *name;
	void (*print)(FILE *out);
} shells[] = {
	{ "bash", completion_print_bash },
	{ "zsh", completion_print_zsh },
	{ "fish", completion_print_fish },
};

static int run_completion(struct cmd *cmd)
{
	if (cmd_no_options(cmd))
		return cmd->status;
	for (size_t i = 0; i < ARRAY_SIZE(shells) && cmd->nr_args; i++) {
		if (strcmp(cmd->args[0], shells[i].name))
			continue;
		shells[i].print(stdout);
		return cmd_printed(cmd, completion_is_lost() ? -ENOMEM : 0);
	}
	return cmd_usage(cmd, "completion needs the name of a shell: bash, zsh or fish");
}

const struct cmd_info cmd_completion = {
	.name = "completion",
	.group = CMD_UNLISTED,
	.args = "bash|zsh|fish",
	.args_max = 1,
	.summary = "Print a completion script",
	.is_live = true,
	.run = run_completion,
};
