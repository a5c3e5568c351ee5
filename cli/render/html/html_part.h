/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RENDER_HTML_HTML_PART_H
#define CLI_RENDER_HTML_HTML_PART_H

#include "analyse/report.h"
#include "render/html_text.h"
#include "render/text.h"

/* The parts of an HTML report. Those that return int return 0 or -ENOMEM. */

/* From the doctype on, up to the headline with it; @title is what a browser's tab shows. */
void html_begin(FILE *out, const char *title, const char *headline);
void html_end(FILE *out);

/* A heading, which links lead to by @id. */
void html_section(FILE *out, const char *id, const char *title);
void html_section_end(FILE *out);

/* One finding: members may be NULL. */
struct html_finding {
	const char *id, *title, *severity, *confidence, *text, *advice, *confirm;
	bool is_for_device;
	const char *const *evidence;
	size_t nr_evidence;
};

void html_finding(FILE *out, const struct html_finding *finding);
void html_findings(FILE *out, const struct lt_report *report);

/* Pages of a report that have a row and a mark of their own: the others are drawn, and counted. */
#define HTML_PAGES_MAX 2048

/* Which of the snapshot's pins these are: what blocked comes first. */
struct html_pages {
	bool *is_listed; /* one a pin, by index */
	size_t nr;	 /* that are listed */
};

int html_pages_choose(const struct lt_report *report, struct html_pages *out)
	__must_check __nonnull_all;
void html_pages_fini(struct html_pages *pages);

/* "Page 0x1ae03: pin, blocked an allocation; mapped by camera-hal[60]" */
void html_page_label(FILE *out, const struct lt_report *report, const struct lt_pin *pin);

/* The table of the pages that are listed, a row each, by whose id a map leads to it. */
void html_page_table(FILE *out, const struct lt_report *report, const struct html_pages *pages);

/* The map of area @area, page by page; nothing if no source locates it. */
int html_map(FILE *out, const struct lt_report *report, const struct html_pages *pages,
	     size_t area);

/* What the patterns are that maps and their legends are painted with; once, before any. */
void html_map_patterns(FILE *out);

/* Attempts over time, and how long the pages that blocked them have been held. */
bool html_timeline_is_there(const struct lt_report *report);
void html_timeline(FILE *out, const struct lt_report *report);

#endif
