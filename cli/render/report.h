/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_REPORT_H
#define CLI_RENDER_REPORT_H

#include "analyse/report.h"
#include "render/text.h"

/* A report as text. Both return 0 or negative errno. */
int report_print_text(struct text *text, const struct lt_report *report);
int report_print_markdown(struct text *text, const struct lt_report *report);

/**
 * struct report_section - a piece of evidence that text, Markdown and HTML share
 * @title:    heading
 * @is_there: whether there is anything to print
 * @print:    as text; 0 or negative errno
 * @rank:     of those that a bug tracker has no room for, the lowest is left out first
 * @is_prose: HTML has it as text too, and no table or drawing of its own instead
 */
struct report_section {
	const char *title;
	bool (*is_there)(const struct lt_report *report);
	int (*print)(struct text *text, const struct lt_report *report);
	unsigned int rank;
	bool is_prose;
};

/* In the order of the report, ended by one without a title. */
extern const struct report_section report_sections[];

/* What is left to say of @finding where those before it have been printed. */
void report_print_finding(struct text *text, const struct lt_report *report,
			  const struct lt_finding *finding);

/* The verdict, and on a line of its own what to run next. */
void report_print_headline(struct text *text, const char *indent, const struct lt_report *report);

#endif
