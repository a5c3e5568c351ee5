// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin doctor`: lists the sources, and how to get those that are missing. */
#include <errno.h>

#include "cmd/cmd.h"
#include "render/evidence.h"
#include "render/gain.h"
#include "render/json/json.h"

static int print_text(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct text text;

	cmd_text(cmd, snap, &text);
	if (text.is_brief) {
		source_print_brief(&text, snap);
	} else {
		gain_print(&text, snap);
		source_print_all(&text, snap);
	}
	return 0;
}

static int print_json(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct lt_json *json = json_document(cmd_output(cmd), "ltpin.doctor/1", snap);

	if (!json)
		return -ENOMEM;
	json_kernel(json, "kernel", &snap->kernel);
	json_sources(json, snap);
	return lt_json_end(json);
}

static int run_doctor(struct cmd *cmd)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PROCESSES };

	if (cmd_no_options(cmd))
		return cmd->status;
	return cmd_show(cmd, &options, cmd->format == FORMAT_JSON ? print_json : print_text);
}

const struct cmd_info cmd_doctor = {
	.name = "doctor",
	.group = CMD_DIAGNOSE,
	.args = "[FILE|CAPTURE...]",
	.has_files = true,
	.can_redact = true,
	.summary = "Show which sources are missing here, and how to get them",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.has_brief = true,
	.has_pager = true,
	.is_reader = true,
	.run = run_doctor,
};
