// SPDX-License-Identifier: GPL-2.0-or-later
/* Confines a command that reads what others captured to the files that were named. */
#include "cmd/confine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/confine.h"
#include "base/vec.h"
#include "cmd/cmd.h"

LT_VEC_OF(places, struct lt_confine_path);

static int add(struct places *places, const char *path, enum lt_confine_right right)
{
	struct lt_confine_path *place;

	if (!path || !strcmp(path, "-"))
		return 0;
	place = lt_vec_push(places);
	if (!place)
		return -ENOMEM;
	*place = (struct lt_confine_path){ path, right };
	return 0;
}

static int add_inputs(struct places *places, const struct cmd *cmd,
		      const struct lt_snapshot_options *options, const char *more)
{
	const char *const named[] = {
		cmd->root,
		cmd->kconfig,
		more,
		options ? options->dmesg : NULL,
		options ? options->trace : NULL,
		options ? options->attempts : NULL,
		options ? options->selftest : NULL,
	};
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(named) && !err; i++)
		err = add(places, named[i], LT_CONFINE_READ);
	for (int i = 0; i < cmd->nr_files && !err; i++)
		err = add(places, cmd->files[i], LT_CONFINE_READ);
	return err;
}

/* Contents of archives are kept there; and the output gets its name when it is whole. */
static int add_outputs(struct places *places, const struct cmd *cmd, char **dir)
{
	const char *temp = getenv("TMPDIR"), *out = cmd->dir_output ? cmd->dir_output : cmd->place;
	const char *slash = out ? strrchr(out, '/') : NULL;
	int err = add(places, temp && *temp ? temp : "/tmp", LT_CONFINE_WRITE);

	if (!err && cmd->dir_output)
		err = add(places, cmd->dir_output, LT_CONFINE_FILL);
	if (err || !out)
		return err;
	*dir = slash ? strndup(out, (size_t)(slash - out) + 1) : strdup(".");
	if (!*dir)
		return -ENOMEM;
	return add(places, *dir, cmd->dir_output ? LT_CONFINE_MOVE : LT_CONFINE_NAME);
}

/* "/" is the running system, also with files beside it. */
static bool is_live(const struct cmd *cmd, const char *more)
{
	if (cmd->root)
		return !strcmp(cmd->root, "/");
	if (cmd->nr_files)
		return cmd->nr_files == 1 && !strcmp(cmd->files[0], "/");
	return !more && !cmd->is_apart;
}

static void report_confined(int done)
{
	cmd_error("confined: files %s, system calls %s, capabilities %s",
		  done & LT_CONFINED_FILES ? "yes" : "no", done & LT_CONFINED_CALLS ? "yes" : "no",
		  done & LT_CONFINED_CAPABILITIES ? "yes" : "no");
}

int confine(struct cmd *cmd, const struct lt_snapshot_options *options, const char *more)
{
	struct places places = { 0 };
	char *dir = NULL;
	int ret;

	if (!cmd->info->is_reader || cmd->is_confined || is_live(cmd, more))
		return 0;
	if (!cmd_output(cmd))
		return CMD_FAILED;
	ret = add_inputs(&places, cmd, options, more);
	if (!ret)
		ret = add_outputs(&places, cmd, &dir);
	if (!ret)
		ret = lt_confine(places.v, places.nr);
	free(dir);
	lt_vec_free(&places);
	if (ret < 0) {
		cmd_error("cannot confine this process: %s", strerror(-ret));
		return CMD_FAILED;
	}
	cmd->is_confined = true;
	if (cmd->is_verbose)
		report_confined(ret);
	return 0;
}
