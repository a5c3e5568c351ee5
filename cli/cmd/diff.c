// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `ltpin diff`: compares two reports. Each side becomes the JSON of its report, unless it is one, so
 * that what was saved and what is evaluated now are compared in the same way.
 */
#include "render/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/report.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/memstream.h"
#include "cmd/cmd.h"
#include "cmd/confine.h"
#include "cmd/redact.h"
#include "render/json/json_diff.h"
#include "render/json/json_report.h"
#include "source/given/given.h"
#include "source/saved/fact_sheet.h"

/* One of the two; without a path the running system. */
struct side {
	char *path;
	char name[400]; /* as it is printed */
	struct lt_buf json;
	struct lt_fact_sheet sheet;
};

static int write_report(const struct lt_snapshot *snap, struct lt_buf *out)
{
	struct lt_report *report;
	FILE *stream;
	int err = lt_report_make(snap, &report);

	if (err)
		return err;
	stream = open_memstream(&out->data, &out->len);
	err = stream ? json_report(stream, report) : -ENOMEM;
	if (stream && lt_memstream_close(stream, &out->data))
		err = -ENOMEM;
	lt_report_free(report);
	return err;
}

/* Evaluate a capture, or the running system, as a command of its own would. */
static int make_report(const struct cmd *cmd, struct side *side)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PROCESSES,
					       .keep_folios = true };
	struct cmd one = { .info = cmd->info,
			   .is_verbose = cmd->is_verbose,
			   .is_confined = cmd->is_confined };
	struct lt_snapshot *snap;
	int status, err;

	if (side->path) {
		one.files = &side->path;
		one.nr_files = 1;
	}
	status = cmd_snapshot(&one, &options, &snap);
	if (!status) {
		err = write_report(snap, &side->json);
		status = err ? cmd_printed(&one, err) : CMD_OK;
		lt_snapshot_free(snap);
	}
	lt_root_close(one.opened_root);
	free(one.suggested);
	return status;
}

/* Whoever gets a comparison without names need not know what the files are called. */
static void name_side(const struct cmd *cmd, struct side *side)
{
	const char *name = !side->path ? "this system" : cmd->redact ? "CAPTURE" : side->path;

	lt_escape(name, strlen(name), side->name, sizeof(side->name));
}

static int read_side(const struct cmd *cmd, struct side *side)
{
	int err = 0;

	if (side->path && lt_given_is_report(side->path))
		err = lt_file_read(side->path, &side->json);
	else
		return make_report(cmd, side);
	if (!err)
		return CMD_OK;
	cmd_error("cannot compare %s: %s", side->name, strerror(-err));
	return CMD_FAILED;
}

static int parse_side(struct side *side, struct lt_strings *strings)
{
	struct lt_diag diag = { 0 };
	int err =
		lt_fact_sheet_parse(side->json.data, side->json.len, strings, &side->sheet, &diag);

	if (!err)
		return CMD_OK;
	cmd_error("cannot compare %s: %s", side->name, diag.why[0] ? diag.why : strerror(-err));
	return CMD_FAILED;
}

/* Together: what has one name in both is the same. */
static int redact_sides(struct cmd *cmd, struct side sides[2])
{
	struct lt_buf *const bufs[] = { &sides[0].json, &sides[1].json };

	return cmd->redact ? cmd_printed(cmd, redact_documents(cmd, bufs, 2)) : CMD_OK;
}

static int print(struct cmd *cmd, const struct diff *diff)
{
	struct text text;

	if (!cmd_output(cmd))
		return CMD_FAILED;
	cmd_text_of(cmd, (struct lt_num){ 0 }, &text);
	if (cmd->format == FORMAT_JSON)
		return cmd_printed(cmd, json_diff(text.out, diff));
	if (cmd->format == FORMAT_MARKDOWN)
		diff_print_markdown(text.out, diff);
	else
		diff_print_text(&text, diff);
	return CMD_OK;
}

static int compare(struct cmd *cmd, const struct side sides[2])
{
	struct lt_differences differences = { 0 }, sources = { 0 };
	const struct diff diff = {
		.names = { sides[0].name, sides[1].name },
		.sheets = { &sides[0].sheet, &sides[1].sheet },
		.differences = &differences,
		.sources = &sources,
	};
	int err = lt_facts_compare(&sides[0].sheet.facts, &sides[1].sheet.facts, &differences);
	int status;

	if (!err)
		err = lt_facts_compare(&sides[0].sheet.sources, &sides[1].sheet.sources, &sources);
	status = err ? cmd_printed(cmd, err) : print(cmd, &diff);
	if (!status && differences.nr)
		status = CMD_BAD;
	lt_vec_free(&differences);
	lt_vec_free(&sources);
	return status;
}

/* The running system first: what others captured is read in confinement, which has no end. */
static int read_sides(struct cmd *cmd, struct side sides[2])
{
	char *captured[2];
	int status = CMD_OK;

	cmd->files = captured;
	for (int i = 0; i < 2 && !status; i++) {
		if (sides[i].path)
			captured[cmd->nr_files++] = sides[i].path;
		else
			status = read_side(cmd, &sides[i]);
	}
	if (!status && cmd->nr_files)
		status = confine(cmd, NULL, NULL);
	for (int i = 0; i < 2 && !status; i++)
		if (sides[i].path)
			status = read_side(cmd, &sides[i]);
	cmd->files = NULL;
	cmd->nr_files = 0;
	return status;
}

static int run_diff(struct cmd *cmd)
{
	struct lt_strings *strings;
	struct side sides[2] = { 0 };
	int status;

	if (cmd_no_options(cmd))
		return cmd->status;
	if (cmd->root)
		return cmd_usage(cmd, "diff: name both as operands, without --root");
	if (!cmd->nr_args)
		return cmd_usage(cmd, "diff needs two captures or reports, or one to compare this "
				      "system with");
	for (int i = 0; i < cmd->nr_args; i++)
		sides[i].path = strcmp(cmd->args[i], "/") ? cmd->args[i] : NULL;
	strings = lt_strings_new();
	for (int i = 0; i < 2; i++)
		name_side(cmd, &sides[i]);
	status = strings ? read_sides(cmd, sides) : cmd_printed(cmd, -ENOMEM);
	if (!status)
		status = redact_sides(cmd, sides);
	for (int i = 0; i < 2 && !status; i++)
		status = parse_side(&sides[i], strings);
	if (!status)
		status = compare(cmd, sides);
	for (int i = 0; i < 2; i++) {
		lt_fact_sheet_fini(&sides[i].sheet);
		free(sides[i].json.data);
	}
	lt_strings_free(strings);
	return status;
}

const struct cmd_info cmd_diff = {
	.name = "diff",
	.group = CMD_SHARE,
	.args = "A [B]",
	.args_max = 2,
	.summary = "Show what differs between two captures or reports",
	.formats = FORMAT_TEXT | FORMAT_MARKDOWN | FORMAT_JSON,
	.has_pager = true,
	.can_redact = true,
	.is_reader = true,
	.run = run_diff,
};
