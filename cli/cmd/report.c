// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin report`: reads every source, and prints the diagnosis. */
#include "render/report.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

#include "cmd/cmd.h"
#include "cmd/confine.h"
#include "cmd/saved_report.h"
#include "cmd/workers.h"
#include "render/html/html_report.h"
#include "render/json/json_report.h"
#include "render/json/json_row.h"
#include "source/given/given.h"

/* A year. */
#define SINCE_MS_MAX (366ull * 24 * 3600 * 1000)

enum {
	OPT_DMESG = CMD_LONG,
	OPT_BOOT,
	OPT_SINCE,
	OPT_TRACE,
	OPT_ATTEMPTS,
	OPT_SELFTEST,
	OPT_FAIL_ON,
	OPT_LIST,
};

struct report_options {
	struct lt_snapshot_options read;
	bool has_fail_on, list;
	uint64_t nr_at_once;
	enum lt_severity fail_on;
};

static bool parse_severity(struct cmd *cmd, struct report_options *options, const char *value)
{
	options->has_fail_on = true;
	if (!lt_severity_parse(value, &options->fail_on))
		return true;
	cmd_usage(cmd, "--fail-on needs info, warning or critical, not '%s'", value);
	return false;
}

/* As journalctl counts: 0 the last, -1 the one before, 1 the first. */
static bool parse_boot(struct cmd *cmd, const char *value, int *out)
{
	struct lt_text text;
	int64_t boot;

	lt_text_init(&text, value, strlen(value));
	if (lt_text_s64(&text, &boot) && lt_text_at_end(&text) && boot >= -LT_BOOTS_MAX &&
	    boot <= INT_MAX) {
		*out = (int)boot;
		return true;
	}
	cmd_usage(cmd,
		  "--boot needs a number, 0 for the last boot, -1 for the one before, not '%s'",
		  value);
	return false;
}

static bool parse_since(struct cmd *cmd, const char *value, struct lt_num *out)
{
	uint64_t ms;

	if (!cmd_seconds(cmd, "--since", value, 0, SINCE_MS_MAX, &ms))
		return false;
	*out = lt_num(ms * 1000000);
	return true;
}

static bool parse_jobs(struct cmd *cmd, const char *value, uint64_t *out)
{
	if (!cmd_number(cmd, "--jobs", value, out))
		return false;
	if (*out >= 1 && *out <= WORKERS_MAX)
		return true;
	cmd_usage(cmd, "--jobs goes from 1 to %d", WORKERS_MAX);
	return false;
}

static bool parse_option(struct cmd *cmd, struct report_options *options, int c, const char *value)
{
	switch (c) {
	case OPT_DMESG:
		return cmd_evidence(cmd, value, "/dmesg.txt", &options->read.dmesg);
	case OPT_BOOT:
		return parse_boot(cmd, value, &options->read.boot);
	case OPT_SINCE:
		return parse_since(cmd, value, &options->read.since_ns);
	case OPT_TRACE:
		return cmd_evidence(cmd, value, NULL, &options->read.trace);
	case OPT_ATTEMPTS:
		return cmd_file(cmd, value, &options->read.attempts);
	case OPT_SELFTEST:
		return cmd_file(cmd, value, &options->read.selftest);
	case OPT_FAIL_ON:
		return parse_severity(cmd, options, value);
	case 'j':
		return parse_jobs(cmd, value, &options->nr_at_once);
	case OPT_LIST:
		return options->list = true;
	default:
		return false;
	}
}

/* Every finding there is, whether or not anything here has it. */
static int print_list(struct cmd *cmd)
{
	FILE *out = cmd_output(cmd);

	if (!out)
		return CMD_FAILED;
	for (const struct lt_rule *rule = lt_rules; rule->id; rule++) {
		char severity[32];

		snprintf(severity, sizeof(severity), "%s%s%s", lt_severity_name(rule->least),
			 rule->most > rule->least ? " to " : "",
			 rule->most > rule->least ? lt_severity_name(rule->most) : "");
		fprintf(out, "%-23s %-19s %s\n", rule->id, severity, rule->title);
	}
	return CMD_OK;
}

static int print(struct cmd *cmd, const struct lt_report *report)
{
	struct text text;

	cmd_text(cmd, report->snap, &text);
	switch (cmd->format) {
	case FORMAT_JSON:
		return json_report(text.out, report);
	case FORMAT_MARKDOWN:
		return report_print_markdown(&text, report);
	case FORMAT_NDJSON:
		return json_rows(text.out, report);
	case FORMAT_HTML:
		return html_report(&text, report);
	default:
		return report_print_text(&text, report);
	}
}

static int status_of(const struct report_options *options, const struct lt_report *report)
{
	int status = cmd_snapshot_status(report->snap);

	if (!options->has_fail_on)
		return status;
	lt_vec_each(finding, &report->findings)
		if (finding->severity >= options->fail_on)
			return CMD_BAD;
	if (status == CMD_INCOMPLETE)
		cmd_error("nothing that was read is as bad as --fail-on says");
	return status;
}

static int make_and_print(struct cmd *cmd, const struct report_options *options,
			  const struct lt_snapshot *snap)
{
	struct lt_report *report;
	int err, status;

	if (!cmd_output(cmd))
		return CMD_FAILED;
	err = lt_report_make(snap, &report);
	if (err)
		return cmd_printed(cmd, err);
	status = cmd_printed(cmd, print(cmd, report));
	if (!status)
		status = status_of(options, report);
	lt_report_free(report);
	return status;
}

/* It was judged when it was made. */
static int show_saved(struct cmd *cmd, const struct report_options *options)
{
	const struct lt_snapshot_options *read = &options->read;

	if (cmd->format == FORMAT_NDJSON)
		return cmd_usage(cmd,
				 "%s is a report that was saved, without its attempts: rows are "
				 "made of the capture",
				 cmd->files[0]);
	if (read->dmesg || read->trace || read->attempts || read->selftest || read->boot ||
	    read->since_ns.known || cmd->kconfig)
		return cmd_usage(
			cmd,
			"%s is a report that was saved: it is shown as it was judged. Give "
			"the capture that it was made from to add to it",
			cmd->files[0]);
	return saved_report_show(cmd, options->has_fail_on ? &options->fail_on : NULL);
}

static int report_one(struct cmd *cmd, struct report_options *options)
{
	struct lt_snapshot *snap;
	int status = cmd_snapshot(cmd, &options->read, &snap);

	if (status)
		return status;
	status = make_and_print(cmd, options, snap);
	lt_snapshot_free(snap);
	return status;
}

/* Whether @path is a capture, or could be no file of another one: it is not there, or empty. */
static bool is_of_its_own(const char *path)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return false;
	return stat(path, &st) || (S_ISREG(st.st_mode) && !st.st_size) || lt_given_is_packed(path);
}

/* Whether there is more than one capture: rows say of which one they are. */
static bool is_of_many(const struct cmd *cmd)
{
	int nr = 0;

	for (int i = 0; i < cmd->nr_files && cmd->format == FORMAT_NDJSON && nr < 2; i++)
		nr += is_of_its_own(cmd->files[i]);
	return nr > 1;
}

static int report_each(struct cmd *cmd, void *arg)
{
	return report_one(cmd, arg);
}

static int run_report(struct cmd *cmd)
{
	struct report_options options = { .read.last_stage = LT_STAGE_PROCESSES,
					  .read.keep_folios = true,
					  .nr_at_once = workers_default() };
	const char *value;
	int c;

	while ((c = cmd_getopt(cmd, &value)) != CMD_END)
		if (!parse_option(cmd, &options, c, value))
			return cmd->status;
	if (options.list)
		return print_list(cmd);
	/* A log or a trace proves nothing of the system that it is read on. */
	cmd->is_apart = options.read.dmesg || options.read.trace;
	if (is_of_many(cmd))
		return workers_run(cmd, options.nr_at_once, report_each, &options);
	if (confine(cmd, &options.read, NULL))
		return CMD_FAILED;
	if (saved_report_is_given(cmd))
		return show_saved(cmd, &options);
	return report_one(cmd, &options);
}

static const struct cmd_option options_of_report[] = {
	{ OPT_DMESG, "dmesg", "FILE", "a saved kernel log" },
	{ OPT_BOOT, "boot", "N", "which boot of the log: 0 the last, -1 the one before" },
	{ OPT_SINCE, "since", "SECONDS", "leave out failures before that time since boot" },
	{ OPT_TRACE, "trace", "FILE", "a saved text trace: kernel, trace-cmd or perf" },
	{ OPT_ATTEMPTS, "attempts", "FILE", "saved by `ltpin alloc --append`" },
	{ OPT_SELFTEST, "selftest", "FILE", "saved by selftest or bench with -f json" },
	{ OPT_FAIL_ON, "fail-on", "SEVERITY", "exit 1 at this or worse: info, warning, critical" },
	{ 'j', "jobs", "N", "so many captures at once, with -f ndjson" },
	{ OPT_LIST, "list", NULL, "list all findings, and how severe each is" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_report = {
	.name = "report",
	.group = CMD_DIAGNOSE,
	.args = "[FILE|CAPTURE...]",
	.has_files = true,
	.can_redact = true,
	.summary = "Diagnose why cma_alloc() fails, and whose pages block it",
	.formats = FORMAT_TEXT | FORMAT_MARKDOWN | FORMAT_HTML | FORMAT_JSON | FORMAT_NDJSON,
	.has_bytes = true,
	.has_brief = true,
	.has_pager = true,
	.options = options_of_report,
	.is_reader = true,
	.run = run_report,
};
