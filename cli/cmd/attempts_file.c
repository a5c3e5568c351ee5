// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads, extends and writes the file of attempts that `ltpin alloc --append` keeps. */
#include "cmd/attempts_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "render/json/json.h"
#include "source/saved/attempts.h"

int attempts_print(FILE *out, const struct lt_snapshot *snap, const struct lt_attempts *attempts)
{
	struct lt_json *json = json_document(out, "ltpin.attempts/1", snap);

	if (!json)
		return -ENOMEM;
	lt_json_array(json, "attempts");
	lt_vec_each(attempt, attempts)
		json_attempt(json, NULL, attempt, NULL, NULL, NULL);
	lt_json_close(json);
	return lt_json_end(json);
}

int attempts_write(struct cmd *cmd, const struct lt_snapshot *snap,
		   const struct lt_attempts *attempts)
{
	return cmd_output(cmd) ? attempts_print(cmd_output(cmd), snap, attempts) : -EIO;
}

/* Attempts of two boots in one document would pass for those of one. */
static int check_boot(const struct lt_snapshot *snap, const char *boot_id,
		      const struct lt_attempts *attempts, struct lt_diag *diag)
{
	if (!attempts->nr || !snap->boot_id || (boot_id && !strcmp(boot_id, snap->boot_id)))
		return 0;
	lt_diag_set(diag, boot_id ? "its attempts are of another boot"
				  : "it does not say of which boot its attempts are");
	return -EBADMSG;
}

int attempts_read(const char *path, const struct lt_snapshot *snap, struct lt_attempts *out)
{
	struct lt_diag diag = { 0 };
	const char *boot_id = NULL;
	char why[400];
	struct lt_buf buf;
	int err = lt_file_read(path, &buf);

	if (err == -ENOENT)
		return 0;
	lt_diag_path(&diag, path);
	if (err) {
		lt_diag_set(&diag, "%s", strerror(-err));
	} else {
		err = lt_attempts_parse(buf.data, buf.len, snap->strings, snap->stacks, out,
					&boot_id, &diag);
		if (!err && diag.nr_skipped) {
			lt_diag_set(&diag, "has records of another version of ltpin");
			err = -EBADMSG;
		}
		if (!err)
			err = check_boot(snap, boot_id, out, &diag);
		free(buf.data);
	}
	if (!err)
		return 0;
	lt_diag_format(&diag, why, sizeof(why));
	cmd_error("cannot append to %s", why);
	return CMD_FAILED;
}

static int copy_all(const struct lt_attempts *from, struct lt_attempts *to)
{
	lt_vec_each(attempt, from) {
		struct lt_attempt *added = lt_vec_push(to);

		if (!added)
			return -ENOMEM;
		*added = *attempt;
	}
	return 0;
}

int attempts_append(const struct cmd *cmd, const char *path, const struct lt_snapshot *snap,
		    const struct lt_attempts *old, const struct lt_attempts *attempts)
{
	struct cmd file = { .info = cmd->info, .output = path };
	struct lt_attempts all = { 0 };
	int err = copy_all(old, &all);

	if (!err)
		err = copy_all(attempts, &all);
	if (!err)
		err = attempts_write(&file, snap, &all);
	lt_vec_free(&all); /* what the records own stays with the other two */
	return cmd_finish(&file, cmd_printed(&file, err));
}
