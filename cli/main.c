// SPDX-License-Identifier: GPL-2.0-or-later
/* The program: options before the command, and the command that they are for. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "cmd/cmd_option.h"
#include "cmd/nearest.h"

/* In the order of --help. Adding a command is a file, a declaration and a line. */
/* clang-format off */
const struct cmd_info *const cmd_table[] = {
	&cmd_report,
	&cmd_areas,
	&cmd_zones,
	&cmd_pages,
	&cmd_owners,
	&cmd_explain,
	&cmd_watch,
	&cmd_top,
	&cmd_doctor,
	&cmd_selftest,
	&cmd_pin,
	&cmd_alloc,
	&cmd_bench,
	&cmd_module,
	&cmd_capture,
	&cmd_diff,
	&cmd_completion,
	&cmd_help,
	NULL,
};
/* clang-format on */

static int unknown_command(struct cmd *cmd, const char *name)
{
	struct nearest nearest = { .word = name };
	char safe[256];

	lt_escape(name, strlen(name), safe, sizeof(safe));
	for (size_t i = 0; cmd_table[i]; i++)
		nearest_offer(&nearest, cmd_table[i]->name);
	if (nearest.best)
		return cmd_usage(cmd, "there is no command '%s'; did you mean '%s'?", safe,
				 nearest.best);
	return cmd_usage(cmd, "there is no command '%s'", safe);
}

/*
 * Options before the command. Returns the index of the command's name in @argv
 * (@argc if there is none), or a negative number when cmd->status is the end.
 */
static int global_options(struct cmd *cmd, int argc, char **argv)
{
	struct cmd_getopt known;
	struct cmd_options list;
	char letters[sizeof(known.letters) + 1];
	int c;

	cmd_options(&cmd_home, &list);
	cmd_options_getopt(&list, &known);
	snprintf(letters, sizeof(letters), "+%s", known.letters); /* the command ends them */
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, known.names, NULL)) >= 0) {
		switch (c) {
		case OPT_ROOT:
			cmd->root = optarg;
			break;
		case OPT_KCONFIG:
			cmd->kconfig = optarg;
			break;
		case OPT_NO_PAGER:
			cmd->is_unpaged = true;
			break;
		case 'v':
			cmd->is_verbose = true;
			break;
		case OPT_HELP:
			cmd_help_all(stdout);
			return -1;
		case OPT_VERSION:
			cmd_version(stdout);
			return -1;
		default:
			cmd_bad_option(cmd, &list, c, argv);
			return -1;
		}
	}
	return optind;
}

static int run(struct cmd *cmd, int argc, char **argv)
{
	static char name[] = "";
	static char *home_argv[] = { name, NULL };
	int at = global_options(cmd, argc, argv);

	if (at < 0)
		return cmd->status;
	if (at == argc) {
		cmd->argc = 1;
		cmd->argv = home_argv;
	} else {
		cmd->info = cmd_find(argv[at]);
		if (!cmd->info) {
			cmd->info = &cmd_home;
			return unknown_command(cmd, argv[at]);
		}
		cmd->argc = argc - at;
		cmd->argv = argv + at;
	}
	optind = 0; /* GNU: start over */
	return cmd->info->run(cmd);
}

/* Area names may be UTF-8; tables count columns by the locale. */
static void set_locale(void)
{
	if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8"))
		setlocale(LC_CTYPE, "C.UTF-8");
}

/* Whoever read our output has gone: end by the signal, as any program would, but cleaned up. */
static void end_by_sigpipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

/* A library that cannot go on calls exit(): that is no answer, whatever its status is. */
static bool is_over;
static const struct cmd *running;

static void end_for_library(void)
{
	const struct cmd_info *info = running->info;

	if (is_over)
		return;
	if (running->output_temp)
		unlink(running->output_temp);
	cmd_error("a library ended the program");
	_exit(info->lost_status ? info->lost_status : CMD_FAILED);
}

int main(int argc, char **argv)
{
	struct cmd cmd = { .info = &cmd_home, .format = FORMAT_TEXT };
	int status;

	/* A closed pipe is a failed write first, so that nothing is left behind. */
	cmd.ignores_sigpipe = signal(SIGPIPE, SIG_IGN) == SIG_IGN;
	set_locale();
	running = &cmd;
	if (atexit(end_for_library)) {
		cmd_error("out of memory");
		return CMD_FAILED;
	}
	status = run(&cmd, argc, argv);
	cmd.out = cmd.out ? cmd.out : stdout;
	status = cmd_finish(&cmd, status);
	is_over = true;
	if (cmd.is_pipe_closed)
		end_by_sigpipe();
	return status;
}
