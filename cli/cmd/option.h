/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_OPTION_H
#define CLI_CMD_OPTION_H

#include <getopt.h>

#include "cmd/cmd.h"
#include "cmd/format.h"

/* What options that every command, or several, have in common are called in getopt. */
enum {
	OPT_ROOT = CMD_LONG + 1000,
	OPT_KCONFIG,
	OPT_COLUMNS,
	OPT_BYTES,
	OPT_BRIEF,
	OPT_HELP,
	OPT_VERSION,
};

#define OPTION_LIST_MAX (CMD_OPTIONS_MAX + 12)

/* The options of a command, its own first, ended by an empty one. */
struct option_list {
	struct cmd_option v[OPTION_LIST_MAX];
	struct format_list formats; /* which the help of --format points to */
};

/* Those of @command, the common ones that make sense for it included. */
void option_list(const struct command *command, struct option_list *out);

/* The same as getopt_long() wants them; @letters begins with a colon. */
struct option_getopt {
	char letters[2 * OPTION_LIST_MAX + 2];
	struct option names[OPTION_LIST_MAX];
};

void option_getopt(const struct option_list *list, struct option_getopt *out);

#endif
