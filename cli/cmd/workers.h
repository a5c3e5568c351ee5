/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_WORKERS_H
#define CLI_CMD_WORKERS_H

#include <stdint.h>

struct cmd;

#define WORKERS_MAX 256 /* at once */

/* As many as there are processors for this process. */
uint64_t workers_default(void);

/**
 * workers_run() - do the same for each file of a command, each in a process of its own
 * @nr_at_once: how many of them may run at the same time, from 1 to WORKERS_MAX
 * @run:	does it, with the one file in @cmd; returns the status, 0 to 3
 *
 * What a process confines itself to is its own file, and if one dies, the others do not. Their output
 * is in the order of the files, and that of one is there as a whole or, with CMD_FAILED, not at all;
 * so are their messages, which name the file. No process is left, however this one ends.
 *
 * Return: the worst status, which is CMD_FAILED before CMD_BAD before CMD_INCOMPLETE.
 */
int workers_run(struct cmd *cmd, uint64_t nr_at_once, int (*run)(struct cmd *cmd, void *arg),
		void *arg);

#endif
