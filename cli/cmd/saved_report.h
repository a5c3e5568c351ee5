/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_SAVED_REPORT_H
#define CLI_CMD_SAVED_REPORT_H

#include "analyse/finding.h"
#include "cmd/cmd.h"

/* Whether the only file that was named is a report that was saved as JSON. */
bool saved_report_is_given(const struct cmd *cmd);

/* Show it again. @fail_on: exit status 1 at this or worse; NULL for none. Returns the exit status. */
int saved_report_show(struct cmd *cmd, const enum lt_severity *fail_on);

#endif
