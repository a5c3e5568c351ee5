/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_REDACT_H
#define CLI_CMD_REDACT_H

#include "base/capture.h"
#include "cmd/cmd.h"

/* Replace the names in @capture, of which @snap was made. 0 or negative errno. */
int redact_capture(const struct cmd *cmd, const struct lt_snapshot *snap,
		   struct lt_capture *capture, const char *spool_dir) __must_check;

/*
 * Put what was captured from @snap in the place of what it was read from, without names: whatever is
 * read from now on has none. 0 or negative errno; the capture is used up.
 */
int redact_root(struct cmd *cmd, const struct lt_snapshot *snap, struct lt_capture *capture)
	__must_check;

/* A report that was saved, without names. 0 or -ENOMEM. */
int redact_document(const struct cmd *cmd, struct lt_buf *buf) __must_check;

#endif
