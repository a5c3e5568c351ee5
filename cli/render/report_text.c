// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a report as text. */
#include <stdlib.h>

#include "render/evidence.h"
#include "render/finding.h"
#include "render/report.h"

static enum text_role role_of(enum lt_severity severity)
{
	return severity == LT_CRITICAL	? TEXT_BAD
	       : severity == LT_WARNING ? TEXT_WARNING
					: TEXT_PLAIN;
}

static void print_title(struct text *text, const struct lt_finding *finding, size_t nr_alike)
{
	char alike[40] = "";

	if (nr_alike > 1)
		snprintf(alike, sizeof(alike), ": %zu findings", nr_alike);
	fputs(text_role(text, role_of(finding->severity)), text->out);
	text_wrapf(text, "", 2, "%s: %s (%s, %s%s)", finding->rule->id, finding->rule->title,
		   lt_severity_name(finding->severity), lt_confidence_name(finding->confidence),
		   alike);
	fputs(text_role(text, TEXT_PLAIN), text->out);
}

static void print_brief(struct text *text, const struct lt_report *report,
			const struct lt_finding *finding)
{
	const size_t nr_alike = finding_nr_alike(report, finding);

	if (nr_alike)
		print_title(text, finding, nr_alike);
}

void report_print_finding(struct text *text, const struct lt_report *report,
			  const struct lt_finding *finding)
{
	const char *words = finding_text(report, finding);
	const char *advice = finding_advice(report, finding);
	const char *confirm = finding_confirm(report, finding);

	if (text->is_brief) {
		print_brief(text, report, finding);
		return;
	}
	putc('\n', text->out);
	print_title(text, finding, 1);
	if (words)
		text_wrap(text, "  ", 2, words);
	lt_vec_each(statement, &finding->evidence)
		text_wrap(text, "  - ", 4, *statement);
	if (advice)
		text_wrap(text, "  Advice: ", 4, advice);
	if (confirm)
		text_wrapf(text, "  ", 4, "Confirm%s: `%s`",
			   finding->is_for_device ? " on the device" : "", confirm);
}

void report_print_headline(struct text *text, const char *indent, const struct lt_report *report)
{
	unsigned int rest = text_columns(indent);

	fputs(text_role(text, TEXT_HEADING), text->out);
	text_wrap(text, indent, rest, report->verdict);
	fputs(text_role(text, TEXT_PLAIN), text->out);
	if (report->next_words)
		text_wrap(text, indent, rest, report->next_words);
}

static void print_ruled_out(struct text *text, const struct lt_report *report)
{
	if (report->ruled_out.nr)
		putc('\n', text->out);
	for (size_t i = 0, next; i < report->ruled_out.nr; i = next) {
		char *causes = finding_ruled_out(report, i, &next);

		if (causes)
			text_wrapf(text, "Ruled out: ", 2, "%s: %s.", causes,
				   report->ruled_out.v[i].text);
		else
			text_lose(text);
		free(causes);
	}
}

static void print_signature(struct text *text, const struct lt_report *report)
{
	if (report->signature)
		fprintf(text->out, "\nSignature: %s\n", report->signature);
}

static void print_origin(struct text *text, const struct lt_origin *origin)
{
	char *redacted = origin_redacted(text, origin);

	if (origin->note || redacted)
		putc('\n', text->out);
	if (origin->note)
		text_wrapf(text, "Note: ", 2, "%s", origin->note);
	if (redacted)
		text_wrapf(text, "Redacted: ", 2, "%s.", redacted);
	free(redacted);
}

int report_print_text(struct text *text, const struct lt_report *report)
{
	int err = 0;

	report_print_headline(text, "", report);
	if (!text->is_brief) {
		print_ruled_out(text, report);
		print_signature(text, report);
	}
	lt_vec_each(finding, &report->findings)
		if (!finding_is_elsewhere(finding))
			report_print_finding(text, report, finding);
	if (text->is_brief)
		return 0;
	for (const struct report_section *section = report_sections; section->title; section++) {
		if (!section->is_there(report))
			continue;
		text_heading(text, section->title);
		err = err ? err : section->print(text, report);
	}
	print_origin(text, &report->snap->origin);
	fprintf(text->out, "\nltpin %s%s%s\n", PACKAGE_VERSION,
		report->snap->captured_at ? ", captured at " : "",
		report->snap->captured_at ? report->snap->captured_at : "");
	if (text->is_console) {
		putc('\n', text->out);
		report_print_headline(text, "", report);
	}
	return err;
}
