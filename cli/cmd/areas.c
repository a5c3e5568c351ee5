// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin areas`: shows the CMA areas, with a map of each. */
#include <ctype.h>
#include <errno.h>

#include "cmd/cmd.h"
#include "render/evidence.h"
#include "render/json/json.h"

/* Where sources that tell of areas contradict one another, or leave something out. */
static void print_doubts(struct text *text, const struct lt_snapshot *snap)
{
	lt_vec_each(source, &snap->sources)
		if (source->locates_areas && source->status == LT_STATUS_PARTIAL && source->detail)
			text_wrapf(text, "  ", 4, "%s: %s", source->name, source->detail);
}

static int print_text(struct cmd *cmd, const struct lt_snapshot *snap)
{
	unsigned int seen = 0;
	struct text text;
	int err;

	cmd_text(cmd, snap, &text);
	if (!snap->areas.nr) {
		const char *none = area_none(snap);

		fprintf(text.out, "%c%s.\n", toupper((unsigned char)none[0]), none + 1);
		return 0;
	}
	err = area_print_table(&text, snap);
	if (text.is_brief)
		return err;
	for (size_t i = 0; i < snap->areas.nr; i++) {
		putc('\n', text.out);
		seen |= area_print_map(&text, snap, i);
	}
	if (seen)
		putc('\n', text.out);
	area_print_map_legend(&text, seen);
	print_doubts(&text, snap);
	return err;
}

static int print_json(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct lt_json *json = json_document(cmd_output(cmd), "ltpin.areas/1", snap);

	if (!json)
		return -ENOMEM;
	json_areas(json, snap);
	json_sources(json, snap);
	return lt_json_end(json);
}

static int run_areas(struct cmd *cmd)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PAGES };

	if (cmd_no_options(cmd))
		return cmd->status;
	return cmd_show(cmd, &options, cmd->format == FORMAT_JSON ? print_json : print_text);
}

const struct cmd_info cmd_areas = {
	.name = "areas",
	.group = CMD_DIAGNOSE,
	.args = "[FILE|CAPTURE...]",
	.has_files = true,
	.can_redact = true,
	.summary = "Show the CMA areas: size, use, and a map of what cannot move",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.columns = "area,pages",
	.has_bytes = true,
	.has_brief = true,
	.has_pager = true,
	.is_reader = true,
	.run = run_areas,
};
