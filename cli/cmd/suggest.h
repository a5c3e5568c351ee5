/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_SUGGEST_H
#define CLI_CMD_SUGGEST_H

#include "model/snapshot.h"

struct cmd;

/*
 * What the commands that are suggested name, to read the same again: "--root dev.tar.gz", or the
 * files; NULL for the running system, and without memory. Freed by the caller.
 */
char *suggest_place(const struct cmd *cmd, const struct lt_snapshot_options *options);

#endif
