/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_WATCH_CAPTURE_H
#define CLI_CMD_WATCH_CAPTURE_H

#include <sys/types.h>

#include "cmd/cmd.h"

/**
 * struct watch_capture - a bundle that the first failure makes
 * @path: NULL for none
 */
struct watch_capture {
	enum cmd_redact redact;
	const char *path;
	/* private */
	bool is_begun;
	pid_t pid; /* 0 if it does not run */
};

/* Whether a bundle could be written there; false after a message. */
bool watch_capture_check(struct cmd *cmd, const char *path);

/*
 * At the first call, begin to write it, with @attempt in it. `ltpin capture` does so in a process of
 * its own, so that attempts are followed meanwhile. 0, or CMD_FAILED after a message.
 */
int watch_capture_begin(struct watch_capture *capture, struct cmd *cmd,
			const struct lt_snapshot *snap, const struct lt_attempt *attempt);

/* Wait until it is written: CMD_OK, or CMD_FAILED after a message if it is not. */
int watch_capture_finish(struct watch_capture *capture);

#endif
