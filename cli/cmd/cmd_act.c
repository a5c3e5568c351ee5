// SPDX-License-Identifier: GPL-2.0-or-later
/* What commands have in common that act on the running system: alloc, bench, pin, selftest. */
#include "cmd/cmd_act.h"

#include "stop/stop.h"

int cmd_parse(struct cmd *cmd,
	      bool (*parse)(struct cmd *cmd, void *request, int option, const char *value),
	      void *request)
{
	const char *value;
	int option;

	while ((option = cmd_getopt(cmd, &value)) >= 0)
		if (!parse(cmd, request, option, value))
			return CMD_STOP;
	return option == CMD_STOP ? CMD_STOP : 0;
}

int cmd_act(struct cmd *cmd, int (*act)(struct cmd *cmd, void *request, struct lt_snapshot *snap),
	    void *request)
{
	struct lt_snapshot_options what = { .last_stage = LT_STAGE_TABLES };
	struct lt_snapshot *snap;
	int status;

	stop_catch();
	if (cmd_snapshot(cmd, &what, &snap))
		return cmd->info->lost_status ? cmd->info->lost_status : CMD_FAILED;
	status = act(cmd, request, snap);
	lt_snapshot_free(snap);
	return status;
}
