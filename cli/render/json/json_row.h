/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_JSON_JSON_ROW_H
#define CLI_RENDER_JSON_JSON_ROW_H

#include "analyse/report.h"

/*
 * A report as rows for a database, one a line and each by itself: one an attempt, a finding, an area
 * and a group of failures. Members of all have no members of their own. 0 or negative errno.
 */
int json_rows(FILE *out, const struct lt_report *report);

#endif
