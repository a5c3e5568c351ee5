// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin explain`: predicts whether a request would succeed, and on which pages it fails. */
#include "analyse/explain.h"

#include <errno.h>
#include <string.h>

#include "cmd/area_arg.h"
#include "cmd/explain_try.h"
#include "render/explain.h"
#include "render/json/json.h"
#include "render/json/json_explain.h"
#include "render/trial.h"

enum { OPT_ALIGN = CMD_LONG, OPT_TRY, OPT_DRY_RUN };

struct question {
	const char *area_name; /* NULL: the only one */
	struct cmd_amount amount;
	struct lt_explain_request request;
	struct explain_try try;
	enum lt_prediction answer;
};

/* The area asked about, which must be somewhere; 0, or CMD_FAILED after a message. */
static int find_area(struct question *question, const struct lt_snapshot *snap)
{
	size_t area;
	int err = question->area_name ? area_arg_find(snap, question->area_name, &area)
				      : area_arg_only(snap, &area);

	if (err)
		return err;
	if (!snap->areas.v[area].ranges.nr) {
		cmd_error("no source says where the area is; `ltpin doctor` names what would");
		return CMD_FAILED;
	}
	question->request.area = area;
	return 0;
}

static int print_json(struct cmd *cmd, const struct lt_explain *explain)
{
	const struct question *question = cmd->arg;
	struct lt_json *json = json_document(cmd_output(cmd), "ltpin.explain/1", explain->snap);

	if (!json)
		return -ENOMEM;
	json_explain(json, explain);
	json_trials(json, &question->try.trials);
	json_sources(json, explain->snap);
	return lt_json_end(json);
}

static int print_text(struct cmd *cmd, const struct lt_explain *explain)
{
	const struct question *question = cmd->arg;
	struct text text;
	int err;

	cmd_text(cmd, explain->snap, &text);
	err = explain_print_text(&text, explain);
	if (err || text.columns)
		return err;
	return trials_print(&text, &question->try.trials, question->try.is_dry);
}

static int print(struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct question *question = cmd->arg;
	struct lt_explain *explain;
	int err = find_area(question, snap);

	if (err)
		return err;
	if (!cmd_amount_pages(cmd, "PAGES", &question->amount, snap->kernel.page_size, UINT32_MAX,
			      &question->request.nr_pages))
		return cmd->status;
	err = lt_explain_make(snap, &question->request, &explain);
	if (err == -EINVAL) {
		cmd_error("the size of the area makes no sense");
		return CMD_FAILED;
	}
	if (err)
		return err;
	err = explain_try_run(cmd, &question->try, &question->request, explain);
	question->answer = question->try.answer;
	if (!err)
		err = cmd->format == FORMAT_JSON ? print_json(cmd, explain)
						 : print_text(cmd, explain);
	lt_trials_free(&question->try.trials);
	lt_explain_free(explain);
	return err;
}

/* AREA PAGES, or PAGES alone, which a file may follow: what is no amount cannot be PAGES. */
static int parse_operands(struct cmd *cmd, struct question *question)
{
	struct cmd_amount amount;
	bool has_area = cmd->nr_args == 2 && (cmd_is_amount(cmd->args[1], &amount) ||
					      !cmd_is_amount(cmd->args[0], &amount));

	if (!cmd->nr_args || (cmd->nr_args == 1 && !cmd_is_amount(cmd->args[0], &amount)))
		return cmd_usage(cmd, "explain needs a number of pages, or a size as 64M");
	if (has_area)
		question->area_name = cmd->args[0];
	else if (cmd_files_from(cmd, 1))
		return cmd->status;
	if (!cmd_amount(cmd, "PAGES", cmd->args[has_area], &question->amount))
		return cmd->status;
	return question->amount.number ? 0 : cmd_usage(cmd, "PAGES goes from 1 to %u", UINT32_MAX);
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

static int parse_try(struct cmd *cmd, const char *value, unsigned int *out)
{
	struct lt_diag wrong = { 0 };

	if (!lt_remedies_parse(value, out, &wrong))
		return 0;
	return cmd_usage(cmd, "--try has no '%s' but sync, drop-caches, compact, drain and retry",
			 wrong.why);
}

static int parse_option(struct cmd *cmd, struct question *question, int option, const char *value)
{
	switch (option) {
	case OPT_ALIGN:
		return parse_align(cmd, value, &question->request.align);
	case OPT_TRY:
		return parse_try(cmd, value, &question->try.remedies);
	default:
		question->try.is_dry = true;
		return 0;
	}
}

static int run_explain(struct cmd *cmd)
{
	struct lt_snapshot_options options = { .last_stage = LT_STAGE_PROCESSES,
					       .keep_folios = true };
	struct question question = { 0 };
	const char *value;
	int option, status;

	while ((option = cmd_getopt(cmd, &value)) >= 0) {
		status = parse_option(cmd, &question, option, value);
		if (status)
			return status;
	}
	if (option == CMD_STOP)
		return cmd->status;
	status = parse_operands(cmd, &question);
	if (!status)
		status = explain_try_check(cmd, &question.try);
	if (status)
		return status;
	cmd->arg = &question;
	status = cmd_show(cmd, &options, print);
	if (status == CMD_FAILED || question.answer == LT_PREDICT_SUCCESS)
		return status;
	return question.answer == LT_PREDICT_FAILURE ? CMD_BAD : CMD_INCOMPLETE;
}

static const struct cmd_option options_of_explain[] = {
	{ OPT_ALIGN, "align", "ORDER", "aligned to 2^ORDER pages (as drivers ask)" },
	{ OPT_TRY, "try", "LIST", "try sync,drop-caches,compact,drain,retry" },
	{ OPT_DRY_RUN, "dry-run", NULL, "show what --try would do" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_explain = {
	.name = "explain",
	.group = CMD_DIAGNOSE,
	.args = "[AREA] PAGES [FILE|CAPTURE...]",
	.args_max = 2,
	.has_files = true,
	.can_redact = true,
	.summary = "Replay the search for a request: would it fail, and on whose pages",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.columns = "window,pinned",
	.has_bytes = true,
	.has_brief = true,
	.has_pager = true,
	.options = options_of_explain,
	.is_reader = true,
	.run = run_explain,
};
