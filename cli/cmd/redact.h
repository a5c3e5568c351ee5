/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_REDACT_H
#define CLI_CMD_REDACT_H

#include "base/capture.h"
#include "cmd/cmd.h"
#include "model/owner_groups.h"

struct lt_redact;

/* The names that a snapshot has: of the system and its areas, and of processes if @how says so. */
void redact_learn(struct lt_redact *redact, enum cmd_redact how, const struct lt_snapshot *snap);

/* Those of an attempt, of its blocking pages too, and the name of a task. */
void redact_learn_attempt(struct lt_redact *redact, enum cmd_redact how,
			  const struct lt_attempt *attempt);
void redact_learn_task(struct lt_redact *redact, enum cmd_redact how, const char *comm);

/* Replace the names in @capture, of which @snap was made. 0 or negative errno. */
int redact_capture(const struct cmd *cmd, const struct lt_snapshot *snap,
		   struct lt_capture *capture, const char *spool_dir) __must_check;

/*
 * Put what was captured from @snap in the place of what it was read from, without names: whatever is
 * read from now on has none. 0 or negative errno; the capture is used up.
 */
int redact_root(struct cmd *cmd, const struct lt_snapshot *snap, struct lt_capture *capture)
	__must_check;

/* Reports as JSON, without names: the same name has the same placeholder in all. 0 or -ENOMEM. */
int redact_documents(const struct cmd *cmd, struct lt_buf *const bufs[], size_t nr) __must_check;

/*
 * Groups of page_owner, and the areas that they are in, without names: records stream by, and are
 * never captured. What replaces a name is in @strings and @stacks. 0 or -ENOMEM.
 */
int redact_owner_groups(const struct cmd *cmd, struct lt_owner_groups *groups,
			struct lt_areas *areas, struct lt_strings *strings,
			struct lt_stacks *stacks) __must_check;

#endif
