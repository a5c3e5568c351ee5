// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin selftest`: tests whether long-term pins stay out of CMA on this kernel. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "act/backend/backend.h"
#include "act/prime/prime.h"
#include "act/selftest/selftest.h"
#include "act/selftest/selftest_case.h"
#include "cmd/cmd_act.h"
#include "cmd/progress.h"
#include "stop/stop.h"
#include "render/evidence.h"
#include "render/json/json.h"

/* What `git bisect run` understands. */
enum {
	STATUS_KEPT = 0,
	STATUS_BROKEN = 1,
	STATUS_UNKNOWN = 125, /* skip this commit */
	STATUS_USAGE = 129,   /* stop bisecting */
};

enum {
	OPT_BACKEND = CMD_LONG,
	OPT_PRIME,
	OPT_CASE,
	OPT_ROUNDS,
	OPT_PAGES,
	OPT_TIMEOUT,
	OPT_LIST,
};

#define CASES_MAX 16
#define ROUNDS_MAX 100000
#define TIMEOUT_MAX 86400

struct request {
	struct lt_selftest_options options;
	const char *cases[CASES_MAX];
	bool list;
};

/* A number within limits; false after a message. */
static bool parse_number(struct cmd *cmd, const char *option, const char *value, uint64_t max,
			 uint64_t *out)
{
	if (!cmd_number(cmd, option, value, out))
		return false;
	if (*out && *out <= max)
		return true;
	cmd_usage(cmd, "%s goes from 1 to %" PRIu64, option, max);
	return false;
}

static bool parse_option(struct cmd *cmd, void *arg, int option, const char *value)
{
	struct request *request = arg;
	struct lt_selftest_options *options = &request->options;
	struct cmd_amount amount;
	uint64_t number = 0;
	bool good = true;

	switch (option) {
	case OPT_BACKEND:
		options->backend = value;
		break;
	case OPT_PRIME:
		options->prime = value;
		break;
	case OPT_CASE:
		good = options->nr_cases < CASES_MAX;
		if (good)
			request->cases[options->nr_cases++] = value;
		else
			cmd_usage(cmd, "too many cases");
		break;
	case OPT_ROUNDS:
		good = parse_number(cmd, "--rounds", value, ROUNDS_MAX, &number);
		options->rounds = (uint32_t)number;
		break;
	case OPT_PAGES:
		good = cmd_amount(cmd, "--pages", value, &amount) &&
		       cmd_amount_pages(cmd, "--pages", &amount,
					lt_num((uint64_t)sysconf(_SC_PAGESIZE)),
					LT_SELFTEST_PAGES_MAX, &number);
		options->pages = (uint32_t)number;
		break;
	case OPT_TIMEOUT:
		good = parse_number(cmd, "--timeout", value, TIMEOUT_MAX, &number);
		options->timeout_ms = (unsigned int)number * 1000;
		break;
	case OPT_LIST:
		request->list = true;
		break;
	}
	return good;
}

#define NAME_COLUMNS 28 /* of the longest, fresh-race-hugetlb-read-fast */

static void print_case(FILE *out, const struct lt_case *what)
{
	char how[96];

	lt_case_describe(what, how, sizeof(how));
	fprintf(out, "%c %-*s %s%s\n", what->is_default ? '*' : ' ', NAME_COLUMNS, what->name,
		what->situation->what, how);
}

/* The tables as they are, whether or not anything in them works here. */
static int print_list(struct cmd *cmd, const struct request *request)
{
	const struct lt_selftest_options *options = &request->options;
	struct lt_cases cases = { 0 };
	struct lt_diag diag = { 0 };
	FILE *out = cmd_output(cmd);
	int err;

	if (!out)
		return STATUS_UNKNOWN;
	err = options->nr_cases
		      ? lt_cases_select(options->cases, options->nr_cases, NULL, &cases, &diag)
		      : lt_cases_all(&cases);
	if (err == -EINVAL)
		return cmd_usage(cmd, "%s", diag.why);
	if (cmd_printed(cmd, err))
		return STATUS_UNKNOWN;
	fputs("Cases (* run by default):\n", out);
	lt_vec_each(what, &cases)
		print_case(out, what);
	lt_vec_free(&cases);
	fputs("Backends, best first:\n", out);
	for (size_t i = 0; lt_backends[i]; i++)
		fprintf(out, "  %-*s %s\n", NAME_COLUMNS, lt_backends[i]->name,
			lt_backends[i]->what);
	fputs("Ways to prime:\n", out);
	for (size_t i = 0; lt_primers[i]; i++)
		fprintf(out, "  %-*s %s\n", NAME_COLUMNS, lt_primers[i]->name, lt_primers[i]->what);
	return STATUS_KEPT;
}

/* One line that is written over, on a terminal only. */
static void show_progress(const char *name, uint32_t done, uint32_t total, void *arg)
{
	(void)arg;
	progress_line("%s: %" PRIu32 " of %" PRIu32 " rounds", name, done, total);
}

static int print_result(struct cmd *cmd, const struct lt_snapshot *snap,
			const struct lt_selftest *selftest)
{
	struct lt_json *json;
	struct text text;

	if (!cmd_output(cmd))
		return -EIO;
	switch (cmd->format) {
	case FORMAT_JSON:
		json = json_document(cmd_output(cmd), "ltpin.selftest/1", snap);
		if (!json)
			return -ENOMEM;
		json_selftest(json, selftest);
		return lt_json_end(json);
	case FORMAT_KTAP:
		selftest_print_ktap(cmd_output(cmd), selftest);
		return 0;
	default:
		cmd_text(cmd, snap, &text);
		return selftest_print(&text, selftest);
	}
}

static int status_of(const struct lt_selftest *selftest)
{
	switch (selftest->verdict) {
	case LT_VERDICT_KEPT:
		return STATUS_KEPT;
	case LT_VERDICT_BROKEN:
		return STATUS_BROKEN;
	default:
		return STATUS_UNKNOWN;
	}
}

static int test(struct cmd *cmd, void *arg, struct lt_snapshot *snap)
{
	const struct request *request = arg;
	struct lt_diag diag = { 0 };
	struct lt_selftest selftest;
	int err = lt_selftest_run(snap, &request->options, &selftest, &diag), status;

	if (request->options.progress)
		progress_erase();
	if (err == -EINVAL)
		return cmd_usage(cmd, "%s; see --list", diag.why);
	if (err) {
		cmd_error("no verdict: %s", err == -EINTR ? "interrupted" : strerror(-err));
		return STATUS_UNKNOWN;
	}
	status = status_of(&selftest);
	if (cmd_printed(cmd, print_result(cmd, snap, &selftest)))
		status = STATUS_UNKNOWN;
	lt_selftest_fini(&selftest);
	return status;
}

/* Beforehand, for whoever would rather stop it. */
static void announce_loan(const struct lt_selftest_options *options)
{
	uint64_t nr_borrow, nr_floor, page_kib = (uint64_t)sysconf(_SC_PAGESIZE) / 1024;

	if (!options->prime || strcmp(options->prime, lt_primer_pressure.name))
		return;
	lt_prime_pressure_limits(&nr_borrow, &nr_floor);
	fprintf(stderr,
		"ltpin: unless something else can prime, each case borrows up to %" PRIu64
		" MiB of free memory, and leaves %" PRIu64 " MiB\n",
		nr_borrow * page_kib / 1024, nr_floor * page_kib / 1024);
}

static int run_selftest(struct cmd *cmd)
{
	struct request request = { .options.stop = &stop_asked };

	request.options.cases = request.cases;
	if (cmd_parse(cmd, parse_option, &request))
		return cmd->status;
	if (request.list)
		return print_list(cmd, &request);
	if (isatty(STDERR_FILENO))
		request.options.progress = show_progress;
	announce_loan(&request.options);
	return cmd_act(cmd, test, &request);
}

static const struct cmd_option options[] = {
	{ OPT_BACKEND, "backend", "NAME", "what makes the pins: module, io_uring, ... (auto)" },
	{ OPT_PRIME, "prime", "NAME", "what puts CMA pages in reach; see --list (auto)" },
	{ OPT_CASE, "case", "NAME", "this case only, these ('race*'), or all; repeatable" },
	{ OPT_ROUNDS, "rounds", "N", "pin calls per case (10; some cases take more)" },
	{ OPT_PAGES, "pages", "N", "per pin call: pages, or 1M (64)" },
	{ OPT_TIMEOUT, "timeout", "SECONDS", "time limit of each case (30)" },
	{ OPT_LIST, "list", NULL, "list the cases, backends and ways to prime" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_selftest = {
	.name = "selftest",
	.group = CMD_REPRODUCE,
	.summary = "Does a long-term pin land in CMA on this kernel?",
	.formats = FORMAT_TEXT | FORMAT_JSON | FORMAT_KTAP,
	.has_brief = true,
	.is_live = true,
	.usage_status = STATUS_USAGE,
	.lost_status = STATUS_UNKNOWN,
	.options = options,
	.run = run_selftest,
};
