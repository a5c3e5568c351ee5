/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CMD_ACT_H
#define CLI_CMD_CMD_ACT_H

#include "cmd/cmd.h"

/**
 * cmd_parse() - every option of the command's own table
 * @parse:   one option and its value; false after a message, cmd->status set
 * @request: passed to @parse
 *
 * Return: 0 when the operands are next, or CMD_STOP when the command must return cmd->status.
 */
int cmd_parse(struct cmd *cmd,
	      bool (*parse)(struct cmd *cmd, void *request, int option, const char *value),
	      void *request);

/**
 * cmd_act() - what a command does that acts on the running system
 * @act:     does it, with a snapshot of the tables; returns the status. It is asked to stop by
 *	     stop_asked, and cleans up first
 * @request: passed to @act
 *
 * Return: its status, or the command's @lost_status after a message.
 */
int cmd_act(struct cmd *cmd, int (*act)(struct cmd *cmd, void *request, struct lt_snapshot *snap),
	    void *request);

#endif
