/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_JSON_JSON_REPORT_H
#define CLI_RENDER_JSON_JSON_REPORT_H

#include <stdio.h>

#include "analyse/report.h"

/* An ltpin.report/1 document. 0 or negative errno. */
int json_report(FILE *out, const struct lt_report *report);

#endif
