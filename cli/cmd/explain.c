// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/explain.h"

#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"
#include "render/explain.h"
#include "render/json/json.h"
#include "render/json/json_explain.h"

enum { OPT_ALIGN = CMD_LONG };

struct question {
	const char *area_name;
	struct lt_explain_request request;
	enum lt_prediction answer;
};

/* The area asked about, which must be somewhere; 0, or CMD_FAILED after a message. */
static int find_area(struct question *question, const struct lt_snapshot *snap)
{
	size_t area = lt_areas_find(&snap->areas, question->area_name);

	if (area == LT_NO_AREA) {
		cmd_error("there is no such area; `ltpin areas` lists them");
		return CMD_FAILED;
	}
	if (!snap->areas.v[area].ranges.nr) {
		cmd_error("no source tells where the area is; `ltpin doctor` tells what would");
		return CMD_FAILED;
	}
	question->request.area = area;
	return 0;
}

static int print_json(struct cmd *cmd, const struct lt_explain *explain)
{
	struct lt_json *json = json_document(cmd_output(cmd), "ltpin.explain/1", explain->snap);

	if (!json)
		return -ENOMEM;
	json_explain(json, explain);
	json_sources(json, explain->snap);
	return lt_json_end(json);
}

static int print(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct question *question = cmd->arg;
	struct lt_explain *explain;
	struct text text;
	int err = find_area(question, snap);

	if (err)
		return err;
	err = lt_explain_make(snap, &question->request, &explain);
	if (err == -EINVAL) {
		cmd_error("the size of the area makes no sense");
		return CMD_FAILED;
	}
	if (err)
		return err;
	question->answer = explain->prediction;
	if (cmd->format == FORMAT_JSON) {
		err = print_json(cmd, explain);
	} else {
		cmd_text(cmd, snap, &text);
		err = explain_print_text(&text, explain);
	}
	lt_explain_free(explain);
	return err;
}

static int parse_operands(struct cmd *cmd, struct question *question)
{
	if (cmd->nr_args < 2)
		return cmd_usage(cmd, "explain wants an area and a number of pages");
	question->area_name = cmd->args[0];
	if (!cmd_number(cmd, "PAGES", cmd->args[1], &question->request.nr_pages))
		return cmd->status;
	if (!question->request.nr_pages || question->request.nr_pages > UINT32_MAX)
		return cmd_usage(cmd, "PAGES goes from 1 to %u", UINT32_MAX);
	return 0;
}

static int parse_align(struct cmd *cmd, const char *value, struct lt_num *out)
{
	uint64_t order;

	if (!cmd_number(cmd, "--align", value, &order))
		return cmd->status;
	if (order > LT_ALIGN_MAX)
		return cmd_usage(cmd, "--align goes from 0 to %d", LT_ALIGN_MAX);
	*out = lt_num(order);
	return 0;
}

static int run_explain(struct cmd *cmd)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PROCESSES,
					       .keep_folios = true };
	struct question question = { 0 };
	const char *value;
	int option, status;

	while ((option = cmd_getopt(cmd, &value)) >= 0) {
		status = parse_align(cmd, value, &question.request.align);
		if (status)
			return status;
	}
	if (option == CMD_STOP)
		return cmd->status;
	status = parse_operands(cmd, &question);
	if (status)
		return status;
	/* Whose the pages are is told after the answer. */
	if (cmd->is_brief)
		options.last_stage = LT_STAGE_PAGES;
	cmd->arg = &question;
	status = cmd_show(cmd, &options, print);
	if (status == CMD_FAILED || question.answer == LT_PREDICT_SUCCESS)
		return status;
	return question.answer == LT_PREDICT_FAILURE ? CMD_BAD : CMD_INCOMPLETE;
}

static const struct cmd_option options_of_explain[] = {
	{ OPT_ALIGN, "align", "ORDER", "aligned to 2^ORDER pages (as drivers ask)" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_explain = {
	.name = "explain",
	.group = CMD_DIAGNOSE,
	.args = "AREA PAGES [FILE|CAPTURE...]",
	.args_max = 2,
	.has_files = true,
	.summary = "Replay the search for a request: would it fail, and on whose pages",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.has_columns = true,
	.has_bytes = true,
	.has_brief = true,
	.options = options_of_explain,
	.run = run_explain,
};
