// SPDX-License-Identifier: GPL-2.0-or-later
/* `ltpin watch`: follows allocations, and reports each failure with its blocking pages. */
#include "act/watch/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/now.h"
#include "base/redact.h"
#include "cmd/area_arg.h"
#include "cmd/cmd_act.h"
#include "cmd/redact.h"
#include "cmd/redact_stream.h"
#include "cmd/watch_capture.h"
#include "cmd/watch_exec.h"
#include "cmd/watch_pins.h"
#include "render/json/json_watch.h"
#include "render/watch.h"
#include "stop/stop.h"

enum {
	OPT_DURATION = CMD_LONG,
	OPT_AREA,
	OPT_COUNT,
	OPT_TRACE,
	OPT_EXEC,
	OPT_CAPTURE,
	OPT_PINS,
};

#define DURATION_MAX_MS ((uint64_t)31536000 * 1000)
#define COUNT_MAX 1000000
#define PROGRESS_EVERY_MS 1000
#define EXEC_EVERY_MS 20

#define ERASE_LINE "\r\033[K"

struct job {
	/* what to do */
	const char *area_name, *trace;
	uint64_t duration_ms, count; /* 0: until told to stop */
	struct watch_exec exec;
	struct watch_capture capture;
	struct watch_pins pins;
	/* what it is done with */
	struct cmd *cmd;
	enum cmd_redact redact;
	struct redact_stream redacted; /* unless nothing is: what is printed goes through it */
	struct lt_snapshot *snap;
	struct lt_causes causes; /* of a saved trace, where later attempts are known */
	struct text text;
	size_t area;
	uint64_t nr_attempts, nr_failed, start_ns;
	bool has_progress; /* a line stands on the terminal */
	uint64_t shown_ms;
	int status; /* of what has told its reason */
};

static void erase_progress(struct job *job)
{
	if (job->has_progress)
		fputs(ERASE_LINE, stderr);
	job->has_progress = false;
}

static void show_progress(struct job *job)
{
	uint64_t now_ms = lt_now_ms();

	if (!isatty(STDERR_FILENO) || now_ms - job->shown_ms < PROGRESS_EVERY_MS)
		return;
	fprintf(stderr,
		ERASE_LINE "watching: %" PRIu64 " attempts, %" PRIu64 " failed, %" PRIu64 " s",
		job->nr_attempts, job->nr_failed, now_ms / 1000 - job->start_ns / 1000000000);
	job->has_progress = true;
	job->shown_ms = now_ms;
}

/* 0, or negative errno of a write that failed. */
static int print_attempt(struct job *job, const struct lt_attempt *attempt,
			 const struct lt_cause *cause)
{
	FILE *out = job->text.out;

	erase_progress(job);
	if (job->redact)
		redact_learn_attempt(job->redacted.redact, job->redact, attempt);
	if (job->cmd->format == FORMAT_NDJSON)
		return json_watch_attempt(out, job->snap, attempt, cause);
	if (!attempt->failed && !job->cmd->is_verbose)
		return 0;
	watch_print_attempt(&job->text, job->snap, attempt, cause, job->cmd->is_verbose);
	errno = 0;
	return fflush(out) || ferror(out) ? -(errno ? errno : EIO) : 0;
}

static int handle(struct job *job, const struct lt_attempt *attempt, const struct lt_cause *cause)
{
	int err = print_attempt(job, attempt, cause);

	job->nr_attempts += !attempt->is_open;
	job->nr_failed += attempt->failed;
	if (err || !attempt->failed)
		return err;
	if (watch_capture_begin(&job->capture, job->cmd, job->snap, attempt))
		job->status = CMD_FAILED;
	return watch_exec_add(&job->exec, job->snap, attempt, cause);
}

static int on_attempt(const struct lt_attempt *attempt, void *arg)
{
	struct job *job = arg;
	struct lt_cause cause;
	int err = lt_cause_make(job->snap, attempt, &cause);

	if (err)
		return err;
	err = handle(job, attempt, &cause);
	lt_cause_fini(&cause);
	return err;
}

static int on_event(const struct lt_trace_event *event, void *arg)
{
	struct job *job = arg;

	erase_progress(job);
	return watch_pins_event(event, &job->pins);
}

static bool is_over(const struct job *job)
{
	return stop_asked || job->status || (job->count && job->nr_failed >= job->count) ||
	       (job->duration_ms && lt_now_ns() - job->start_ns >= job->duration_ms * 1000000);
}

static uint64_t time_left_ms(const struct job *job)
{
	uint64_t gone_ms = (lt_now_ns() - job->start_ns) / 1000000;

	return !job->duration_ms	    ? UINT64_MAX
	       : gone_ms < job->duration_ms ? job->duration_ms - gone_ms
					    : 0;
}

/* The end of a command that others wait for wakes nobody. */
static uint64_t wait_ms(const struct job *job)
{
	uint64_t left_ms = time_left_ms(job);

	return job->exec.nr_queued && left_ms > EXEC_EVERY_MS ? EXEC_EVERY_MS : left_ms;
}

static int follow(struct job *job, struct lt_watch *watch, struct lt_diag *diag)
{
	int err = 0;

	while (!err && !is_over(job)) {
		lt_watch_wait(watch, wait_ms(job));
		err = lt_watch_step(watch, diag);
		err = err ? err : watch_pins_step(&job->pins, watch);
		watch_exec_step(&job->exec);
		show_progress(job);
	}
	if (!err)
		err = lt_watch_finish(watch, diag);
	if (!err)
		err = watch_pins_finish(&job->pins);
	erase_progress(job);
	return err;
}

static int print_summary(struct job *job, const struct lt_watch_counts *counts,
			 const char *page_states)
{
	struct lt_pin_tally tally =
		job->pins.watch ? lt_pin_watch_tally(job->pins.watch) : (struct lt_pin_tally){ 0 };
	struct watch_summary summary = {
		.counts = *counts,
		.page_states = page_states,
		.pins = job->pins.watch ? &tally : NULL,
	};
	struct lt_report *report;
	int err = lt_report_make(job->snap, &report);

	if (err)
		return err;
	if (job->redact)
		redact_learn(job->redacted.redact, job->redact, job->snap);
	summary.report = report;
	if (job->start_ns)
		summary.watched_ns = lt_num(lt_now_ns() - job->start_ns);
	err = job->cmd->format == FORMAT_NDJSON ? json_watch_summary(job->text.out, &summary)
						: watch_print_summary(&job->text, &summary);
	lt_report_free(report);
	return err;
}

/* Commands and the bundle that failures have begun. */
static int finish_children(struct job *job)
{
	watch_exec_finish(&job->exec);
	stop_uncatch(); /* a second signal does not wait for the bundle, which is written all the same */
	return watch_capture_finish(&job->capture);
}

static int failed(struct job *job, int err, const struct lt_diag *diag)
{
	char what[400];

	if (err == -ENOMEM || ferror(job->text.out))
		return cmd_printed(job->cmd, err);
	lt_diag_format(diag, what, sizeof(what));
	cmd_error("cannot watch: %s; see `ltpin doctor`", diag->why[0] ? what : strerror(-err));
	return CMD_FAILED;
}

/* How an answer is less than it could be, before anything fails. */
static void report_means(const struct job *job, const struct lt_watch *watch)
{
	const char *why, *source = lt_watch_page_states(watch, &why);

	if (!source)
		cmd_error("the state of pages cannot be read (%s): `ltpin module load` would help",
			  why[0] ? why : "neither the module nor /proc/kcore");
	else if (job->cmd->is_verbose)
		cmd_error("the state of pages is read from: %s", source);
	if (lt_watch_no_instants(watch))
		cmd_error("the helper module cannot say which page an allocation fails on: %s",
			  lt_watch_no_instants(watch));
}

/* Watch until it is over, and say what came of it. */
static int watch_with(struct job *job, const struct lt_watch_options *options, struct lt_diag *diag)
{
	const struct lt_watch_sink sink = {
		.on_attempt = on_attempt,
		.on_event = on_event,
		.arg = job,
	};
	struct lt_watch_counts counts;
	struct lt_watch *watch;
	const char *source, *why;
	int err = lt_watch_open(job->snap, options, &sink, &watch, diag), status;

	if (err)
		return failed(job, err, diag);
	report_means(job, watch);
	job->start_ns = lt_now_ns();
	err = follow(job, watch, diag);
	counts = lt_watch_counts(watch);
	source = lt_watch_page_states(watch, &why);
	lt_watch_close(watch);
	status = err ? failed(job, err, diag)
		     : cmd_printed(job->cmd, print_summary(job, &counts, source));
	err = finish_children(job);
	return status ? status : job->status ? job->status : err;
}

/* Where the lab has shown that the stack of every request costs little and breaks nothing. */
static bool has_cheap_stacks(const struct lt_snapshot *snap)
{
	return snap->kernel.arch && !strcmp(snap->kernel.arch, "x86_64");
}

static int watch_live(struct job *job)
{
	struct lt_watch_options options = {
		.area_name = job->area_name,
		.area = job->area,
		.follow.has_stacks = job->cmd->is_verbose || has_cheap_stacks(job->snap),
		.follow.has_releases = true,
	};
	struct lt_diag diag = { 0 };
	int err = watch_pins_open(&job->pins, job->cmd, job->snap, &job->text, &options, &diag);
	int status;

	if (err)
		return failed(job, err, &diag);
	diag = (struct lt_diag){ 0 };
	status = watch_with(job, &options, &diag);
	watch_pins_close(&job->pins);
	return status;
}

/* Attempts of the trace are all there is to be told; what the log knows of them is less. */
static void keep_traced(struct job *job)
{
	struct lt_attempts *attempts = &job->snap->attempts;
	size_t nr = 0;

	lt_vec_each(attempt, attempts) {
		if (attempt->source == LT_ATTEMPT_TRACE &&
		    lt_watch_is_wanted(job->area_name, job->area, attempt))
			attempts->v[nr++] = *attempt;
		else
			lt_attempt_fini(attempt);
	}
	attempts->nr = nr;
	job->snap->nr_attempts_suppressed = (struct lt_num){ 0 };
}

/* Whether there was a trace to read; false after a message. */
static bool has_trace(const struct job *job)
{
	const struct lt_source_state *state = lt_snapshot_source(job->snap, "trace");

	if (state && (state->status == LT_STATUS_OK || state->status == LT_STATUS_PARTIAL))
		return true;
	cmd_error("there is no trace to read: %s",
		  state && state->detail ? state->detail : "none was captured");
	return false;
}

static int by_begin(const void *a, const void *b)
{
	const struct lt_attempt *left = *(const struct lt_attempt *const *)a;
	const struct lt_attempt *right = *(const struct lt_attempt *const *)b;

	if (left->ts_ns.val != right->ts_ns.val)
		return left->ts_ns.val < right->ts_ns.val ? -1 : 1;
	return (left > right) - (left < right);
}

/* In the order of the time that is shown; the trace has them as they ended. */
static int handle_saved(struct job *job)
{
	const struct lt_attempts *attempts = &job->snap->attempts;
	const struct lt_attempt **sorted = calloc(attempts->nr + 1, sizeof(const void *));
	int err = sorted ? 0 : -ENOMEM;

	for (size_t i = 0; i < attempts->nr && !err; i++)
		sorted[i] = &attempts->v[i];
	if (!err && attempts->nr)
		qsort(sorted, attempts->nr, sizeof(*sorted), by_begin);
	for (size_t i = 0; i < attempts->nr && !err && !is_over(job); i++) {
		err = handle(job, sorted[i], &job->causes.v[sorted[i] - attempts->v]);
		watch_exec_step(&job->exec);
	}
	free(sorted);
	return err;
}

static int watch_saved(struct job *job)
{
	struct lt_watch_counts counts = { 0 };
	int err;

	if (!has_trace(job))
		return CMD_FAILED;
	keep_traced(job);
	err = lt_causes_make(job->snap, &job->causes);
	err = err ? err : handle_saved(job);
	counts.nr_attempts = job->nr_attempts;
	counts.nr_failed = job->nr_failed;
	if (!err)
		err = print_summary(job, &counts, NULL);
	lt_causes_free(&job->causes);
	watch_exec_finish(&job->exec);
	return cmd_printed(job->cmd, err);
}

/* An area that no source names may still be named by the trace. */
static bool find_area(struct job *job)
{
	bool all_named = true;

	job->area = job->area_name ? lt_areas_find(&job->snap->areas, job->area_name) : LT_NO_AREA;
	lt_vec_each(area, &job->snap->areas)
		all_named = all_named && area->name;
	if (!job->area_name || job->area != LT_NO_AREA || !job->snap->areas.nr || !all_named)
		return true;
	return !area_arg_find(job->snap, job->area_name, &job->area);
}

/*
 * What is printed goes through a stream without names. Lines are not wrapped, for a name that is on
 * two of them would not be found.
 */
static int begin_redaction(struct job *job)
{
	const char *const paths[] = { job->cmd->root, job->trace };
	int err = job->redact ? redact_stream_open(&job->redacted, job->text.out) : 0;

	if (!job->redact || err)
		return cmd_printed(job->cmd, err);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (paths[i])
			lt_redact_learn(job->redacted.redact, LT_REDACT_PATH, paths[i],
					strlen(paths[i]));
	redact_learn(job->redacted.redact, job->redact, job->snap);
	job->text.out = job->redacted.file;
	job->text.width = UINT_MAX;
	return 0;
}

static int watch(struct job *job, bool is_live)
{
	struct lt_snapshot_options options = {
		.trace = job->trace,
		.last_stage = is_live	   ? LT_STAGE_TABLES
			      : job->trace ? LT_STAGE_ATTEMPTS
					   : LT_STAGE_PROCESSES,
	};
	int status = cmd_snapshot(job->cmd, &options, &job->snap), err;

	if (status)
		return status;
	job->snap->options.trace = NULL;
	cmd_text(job->cmd, job->snap, &job->text);
	if (!find_area(job) || !job->text.out || begin_redaction(job)) {
		status = CMD_FAILED;
	} else if (is_live) {
		lt_attempts_free(&job->snap->attempts);
		status = watch_live(job);
	} else {
		status = watch_saved(job);
	}
	err = cmd_printed(job->cmd, redact_stream_close(&job->redacted));
	if (!status)
		status = err ? err : cmd_snapshot_status(job->snap);
	lt_snapshot_free(job->snap);
	return status;
}

static bool parse_count(struct cmd *cmd, struct job *job, const char *value)
{
	if (!cmd_number(cmd, "--count", value, &job->count))
		return false;
	if (job->count && job->count <= COUNT_MAX)
		return true;
	cmd_usage(cmd, "--count goes from 1 to %d", COUNT_MAX);
	return false;
}

static bool parse_option(struct cmd *cmd, void *arg, int option, const char *value)
{
	struct job *job = arg;
	switch (option) {
	case OPT_DURATION:
		return cmd_seconds(cmd, "--duration", value, 1, DURATION_MAX_MS, &job->duration_ms);
	case OPT_AREA:
		job->area_name = value;
		return true;
	case OPT_COUNT:
		return parse_count(cmd, job, value);
	case OPT_TRACE:
		return cmd_file(cmd, value, &job->trace);
	case OPT_EXEC:
		job->exec.command = value;
		return true;
	case OPT_CAPTURE:
		job->capture.path = value;
		return true;
	case OPT_PINS:
		job->pins.is_wanted = true;
		return true;
	default:
		return false;
	}
}

static int run_watch(struct cmd *cmd)
{
	struct job job = { .cmd = cmd };
	bool is_live;

	if (cmd_parse(cmd, parse_option, &job))
		return cmd->status;
	job.redact = job.capture.redact = job.pins.redact = cmd->redact;
	job.pins.redacted = &job.redacted;
	cmd->redact = CMD_REDACT_NOTHING; /* of what is printed: nothing is captured first */
	cmd->is_apart = job.trace;
	if (!cmd_root(cmd))
		return CMD_FAILED;
	is_live = !job.trace && lt_root_is_live(cmd_root(cmd));
	if (!is_live && (job.duration_ms || job.capture.path || job.pins.is_wanted))
		return cmd_usage(cmd, "watch: %s is for the running system alone",
				 job.duration_ms    ? "--duration"
				 : job.capture.path ? "--capture-on-failure"
						    : "--pins");
	if (job.capture.path && !watch_capture_check(cmd, job.capture.path))
		return cmd->status;
	if (!cmd_output(cmd))
		return CMD_FAILED;
	stop_catch();
	return watch(&job, is_live);
}

static const struct cmd_option options_of_watch[] = {
	{ OPT_DURATION, "duration", "SECONDS", "end after that time" },
	{ OPT_COUNT, "count", "N", "end after N failures" },
	{ OPT_AREA, "area", "NAME", "only attempts in this area: name, or a PFN in it" },
	{ OPT_PINS, "pins", NULL, "report calls that pin pages as well" },
	{ OPT_TRACE, "trace", "FILE", "a saved text trace, instead of this system" },
	{ OPT_EXEC, "exec", "COMMAND", "run for each failure; see LTPIN_* variables" },
	{ OPT_CAPTURE, "capture-on-failure", "FILE", "write a bundle of the first failure there" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_watch = {
	.name = "watch",
	.group = CMD_DIAGNOSE,
	.summary = "Follow allocations live, and name what makes them fail",
	.formats = FORMAT_TEXT | FORMAT_NDJSON,
	.has_bytes = true,
	.can_redact = true,
	.options = options_of_watch,
	.run = run_watch,
};
