// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens the output of a command, and gives a file its name once it is complete. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/pager.h"
#include "cmd/place.h"

static bool is_stdout(const struct cmd *cmd)
{
	return !cmd->output || !strcmp(cmd->output, "-");
}

/*
 * A file that was there keeps its mode, a new one has what the umask leaves; of what only root
 * may read neither is for others.
 */
static mode_t output_mode(const struct cmd *cmd, const struct stat *old)
{
	mode_t mask = umask(0);

	umask(mask);
	return (cmd->info->is_private ? 0600 : 0666) & (old ? old->st_mode : ~mask);
}

/* The stream takes @fd over, also on failure. */
static FILE *open_stream(int fd, mode_t mode)
{
	FILE *out = fd < 0 || fchmod(fd, mode) ? NULL : fdopen(fd, "w");
	int err = errno;

	if (fd >= 0 && !out)
		close(fd);
	errno = err;
	return out;
}

/*
 * A file that has no name until it is whole: not even SIGKILL leaves half of it.
 * Not every file system has such (vfat, NFS).
 */
static FILE *open_nameless(struct cmd *cmd, mode_t mode)
{
	const char *slash = strrchr(cmd->place, '/');
	char *dir = slash ? strndup(cmd->place, (size_t)(slash - cmd->place) + 1) : strdup(".");
	int fd = dir ? open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) : -1;

	free(dir);
	cmd->out = open_stream(fd, mode);
	cmd->is_output_nameless = cmd->out;
	return cmd->out;
}

static FILE *open_temp(struct cmd *cmd, mode_t mode)
{
	int fd, err;

	if (asprintf(&cmd->output_temp, "%s.XXXXXX", cmd->place) < 0) {
		cmd->output_temp = NULL;
		errno = ENOMEM;
		return NULL;
	}
	fd = mkostemp(cmd->output_temp, O_CLOEXEC);
	cmd->out = open_stream(fd, mode);
	if (cmd->out)
		return cmd->out;
	err = errno;
	if (fd >= 0)
		unlink(cmd->output_temp);
	free(cmd->output_temp);
	cmd->output_temp = NULL;
	errno = err;
	return NULL;
}

/*
 * Only a regular file, or none yet, can be replaced by renaming: a FIFO, a device and what
 * /proc leads to are not.
 */
static FILE *open_place(struct cmd *cmd)
{
	struct stat st;
	bool is_there = !lstat(cmd->place, &st);
	mode_t mode;

	if (is_there && !S_ISREG(st.st_mode))
		return fopen(cmd->place, "we");
	if (!is_there && errno != ENOENT)
		return NULL;
	mode = output_mode(cmd, is_there ? &st : NULL);
	return open_nameless(cmd, mode) ? cmd->out : open_temp(cmd, mode);
}

FILE *cmd_output(struct cmd *cmd)
{
	struct lt_diag diag = { 0 };
	int err = 0;

	if (cmd->out)
		return cmd->out;
	if (is_stdout(cmd)) {
		if (cmd->info->has_pager && !cmd->is_unpaged) {
			text_init(&cmd->terminal, stdout, (struct lt_num){ 0 });
			cmd->pager = pager_start();
		}
		cmd->out = stdout;
		return stdout;
	}
	if (!cmd->place)
		err = place_find(cmd->output, &cmd->place, &diag);
	if (!err) {
		cmd->out = open_place(cmd);
		err = cmd->out ? 0 : -errno;
	}
	if (err)
		cmd_error("cannot write %s: %s", cmd->output,
			  diag.why[0] ? diag.why : strerror(-err));
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
static int name_output(const struct cmd *cmd, int fd)
{
	int err = give_name(fd, cmd->place);
	char *name;

	if (err != EEXIST)
		return err;
	if (asprintf(&name, "%s.ltpin-%d", cmd->place, (int)getpid()) < 0)
		return ENOMEM;
	unlink(name);
	err = give_name(fd, name);
	if (!err && rename(name, cmd->place)) {
		err = errno;
		unlink(name);
	}
	free(name);
	return err;
}

/* Some file systems say only in close() that they have no room, so the name comes after it. */
static int close_output(struct cmd *cmd, bool keep)
{
	int err = cmd->output_err, fd = -1;

	errno = 0;
	if ((fflush(cmd->out) || ferror(cmd->out)) && !err)
		err = errno ? errno : EIO;
	if (cmd->is_output_nameless && keep && !err) {
		fd = fcntl(fileno(cmd->out), F_DUPFD_CLOEXEC, 0);
		err = fd < 0 ? errno : 0;
	}
	if (cmd->out != stdout && fclose(cmd->out) && !err)
		err = errno;
	cmd->out = NULL;
	cmd->is_output_nameless = false;
	if (fd >= 0 && !err)
		err = name_output(cmd, fd);
	if (fd >= 0)
		close(fd);
	return err;
}

static int rename_temp(struct cmd *cmd, bool keep)
{
	int err = keep && rename(cmd->output_temp, cmd->place) ? errno : 0;

	if (!keep || err)
		unlink(cmd->output_temp);
	free(cmd->output_temp);
	cmd->output_temp = NULL;
	return err;
}

/* Where nothing else was said. */
static int report_unread(struct cmd *cmd, int status)
{
	if (status == CMD_OK && cmd->unread) {
		cmd_error("could not read all of %s", cmd->unread);
		status = CMD_INCOMPLETE;
	}
	free(cmd->unread);
	cmd->unread = NULL;
	return status;
}

int cmd_finish(struct cmd *cmd, int status)
{
	bool keep = status != CMD_FAILED || cmd->is_output_kept;
	int err = cmd->out ? close_output(cmd, keep) : 0;

	if (cmd->pager)
		pager_finish(cmd->pager);
	cmd->pager = 0;
	lt_root_close(cmd->opened_root);
	cmd->opened_root = NULL;
	columns_fini(&cmd->columns);
	if (cmd->output_temp) {
		int temp_err = rename_temp(cmd, !err && keep);

		err = err ? err : temp_err;
	}
	free(cmd->place);
	cmd->place = NULL;
	free(cmd->suggested);
	cmd->suggested = NULL;
	status = report_unread(cmd, status);
	if (!err)
		return status;
	cmd->is_pipe_closed = err == EPIPE && is_stdout(cmd) && !cmd->ignores_sigpipe;
	if (!cmd->is_pipe_closed)
		cmd_error("cannot write %s: %s", is_stdout(cmd) ? "standard output" : cmd->output,
			  strerror(err));
	return cmd->info->lost_status ? cmd->info->lost_status : CMD_FAILED;
}
