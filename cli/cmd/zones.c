// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin zones`: shows zones and their free pages by migrate type. */
#include <errno.h>

#include "cmd/cmd.h"
#include "render/evidence.h"
#include "render/json/json.h"

static int print_text(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct text text;
	int err;

	cmd_text(cmd, snap, &text);
	if (!snap->zones.nr) {
		fputs("No source reports the zones; see `ltpin doctor`.\n", text.out);
		return 0;
	}
	err = zone_print_table(&text, snap);
	if (!err && !text.is_brief)
		err = zone_print_free(&text, snap);
	return err;
}

static int print_json(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct lt_json *json = json_document(cmd_output(cmd), "ltpin.zones/1", snap);

	if (!json)
		return -ENOMEM;
	json_zones(json, snap);
	json_sources(json, snap);
	return lt_json_end(json);
}

static int run_zones(struct cmd *cmd)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_TABLES };

	if (cmd_no_options(cmd))
		return cmd->status;
	return cmd_show(cmd, &options, cmd->format == FORMAT_JSON ? print_json : print_text);
}

const struct cmd_info cmd_zones = {
	.name = "zones",
	.group = CMD_DIAGNOSE,
	.args = "[FILE|CAPTURE...]",
	.has_files = true,
	.can_redact = true,
	.summary = "Show zones, watermarks, per-CPU lists and free pages by type",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.columns = "zone,free",
	.has_bytes = true,
	.has_brief = true,
	.has_pager = true,
	.is_reader = true,
	.run = run_zones,
};
