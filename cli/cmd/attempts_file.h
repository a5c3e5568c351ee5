/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_ATTEMPTS_FILE_H
#define CLI_CMD_ATTEMPTS_FILE_H

#include "cmd/cmd.h"

/* Documents "ltpin.attempts/1", which gather what several runs of `ltpin alloc` saw. */

/* Write one to @out, of the boot that @snap is of. 0 or negative errno. */
int attempts_print(FILE *out, const struct lt_snapshot *snap, const struct lt_attempts *attempts);

/* Write one to cmd_output(). 0, -ENOMEM, or another negative errno after a message. */
int attempts_write(struct cmd *cmd, const struct lt_snapshot *snap,
		   const struct lt_attempts *attempts);

/*
 * What the file @path holds; nothing if there is none. 0, or CMD_FAILED after a message, also if
 * what it holds may be of another boot than @snap.
 */
int attempts_read(const char *path, const struct lt_snapshot *snap, struct lt_attempts *out);

/* Replace the file @path by one with @old and @attempts. 0, or CMD_FAILED after a message. */
int attempts_append(const struct cmd *cmd, const char *path, const struct lt_snapshot *snap,
		    const struct lt_attempts *old, const struct lt_attempts *attempts);

#endif
