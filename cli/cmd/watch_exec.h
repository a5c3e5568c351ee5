/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_WATCH_EXEC_H
#define CLI_CMD_WATCH_EXEC_H

#include <sys/types.h>

#include "analyse/cause.h"

/* Failures that wait for the command to end. */
#define WATCH_EXEC_QUEUE 16

/**
 * struct watch_exec - a shell command that is run for each failure, one at a time
 * @command: NULL for none
 * @nr_dropped: failures it was not run for, as too many waited already
 */
struct watch_exec {
	const char *command;
	unsigned long nr_run, nr_dropped;
	/* private */
	pid_t pid; /* 0 if none runs */
	char **queue[WATCH_EXEC_QUEUE];
	size_t nr_queued;
};

/* Run it for @attempt, now or when it has ended for the one before. 0 or -ENOMEM. */
int watch_exec_add(struct watch_exec *exec, const struct lt_snapshot *snap,
		   const struct lt_attempt *attempt, const struct lt_cause *cause);

/* Reap it and run it for the next; does not wait. */
void watch_exec_step(struct watch_exec *exec);

/* Wait until it was run for all that wait, or until asked to stop. What runs then goes on. */
void watch_exec_finish(struct watch_exec *exec);

#endif
