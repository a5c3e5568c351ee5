/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_SAVED_REPORT_H
#define CLI_RENDER_SAVED_REPORT_H

#include "model/saved_report.h"
#include "render/text.h"

/* What was judged when the report was made, and whose evidence it was of. */
void saved_report_print_text(struct text *text, const struct lt_saved_report *report);
void saved_report_print_markdown(struct text *text, const struct lt_saved_report *report);

/* One line, whatever is known of it; what is longer than any of ours is cut off. */
struct saved_line {
	char s[1024];
};

/* What was ruled out and why. */
struct saved_line saved_report_ruled_out(const struct lt_saved_ruled_out *ruled_out);

/* Whose evidence it was of and who judged it, an area, and a group of failures. */
struct saved_line saved_report_origin(const struct lt_saved_report *report);
struct saved_line saved_report_area(const struct text *text, const struct lt_saved_area *area);
struct saved_line saved_report_group(const struct text *text, const struct lt_saved_group *group);

#endif
