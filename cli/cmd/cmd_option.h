/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CMD_OPTION_H
#define CLI_CMD_CMD_OPTION_H

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
	OPT_JSON,
	OPT_NO_PAGER,
	OPT_REDACT,
	OPT_REDACT_NAMES,
	OPT_HELP = 'h',
	OPT_VERSION = 'V',
};

#define CMD_ALL_OPTIONS_MAX (CMD_OPTIONS_MAX + 12)

/* The options of a command, its own first, ended by an empty one. */
struct cmd_options {
	struct cmd_option v[CMD_ALL_OPTIONS_MAX];
	struct format_list formats; /* which the help of --format points to */
	char columns[64];	    /* and that of --columns */
};

/* Those of @command, the common ones that make sense for it included. */
void cmd_options(const struct cmd_info *info, struct cmd_options *out);

/* The same as getopt_long() wants them; @letters begins with a colon. */
struct cmd_getopt {
	char letters[2 * CMD_ALL_OPTIONS_MAX + 2];
	struct option names[CMD_ALL_OPTIONS_MAX];
};

void cmd_options_getopt(const struct cmd_options *list, struct cmd_getopt *out);

/**
 * cmd_bad_option() - say why getopt_long() refused an option, and what was probably meant
 * @list:  the options that there are
 * @c:     what getopt_long() returned: '?', or ':' for a value that is missing
 * @argv:  what it read, up to optind
 *
 * Return: the status to exit with.
 */
int cmd_bad_option(struct cmd *cmd, const struct cmd_options *list, int c, char *const *argv);

#endif
