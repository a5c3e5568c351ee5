// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin bench`: measures what keeping pins out of CMA costs and achieves. */
#include "act/bench/bench.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd_act.h"
#include "cmd/progress.h"
#include "stop/stop.h"
#include "render/evidence.h"
#include "render/json/json.h"

enum {
	OPT_SAMPLES = CMD_LONG,
	OPT_PART,
	OPT_EVEN_IN_USE,
};

struct parts {
	bool cost, chance, reserve;
};

struct request {
	struct lt_bench_options options;
	struct parts parts;
};

static bool parse_part(struct cmd *cmd, struct parts *parts, const char *value)
{
	bool *part = !strcmp(value, "cost")	 ? &parts->cost
		     : !strcmp(value, "chance")	 ? &parts->chance
		     : !strcmp(value, "reserve") ? &parts->reserve
						 : NULL;

	if (part)
		*part = true;
	else
		cmd_usage(cmd, "--part needs cost, chance or reserve, not '%s'", value);
	return part;
}

static bool parse_samples(struct cmd *cmd, struct lt_bench_options *options, const char *value)
{
	uint64_t number;

	if (!cmd_number(cmd, "--samples", value, &number))
		return false;
	if (!number || number > LT_BENCH_SAMPLES_MAX) {
		cmd_usage(cmd, "--samples goes from 1 to %d", LT_BENCH_SAMPLES_MAX);
		return false;
	}
	options->nr_samples = (uint32_t)number;
	return true;
}

static bool parse_option(struct cmd *cmd, void *arg, int option, const char *value)
{
	struct request *request = arg;

	switch (option) {
	case OPT_SAMPLES:
		return parse_samples(cmd, &request->options, value);
	case OPT_PART:
		return parse_part(cmd, &request->parts, value);
	default:
		request->options.in_use = true;
		return true;
	}
}

static void show_notice(const char *what)
{
	cmd_error("%s", what);
}

/* One line that is written over, on a terminal only. */
static void show_progress(const char *what)
{
	progress_line("%s", what);
}

static int print(struct cmd *cmd, const struct lt_snapshot *snap, const struct lt_bench *bench)
{
	struct lt_json *json;
	struct text text;

	if (!cmd_output(cmd))
		return CMD_FAILED;
	if (cmd->format == FORMAT_JSON) {
		json = json_document(cmd_output(cmd), "ltpin.bench/1", snap);
		if (!json)
			return -ENOMEM;
		json_bench(json, bench);
		return lt_json_end(json);
	}
	cmd_text(cmd, snap, &text);
	return bench_print(&text, bench);
}

static int measure(struct cmd *cmd, void *arg, struct lt_snapshot *snap)
{
	const struct request *request = arg;
	const struct lt_bench_options *options = &request->options;
	struct lt_diag diag = { 0 };
	struct lt_bench bench;
	int err = lt_bench_run(snap, options, &bench, &diag), status;

	if (options->progress)
		progress_erase();
	if (err) {
		if (err == -EINTR)
			cmd_error("interrupted");
		else
			cmd_error("%s", diag.why[0] ? diag.why : strerror(-err));
		return CMD_FAILED;
	}
	status = cmd_printed(cmd, print(cmd, snap, &bench));
	lt_bench_fini(&bench);
	return status;
}

static int run_bench(struct cmd *cmd)
{
	struct request request = { .options = { .stop = &stop_asked, .notice = show_notice } };
	struct parts *parts = &request.parts;

	if (cmd_parse(cmd, parse_option, &request))
		return cmd->status;
	if (parts->cost || parts->chance || parts->reserve) {
		request.options.no_cost = !parts->cost;
		request.options.no_chance = !parts->chance;
		request.options.no_reserve = !parts->reserve;
	}
	if (isatty(STDERR_FILENO))
		request.options.progress = show_progress;
	return cmd_act(cmd, measure, &request);
}

static const struct cmd_option options_of_bench[] = {
	{ OPT_SAMPLES, "samples", "N", "measurements behind each figure (1000)" },
	{ OPT_PART, "part", "NAME", "cost, chance or reserve only; may be repeated" },
	{ OPT_EVEN_IN_USE, "even-in-use", NULL, "measure chance while others allocate from CMA" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_bench = {
	.name = "bench",
	.group = CMD_REPRODUCE,
	.summary = "Measure what keeping pins out of CMA costs and achieves",
	.formats = FORMAT_TEXT | FORMAT_JSON,
	.has_bytes = true,
	.is_live = true,
	.options = options_of_bench,
	.run = run_bench,
};
