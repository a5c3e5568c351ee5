// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
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

/*
 * A file that has no name until it is whole: not even SIGKILL leaves half of it.
 * Not every file system has such (vfat, NFS).
 */
static FILE *open_nameless(struct cmd *cmd)
{
	const char *slash = strrchr(cmd->output, '/');
	char *dir = slash ? strndup(cmd->output, (size_t)(slash - cmd->output) + 1) : strdup(".");
	int fd = dir ? open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666) : -1;
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	free(dir);
	if (fd >= 0 && !out)
		close(fd);
	cmd->is_output_nameless = out;
	return out;
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
	if (is_stdout(cmd)) {
		cmd->out = stdout;
	} else if (is_replaceable(cmd->output)) {
		cmd->out = open_nameless(cmd);
		if (!cmd->out)
			cmd->out = open_temp(cmd);
	} else {
		cmd->out = fopen(cmd->output, "we");
	}
	if (!cmd->out)
		cmd_error("cannot write %s: %s", cmd->output, strerror(errno));
	return cmd->out;
}

/* The second way needs /proc, the first a privilege. */
static int give_name(int fd, const char *name)
{
	char path[32];

	if (!linkat(fd, "", AT_FDCWD, name, AT_EMPTY_PATH))
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW) ? errno : 0;
}

/* Only rename() replaces, so what replaces an old file has another name for an instant. */
static int name_output(struct cmd *cmd)
{
	int err = give_name(fileno(cmd->out), cmd->output);
	char *name;

	if (err != EEXIST)
		return err;
	if (asprintf(&name, "%s.ltpin-%d", cmd->output, (int)getpid()) < 0)
		return ENOMEM;
	unlink(name);
	err = give_name(fileno(cmd->out), name);
	if (!err && rename(name, cmd->output)) {
		err = errno;
		unlink(name);
	}
	free(name);
	return err;
}

static int close_output(struct cmd *cmd, bool keep)
{
	int err = cmd->output_err;

	errno = 0;
	if ((fflush(cmd->out) || ferror(cmd->out)) && !err)
		err = errno ? errno : EIO;
	if (cmd->is_output_nameless && keep && !err)
		err = name_output(cmd);
	if (cmd->out != stdout && fclose(cmd->out) && !err)
		err = errno;
	cmd->out = NULL;
	return err;
}

int cmd_finish(struct cmd *cmd, int status)
{
	int err = cmd->out ? close_output(cmd, status != CMD_FAILED) : 0;

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
