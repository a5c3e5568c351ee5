/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_COMPLETION_H
#define CLI_CMD_COMPLETION_H

#include "cmd/cmd_option.h"

/* What can be offered for a value or an operand. */
enum completion_kind {
	COMPLETE_NOTHING,
	COMPLETE_WORDS, /* completion_words() prints them */
	COMPLETE_FILES,
	COMPLETE_AREAS,	  /* the areas of this system, and files */
	COMPLETE_COLUMNS, /* of the command's tables, as it prints them here */
	COMPLETE_COMMANDS,
};

/* What the value of @option may be; with NULL what the operands of @info may be. */
enum completion_kind completion_kind(const struct cmd_info *info, const struct cmd_option *option);

/* The words of COMPLETE_WORDS, with a blank between two. */
void completion_words(FILE *out, const struct cmd_info *info, const struct cmd_option *option);

/* Whether memory ran out while it printed. */
bool completion_is_lost(void);

void completion_print_bash(FILE *out);
void completion_print_zsh(FILE *out);
void completion_print_fish(FILE *out);

#endif
