// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a report that was saved as HTML: what the document has of it. */
#include "render/html/html_part.h"
#include "render/html/html_report.h"
#include "render/saved_report.h"

static void put_list(struct text *text, const struct lt_saved_report *report)
{
	if (!report->areas.nr && !report->groups.nr)
		return;
	html_section(text->out, "areas", "Areas and failures");
	lt_vec_each(area, &report->areas)
		text_wrap(text, "", 0, saved_report_area(text, area).s);
	lt_vec_each(group, &report->groups)
		text_wrap(text, "", 0, saved_report_group(text, group).s);
	html_section_end(text->out);
}

void html_saved_report(const struct text *whole, const struct lt_saved_report *report)
{
	struct text text = *whole;

	text.html = "Report";
	html_begin(text.out, report->signature ? report->signature : "ltpin report",
		   report->headline);
	text_wrapf(&text, "", 0, "%s.", saved_report_origin(report).s);
	if (report->signature)
		text_wrapf(&text, "", 0, "Signature `%s`", report->signature);
	if (report->note)
		text_wrapf(&text, "", 0, "Note: %s", report->note);
	fputs("</header>\n<main>\n", text.out);
	if (report->ruled_out.nr) {
		html_section(text.out, "ruled-out", "Ruled out");
		lt_vec_each(ruled_out, &report->ruled_out)
			text_wrap(&text, "", 0, saved_report_ruled_out(ruled_out).s);
		html_section_end(text.out);
	}
	html_section(text.out, "findings", "Findings");
	lt_vec_each(finding, &report->findings) {
		const struct html_finding shown = {
			.id = finding->id,
			.title = finding->title,
			.severity = finding->severity,
			.confidence = finding->confidence,
			.text = finding->text,
			.advice = finding->advice,
			.confirm = finding->confirm,
			.evidence = finding->evidence.v,
			.nr_evidence = finding->evidence.nr,
		};

		html_finding(text.out, &shown);
	}
	html_section_end(text.out);
	put_list(&text, report);
	html_end(text.out);
}
