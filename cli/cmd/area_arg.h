/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_AREA_ARG_H
#define CLI_CMD_AREA_ARG_H

#include "cmd/cmd.h"

/**
 * area_arg_find() - the area that the user names
 * @word: a name, or a PFN in the area
 * @out:  its index
 *
 * Return: 0; or CMD_FAILED after a message with the areas that there are.
 */
int area_arg_find(const struct lt_snapshot *snap, const char *word, size_t *out);

/**
 * area_arg_only() - the area that is meant where none is named
 * @out: its index
 *
 * Return: 0; or CMD_FAILED after a message if there is none, or more than one.
 */
int area_arg_only(const struct lt_snapshot *snap, size_t *out);

#endif
