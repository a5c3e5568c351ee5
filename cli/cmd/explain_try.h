/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_EXPLAIN_TRY_H
#define CLI_CMD_EXPLAIN_TRY_H

#include "analyse/explain.h"
#include "cmd/cmd.h"

/**
 * struct explain_try - what `ltpin explain --try` does
 * @remedies: a bit for each that was asked for
 * @is_dry:   nothing is done
 * @trials:   what came of each, in the order of harm
 * @answer:   what would come of the request after the last
 */
struct explain_try {
	unsigned int remedies;
	bool is_dry;
	struct lt_trials trials;
	enum lt_prediction answer;
};

/* Whether it may be done: 0, or the status to exit with, after a message. */
int explain_try_check(struct cmd *cmd, const struct explain_try *try);

/**
 * explain_try_run() - try what was asked for
 * @first: the request on the system as it is
 *
 * Return: 0; CMD_FAILED after a message; -ENOMEM.
 */
int explain_try_run(struct cmd *cmd, struct explain_try *try,
		    const struct lt_explain_request *request, const struct lt_explain *first);

#endif
