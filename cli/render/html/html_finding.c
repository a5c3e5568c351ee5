// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes findings as HTML. */
#include <string.h>

#include "render/finding.h"
#include "render/html/html_part.h"

static const char *or_unknown(const char *text)
{
	return text ? text : "not known";
}

/* A class of the style: what a saved report says may be anything. */
static const char *class_of(const char *severity)
{
	if (severity && !strcmp(severity, "critical"))
		return "critical";
	return severity && !strcmp(severity, "warning") ? "warning" : "info";
}

static void put_paragraph(FILE *out, const char *lead, const char *words)
{
	if (!words)
		return;
	fprintf(out, "<p>%s", lead);
	html_words(out, words);
	fputs("</p>\n", out);
}

static void put_evidence(FILE *out, const struct html_finding *finding)
{
	if (!finding->nr_evidence)
		return;
	fputs("<ul>\n", out);
	for (size_t i = 0; i < finding->nr_evidence; i++) {
		fputs("<li>", out);
		html_words(out, finding->evidence[i]);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

void html_finding(FILE *out, const struct html_finding *finding)
{
	fprintf(out, "<article class=\"finding %s\">\n<h3><code>", class_of(finding->severity));
	html_text(out, or_unknown(finding->id));
	fputs("</code> ", out);
	html_text(out, or_unknown(finding->title));
	fputs(" <span class=\"tag\">(", out);
	html_text(out, or_unknown(finding->severity));
	fputs(", ", out);
	html_text(out, or_unknown(finding->confidence));
	fputs(")</span></h3>\n", out);
	put_paragraph(out, "", finding->text);
	put_evidence(out, finding);
	put_paragraph(out, "<b>Advice:</b> ", finding->advice);
	if (finding->confirm) {
		fprintf(out, "<p><b>Confirm%s:</b> <code>",
			finding->is_for_device ? " on the device" : "");
		html_text(out, finding->confirm);
		fputs("</code></p>\n", out);
	}
	fputs("</article>\n", out);
}

void html_findings(FILE *out, const struct lt_report *report)
{
	lt_vec_each(finding, &report->findings) {
		const struct html_finding shown = {
			.id = finding->rule->id,
			.title = finding->rule->title,
			.severity = lt_severity_name(finding->severity),
			.confidence = lt_confidence_name(finding->confidence),
			.text = finding_text(report, finding),
			.advice = finding_advice(report, finding),
			.confirm = finding_confirm(report, finding),
			.is_for_device = finding->is_for_device,
			.evidence = finding->evidence.v,
			.nr_evidence = finding->evidence.nr,
		};

		if (!finding_is_elsewhere(finding))
			html_finding(out, &shown);
	}
}
