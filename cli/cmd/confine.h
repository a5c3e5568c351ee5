/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CONFINE_H
#define CLI_CMD_CONFINE_H

#include "model/snapshot.h"

struct cmd;

/**
 * confine() - before what others captured is read, give up what reading does not need
 * @options: names more files to read; may be NULL
 * @more:    and one more; may be NULL
 *
 * Opens the output and starts the pager, which could not be done any more. Does nothing for the
 * running system, and the second time.
 *
 * Return: 0, or CMD_FAILED after a message.
 */
int confine(struct cmd *cmd, const struct lt_snapshot_options *options, const char *more);

#endif
