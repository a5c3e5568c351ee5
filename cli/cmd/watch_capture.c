// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the bundle of the first failure, in a process beside `ltpin watch`. */
#include "cmd/watch_capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/archive.h"
#include "cmd/attempts_file.h"

bool watch_capture_check(struct cmd *cmd, const char *path)
{
	struct cmd file = { .info = &cmd_capture, .output = path };
	struct lt_diag diag = { 0 };

	if (!strcmp(path, "-")) {
		cmd_usage(cmd, "--capture-on-failure needs a file");
		return false;
	}
	if (lt_archive_check(&diag)) {
		cmd_error("cannot write a .tar.gz: %s", diag.why);
		cmd->status = CMD_FAILED;
		return false;
	}
	cmd->status = cmd_output(&file) ? CMD_OK : CMD_FAILED;
	cmd_finish(&file, CMD_FAILED); /* leaves nothing there */
	return !cmd->status;
}

/* The attempt in a file without a name: a descriptor that is inherited, or negative errno. */
static int write_attempt(const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	const struct lt_attempts attempts = { .v = (struct lt_attempt *)attempt, .nr = 1 };
	int fd = memfd_create("ltpin-attempt", 0), copy, err;
	FILE *out;

	if (fd < 0)
		return -errno;
	copy = dup(fd);
	out = copy < 0 ? NULL : fdopen(copy, "w");
	err = out ? attempts_print(out, snap, &attempts) : -errno;
	if (out)
		fclose(out);
	else if (copy >= 0)
		close(copy);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* In a process group of its own: Ctrl-C ends the watching, and not the bundle. */
static void run_capture(const struct watch_capture *capture, const struct cmd *cmd, int fd)
{
	char path[32];
	const char *argv[10] = { "ltpin" };
	size_t nr = 1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (cmd->kconfig) {
		argv[nr++] = "--kconfig";
		argv[nr++] = cmd->kconfig;
	}
	argv[nr++] = "capture";
	if (capture->redact)
		argv[nr++] = capture->redact == CMD_REDACT_NAMES ? "--redact-names" : "--redact";
	argv[nr++] = "--attempts";
	argv[nr++] = path;
	argv[nr++] = "-o";
	argv[nr++] = capture->path;
	setpgid(0, 0);
	execv("/proc/self/exe", (char *const *)argv);
	_exit(CMD_FAILED);
}

int watch_capture_begin(struct watch_capture *capture, struct cmd *cmd,
			const struct lt_snapshot *snap, const struct lt_attempt *attempt)
{
	int fd;

	if (!capture->path || capture->is_begun)
		return 0;
	capture->is_begun = true;
	fd = write_attempt(snap, attempt);
	if (fd < 0) {
		cmd_error("cannot write %s: %s", capture->path, strerror(-fd));
		return CMD_FAILED;
	}
	capture->pid = fork();
	if (!capture->pid)
		run_capture(capture, cmd, fd);
	close(fd);
	if (capture->pid > 0)
		return 0;
	cmd_error("cannot write %s: %s", capture->path, strerror(errno));
	capture->pid = 0;
	return CMD_FAILED;
}

int watch_capture_finish(struct watch_capture *capture)
{
	int status = 0;

	if (!capture->pid)
		return CMD_OK;
	while (waitpid(capture->pid, &status, 0) < 0 && errno == EINTR)
		;
	capture->pid = 0;
	/* What it could not read it has said. */
	if (WIFEXITED(status) && WEXITSTATUS(status) != CMD_FAILED)
		return CMD_OK;
	cmd_error("the bundle %s was not written", capture->path);
	return CMD_FAILED;
}
