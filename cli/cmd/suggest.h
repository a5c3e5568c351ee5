/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_SUGGEST_H
#define CLI_CMD_SUGGEST_H

#include "base/compiler.h"
#include "model/snapshot.h"

struct cmd;

/*
 * What the commands that are suggested name, to read the same again: "--root dev.tar.gz", or the
 * files; NULL for the running system. Freed by the caller. Returns 0, or -ENOMEM.
 */
int suggest_place(const struct cmd *cmd, const struct lt_snapshot_options *options, char **out)
	__must_check;

#endif
