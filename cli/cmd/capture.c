// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes a snapshot as `report` does, with a root that keeps what is read; then
 * reads some more that a person may want to see; then writes all of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/capture.h"
#include "base/escape.h"
#include "cmd/capture_dir.h"
#include "cmd/capture_extras.h"
#include "cmd/capture_worth.h"
#include "cmd/capture_meta.h"
#include "cmd/capture_page_owner.h"
#include "cmd/cmd_act.h"
#include "cmd/confine.h"
#include "cmd/place.h"
#include "cmd/redact.h"
#include "stop/stop.h"
#include "source/page_owner/page_owner_file.h"

#define TOP "ltpin-capture" /* directory in the archive: unpacking it litters nothing */

struct job {
	/* what to do */
	const char *attempts, *note;
	const char *dir; /* --dir; NULL for an archive */
	struct lt_capture_limit limit;
	bool is_full;
	/* what it is done with */
	char *place;		   /* where @dir is, see place.h, without slashes at its end */
	struct capture_dir filled; /* what will be @place; @temp is NULL if it was not begun */
	struct lt_root *root;
	struct lt_capture *capture;
	FILE *out;
	char *spool;	   /* where files lie meanwhile; NULL */
	uint64_t nr_bytes; /* of the archive so far */
};

/* META, and without names if that was asked for. */
static int finish(struct job *job, struct cmd *cmd, const struct lt_snapshot *snap)
{
	struct lt_meta *meta = lt_capture_meta(job->capture);
	int err = capture_meta_fill(meta, snap);

	if (!err && job->note) {
		free(meta->note);
		meta->note = strdup(job->note);
		err = meta->note ? 0 : -ENOMEM;
	}
	/* In confinement no file can be opened where the output goes. */
	return !err && cmd->redact ? redact_capture(cmd, snap, job->capture,
						    cmd->is_confined ? NULL : job->spool)
				   : err;
}

/* Read everything into job->capture. */
static int collect(struct cmd *cmd, struct job *job)
{
	struct lt_snapshot_options options = {
		.last_stage = LT_STAGE_PROCESSES,
		.attempts = job->attempts,
	};
	bool take_all = job->is_full || !lt_root_is_live(job->root);
	struct lt_snapshot *snap;
	int status;

	lt_root_set_capture(job->root, job->capture);
	lt_capture_defer(job->capture, take_all ? LT_PAGE_OWNER_PATH : NULL);
	status = cmd_snapshot(cmd, &options, &snap);
	if (status)
		return status;
	lt_capture_defer(job->capture, NULL);
	if (take_all && !stop_asked)
		capture_page_owner(job->root);
	capture_extras_read(job->root);
	lt_root_set_capture(job->root, NULL);
	if (stop_asked)
		status = CMD_FAILED;
	else if (finish(job, cmd, snap))
		status = cmd_printed(cmd, -ENOMEM);
	else
		status = cmd_snapshot_status(snap);
	lt_snapshot_free(snap);
	return status;
}

static int put(void *arg, const void *data, size_t len)
{
	struct job *job = arg;

	if (stop_asked)
		return -EINTR;
	errno = 0;
	job->nr_bytes += len;
	return fwrite(data, 1, len, job->out) == len ? 0 : errno ? -errno : -EIO;
}

static int write_archive(struct job *job, struct lt_diag *diag)
{
	const struct lt_archive_output output = {
		.top = TOP,
		.mtime = time(NULL),
		.put = put,
		.arg = job,
	};

	return lt_capture_write_archive(job->capture, &output, &job->limit, diag);
}

static int write_dir(struct job *job, struct lt_diag *diag)
{
	int err = lt_capture_write_dir(job->capture, job->filled.fd, &job->limit, diag);

	if (!err && stop_asked)
		err = -EINTR;
	return err ? err : capture_dir_commit(&job->filled);
}

static void report_dropped(const struct job *job)
{
	unsigned int nr_small = 0;

	lt_vec_each(file, &lt_capture_meta(job->capture)->files) {
		if (!file->is_dropped)
			continue;
		if (file->nr_bytes.val < 1024)
			nr_small += file->nr_bytes.val != 0;
		else
			cmd_error("left out to keep within --max-size: %s (%llu bytes)", file->path,
				  (unsigned long long)file->nr_bytes.val);
	}
	if (nr_small)
		cmd_error("left out to keep within --max-size: %u %s of less than 1 KiB", nr_small,
			  nr_small == 1 ? "file" : "files");
}

static int write_out(struct cmd *cmd, struct job *job)
{
	struct lt_diag diag = { 0 };
	int err = lt_capture_error(job->capture);

	if (!err)
		err = job->dir ? write_dir(job, &diag) : write_archive(job, &diag);
	if (!err) {
		report_dropped(job);
		return CMD_OK;
	}
	if (err == -ENOMEM || err == -EPIPE)
		return cmd_printed(cmd, err);
	cmd_error("cannot write what was captured: %s", diag.why[0] ? diag.why : strerror(-err));
	return CMD_FAILED;
}

static int begin_dir(struct cmd *cmd, struct job *job)
{
	struct lt_diag diag = { 0 };
	int err = place_find(job->dir, &job->place, &diag);

	if (!err) {
		for (size_t len = strlen(job->place); len > 1 && job->place[len - 1] == '/'; len--)
			job->place[len - 1] = '\0';
		err = capture_dir_check(job->place);
	}
	if (!err)
		err = capture_dir_begin(job->place, &job->filled);
	if (err == -EBUSY)
		lt_diag_set(&diag, "another capture to it is being written");
	cmd->dir_output = job->filled.temp;
	if (err)
		cmd_error("cannot write %s: %s", job->dir, diag.why[0] ? diag.why : strerror(-err));
	return err ? CMD_FAILED : CMD_OK;
}

/* What can fail for want of a place or a library fails before anything is read. */
static int open_output(struct cmd *cmd, struct job *job)
{
	struct lt_diag diag = { 0 };

	if (job->dir)
		return begin_dir(cmd, job);
	if (lt_archive_check(&diag)) {
		cmd_error("cannot write a .tar.gz: %s: `--dir DIR`", diag.why);
		return CMD_FAILED;
	}
	job->out = cmd_output(cmd);
	return job->out ? CMD_OK : CMD_FAILED;
}

/* Where the contents lie meanwhile: there is room for them where they go. */
static char *spool_dir(const struct cmd *cmd, const struct job *job)
{
	const char *final = job->dir ? job->place : cmd->place;
	const char *slash = final ? strrchr(final, '/') : NULL;

	if (!final)
		return NULL;
	return slash ? strndup(final, (size_t)(slash - final) + 1) : strdup(".");
}

static uint64_t captured_bytes(struct lt_capture *capture)
{
	uint64_t nr_bytes = 0;

	lt_vec_each(file, &lt_capture_meta(capture)->files)
		if (!file->is_dropped)
			nr_bytes += file->nr_bytes.val;
	return nr_bytes;
}

static int run_job(struct cmd *cmd, struct job *job)
{
	const struct lt_snapshot_options named = { .attempts = job->attempts };
	int status = open_output(cmd, job), written;

	job->spool = status ? NULL : spool_dir(cmd, job);
	if (!status && lt_capture_new(job->spool, &stop_asked, &job->capture))
		status = cmd_printed(cmd, -ENOMEM);
	if (!status)
		status = confine(cmd, &named, NULL);
	if (!status)
		job->root = cmd_root(cmd);
	if (!job->root)
		status = CMD_FAILED;
	if (!status)
		status = collect(cmd, job);
	if (status != CMD_FAILED) {
		written = write_out(cmd, job);
		status = written ? written : status;
	}
	if (job->filled.path)
		capture_dir_end(&job->filled);
	if (stop_asked)
		cmd_error("stopped by a signal: nothing is left of it");
	if (job->root)
		lt_root_set_capture(job->root, NULL);
	if (job->dir && job->capture)
		job->nr_bytes = captured_bytes(job->capture);
	lt_capture_free(job->capture);
	return status;
}

enum {
	OPT_DIR = CMD_LONG,
	OPT_MAX_SIZE,
	OPT_FULL,
	OPT_ATTEMPTS,
	OPT_NOTE,
};

static bool parse_option(struct cmd *cmd, void *arg, int c, const char *value)
{
	struct job *job = arg;
	switch (c) {
	case 'o':
		cmd->output = value;
		return true;
	case OPT_DIR:
		job->dir = value;
		return true;
	case OPT_MAX_SIZE:
		return cmd_size(cmd, "--max-size", value, &job->limit.max);
	case OPT_FULL:
		job->is_full = true;
		return true;
	case OPT_ATTEMPTS:
		return cmd_file(cmd, value, &job->attempts);
	case OPT_NOTE:
		job->note = value;
		return true;
	default:
		return false;
	}
}

/* Once it has its name; what goes to a pipe has none. */
static void report_written(const char *path, uint64_t nr_bytes)
{
	char safe[400];

	lt_escape(path, strlen(path), safe, sizeof(safe));
	cmd_error("wrote %s, %.1f KiB", safe, (double)nr_bytes / 1024);
}

static int run_capture(struct cmd *cmd)
{
	const char *path;
	struct job job = { .limit.worth = capture_worth };
	int status = CMD_OK;

	if (cmd_parse(cmd, parse_option, &job))
		return cmd->status;
	if (job.dir && cmd->output)
		status = cmd_usage(cmd, "capture: give -o or --dir, not both");
	else if (!job.dir && !cmd->output && isatty(STDOUT_FILENO))
		status = cmd_usage(cmd, "capture needs -o FILE.tar.gz or --dir DIR");
	stop_catch();
	if (!status)
		status = run_job(cmd, &job);
	stop_uncatch();
	free(job.place);
	free(job.spool);
	path = job.dir ? job.dir : cmd->output && strcmp(cmd->output, "-") ? cmd->output : NULL;
	if (path && job.out)
		status = cmd_finish(cmd, status);
	if (path && (status == CMD_OK || status == CMD_INCOMPLETE))
		report_written(path, job.nr_bytes);
	return status;
}

static const struct cmd_option options_of_capture[] = {
	{ 'o', "output", "FILE", "write a .tar.gz there; appears only when complete" },
	{ OPT_DIR, "dir", "DIR", "write a directory, which must be new or empty" },
	{ OPT_MAX_SIZE, "max-size", "BYTES", "leave out what matters least until the rest fits" },
	{ OPT_FULL, "full", NULL, "page_owner of all memory, not of CMA alone" },
	{ OPT_NOTE, "note", "TEXT", "say something that reports on it will show" },
	{ OPT_ATTEMPTS, "attempts", "FILE", "add the attempts that `ltpin alloc --append` saved" },
	{ 0, NULL, NULL, NULL },
};

const struct cmd_info cmd_capture = {
	.name = "capture",
	.group = CMD_SHARE,
	.summary = "Pack everything that report reads into one file, to take elsewhere",
	.is_private = true,
	.is_reader = true,
	.can_redact = true,
	.options = options_of_capture,
	.run = run_capture,
};
