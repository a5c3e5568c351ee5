// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"

static bool is_stdout(const struct cmd *cmd)
{
	return !cmd->output || !strcmp(cmd->output, "-");
}

/* Only a regular file, or none yet, can be replaced by renaming. */
static bool is_replaceable(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? errno == ENOENT : S_ISREG(st.st_mode);
}

static FILE *open_temp(struct cmd *cmd)
{
	mode_t mask = umask(0);
	FILE *out = NULL;
	int fd, err;

	umask(mask);
	if (asprintf(&cmd->output_temp, "%s.XXXXXX", cmd->output) < 0) {
		cmd->output_temp = NULL;
		errno = ENOMEM;
		return NULL;
	}
	fd = mkstemp(cmd->output_temp);
	if (fd >= 0 && !fchmod(fd, 0666 & ~mask))
		out = fdopen(fd, "w");
	if (out)
		return out;
	err = errno;
	if (fd >= 0) {
		close(fd);
		unlink(cmd->output_temp);
	}
	free(cmd->output_temp);
	cmd->output_temp = NULL;
	errno = err;
	return NULL;
}

FILE *cmd_output(struct cmd *cmd)
{
	if (cmd->out)
		return cmd->out;
	if (is_stdout(cmd))
		cmd->out = stdout;
	else if (is_replaceable(cmd->output))
		cmd->out = open_temp(cmd);
	else
		cmd->out = fopen(cmd->output, "we");
	if (!cmd->out)
		cmd_error("cannot write %s: %s", cmd->output, strerror(errno));
	return cmd->out;
}

static int close_output(struct cmd *cmd)
{
	int err = cmd->output_err;

	errno = 0;
	if ((fflush(cmd->out) || ferror(cmd->out)) && !err)
		err = errno ? errno : EIO;
	if (cmd->out != stdout && fclose(cmd->out) && !err)
		err = errno;
	cmd->out = NULL;
	return err;
}

int cmd_finish(struct cmd *cmd, int status)
{
	int err = cmd->out ? close_output(cmd) : 0;

	lt_root_close(cmd->opened_root);
	cmd->opened_root = NULL;
	columns_fini(&cmd->columns);
	if (cmd->output_temp) {
		bool keep = !err && status != CMD_FAILED;

		if (keep && rename(cmd->output_temp, cmd->output))
			err = errno;
		if (!keep || err)
			unlink(cmd->output_temp);
		free(cmd->output_temp);
		cmd->output_temp = NULL;
	}
	if (!err)
		return status;
	cmd_error("cannot write %s: %s", is_stdout(cmd) ? "standard output" : cmd->output,
		  strerror(err));
	return cmd->command->lost_status ? cmd->command->lost_status : CMD_FAILED;
}
