/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_HTML_HTML_REPORT_H
#define CLI_RENDER_HTML_HTML_REPORT_H

#include "analyse/report.h"
#include "model/saved_report.h"
#include "render/text.h"

/*
 * A report as one HTML file that needs nothing else: no network, and no script to be read. Its style
 * and its script stand in it; a policy lets no other script run. 0 or negative errno.
 */
int html_report(const struct text *text, const struct lt_report *report);

/* The same of a report that was saved: its sentences, areas and groups. */
void html_saved_report(const struct text *text, const struct lt_saved_report *report);

#endif
