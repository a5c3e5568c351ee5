// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/report.h"

static enum text_role role_of(enum lt_severity severity)
{
	return severity == LT_CRITICAL	? TEXT_BAD
	       : severity == LT_WARNING ? TEXT_WARNING
					: TEXT_PLAIN;
}

static void print_finding(struct text *text, const struct lt_finding *finding)
{
	if (!text->is_brief)
		putc('\n', text->out);
	fputs(text_role(text, role_of(finding->severity)), text->out);
	text_wrapf(text, "", 2, "%s: %s (%s, %s)", finding->rule->id, finding->rule->title,
		   lt_severity_name(finding->severity), lt_confidence_name(finding->confidence));
	fputs(text_role(text, TEXT_PLAIN), text->out);
	if (text->is_brief)
		return;
	text_wrap(text, "  ", 2, finding->text);
	if (!finding->rule->is_of_sources)
		lt_vec_each(statement, &finding->evidence)
			text_wrap(text, "  - ", 4, *statement);
	if (finding->advice)
		text_wrap(text, "  Advice: ", 4, finding->advice);
	if (finding->confirm)
		text_wrapf(text, "  Confirm: ", 4, "`%s`", finding->confirm);
}

int report_print_text(struct text *text, const struct lt_report *report)
{
	int err = 0;

	fputs(text_role(text, TEXT_HEADING), text->out);
	text_wrap(text, "", 0, report->headline);
	fputs(text_role(text, TEXT_PLAIN), text->out);
	lt_vec_each(finding, &report->findings)
		print_finding(text, finding);
	if (text->is_brief)
		return 0;
	for (const struct report_section *section = report_sections; section->title; section++) {
		if (!section->is_there(report))
			continue;
		text_heading(text, section->title);
		err = err ? err : section->print(text, report);
	}
	fprintf(text->out, "\nltpin %s%s%s\n", PACKAGE_VERSION,
		report->snap->captured_at ? ", captured at " : "",
		report->snap->captured_at ? report->snap->captured_at : "");
	return err;
}
