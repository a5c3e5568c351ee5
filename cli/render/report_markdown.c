// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A report for a bug tracker. It begins with a block of at most 25 lines that
 * says it all; what follows is the evidence, as the text report prints it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "analyse/missing.h"
#include "base/errno_name.h"
#include "base/memstream.h"
#include "render/evidence.h"
#include "render/finding.h"
#include "render/markdown.h"
#include "render/report.h"

/* Rows of one kind in the block at the top. */
#define BLOCK_ROWS 4

static void put(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct text *text, const char *fmt, ...)
{
	char *line = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&line, fmt, args) < 0)
		line = NULL;
	va_end(args);
	if (line)
		markdown_text(text->out, line);
	else
		text_lose(text);
	free(line);
}

static void put_more(FILE *out, size_t nr)
{
	if (nr > BLOCK_ROWS)
		fprintf(out, "- ... and %zu more\n", nr - BLOCK_ROWS);
}

static void put_areas(struct text *text, const struct lt_snapshot *snap)
{
	for (size_t i = 0; i < snap->areas.nr && i < BLOCK_ROWS; i++) {
		const struct lt_area *area = &snap->areas.v[i];

		fputs("- ", text->out);
		put(text, "Area %s: %s", area_label(snap, i), text_pages(text, area->nr_pages).s);
		if (area->nr_allocated.known)
			fprintf(text->out, ", %s allocated", text_num(area->nr_allocated).s);
		if (area->nr_pinned.known)
			fprintf(text->out, ", %s pinned", text_num(area->nr_pinned).s);
		putc('\n', text->out);
	}
	put_more(text->out, snap->areas.nr);
}

static void put_failures(struct text *text, const struct lt_report *report)
{
	const struct lt_failures *failures = &report->failures;

	for (size_t i = 0; i < failures->nr && i < BLOCK_ROWS; i++) {
		const struct lt_failure *failure = &failures->v[i];
		const char *name = failure->area_name ? failure->area_name
						      : area_label(report->snap, failure->area);
		const char *err = failure->err.known ? lt_errno_name((int)failure->err.val) : NULL;

		fputs("- ", text->out);
		put(text, "Failed: %s from %s, %s%u time%s%s%s",
		    text_pages(text, failure->nr_pages).s, name,
		    failure->is_at_least ? "at least " : "", failure->count,
		    failure->count == 1 ? "" : "s", err ? ", -" : "", err ? err : "");
		putc('\n', text->out);
	}
	put_more(text->out, failures->nr);
}

static void put_findings(FILE *out, const struct lt_findings *findings)
{
	for (size_t i = 0; i < findings->nr && i < BLOCK_ROWS; i++) {
		const struct lt_finding *finding = &findings->v[i];

		fprintf(out, "- Finding `%s` (%s, %s): ", finding->rule->id,
			lt_severity_name(finding->severity),
			lt_confidence_name(finding->confidence));
		markdown_text(out, finding->rule->title);
		putc('\n', out);
	}
	put_more(out, findings->nr);
}

static void put_correlation(FILE *out, const struct lt_report *report)
{
	const struct lt_correlation *c = report->correlations.v;

	if (!report->correlations.nr)
		return;
	fprintf(out,
		"- With a pinned page in reach %u of %u attempts failed, without one %u of %u\n",
		c->table.pinned_failed, c->table.pinned_failed + c->table.pinned_ok,
		c->table.clean_failed, c->table.clean_failed + c->table.clean_ok);
}

/* Those that may change what is said; all are listed below. */
static void put_missing(FILE *out, const struct lt_report *report)
{
	const char *sep = "- Missing, and may change this: ";

	lt_vec_each(source, &report->snap->sources) {
		if (!lt_source_may_change(report, source))
			continue;
		fprintf(out, "%s%s (%s)", sep, source->name, lt_status_name(source->status));
		sep = ", ";
	}
	if (*sep == ',')
		putc('\n', out);
}

static void put_ruled_out(struct text *text, const struct lt_report *report)
{
	for (size_t i = 0, next; i < report->ruled_out.nr; i = next) {
		char *causes = finding_ruled_out(report, i, &next);

		if (!causes)
			text_lose(text);
		fprintf(text->out, "- Ruled out: `%s`: ", causes ? causes : "?");
		markdown_text(text->out, report->ruled_out.v[i].text);
		putc('\n', text->out);
		free(causes);
	}
}

static void put_origin(const struct text *text, const struct lt_origin *origin)
{
	char *redacted = origin_redacted(text, origin);
	FILE *out = text->out;

	if (origin->note) {
		fputs("- Note: ", out);
		markdown_text(out, origin->note);
		putc('\n', out);
	}
	if (redacted)
		fprintf(out, "- Redacted: %s\n", redacted);
	free(redacted);
}

static void put_block(struct text *text, const struct lt_report *report)
{
	const struct lt_kernel *kernel = &report->snap->kernel;

	fputs("**", text->out);
	markdown_text(text->out, report->headline);
	fputs("**\n\n- ", text->out);
	put(text, "Kernel %s%s%s", kernel->release ? kernel->release : "not known",
	    kernel->arch ? " on " : "", kernel->arch ? kernel->arch : "");
	putc('\n', text->out);
	if (report->signature)
		fprintf(text->out, "- Signature `%s`\n", report->signature);
	put_ruled_out(text, report);
	put_areas(text, report->snap);
	put_failures(text, report);
	put_findings(text->out, &report->findings);
	put_correlation(text->out, report);
	put_missing(text->out, report);
	put_origin(text, &report->snap->origin);
	fputs("- ltpin " PACKAGE_VERSION, text->out);
	if (report->snap->captured_at)
		put(text, ", captured at %s", report->snap->captured_at);
	putc('\n', text->out);
}

static void put_evidence(FILE *out, const struct lt_finding *finding, const char *text)
{
	if (finding->evidence.nr && text)
		putc('\n', out);
	lt_vec_each(statement, &finding->evidence) {
		fputs("- ", out);
		markdown_text(out, *statement);
		putc('\n', out);
	}
}

static void put_finding(FILE *out, const struct lt_report *report, const struct lt_finding *finding)
{
	const char *text = finding_text(report, finding);
	const char *advice = finding_advice(report, finding);
	const char *confirm = finding_confirm(report, finding);

	fprintf(out, "\n### `%s` (%s, %s)\n\n", finding->rule->id,
		lt_severity_name(finding->severity), lt_confidence_name(finding->confidence));
	if (text) {
		markdown_text(out, text);
		putc('\n', out);
	}
	put_evidence(out, finding, text);
	if (advice) {
		fputs("\nAdvice: ", out);
		markdown_text(out, advice);
		putc('\n', out);
	}
	if (confirm)
		fprintf(out, "\nConfirm%s: `%s`\n", finding->is_for_device ? " on the device" : "",
			confirm);
}

/* The text report's section, as code. */
static int put_section(struct text *text, const struct lt_report *report,
		       const struct report_section *section)
{
	struct text inner = *text;
	char *lines = NULL;
	size_t len;
	int err;

	inner.out = open_memstream(&lines, &len);
	if (!inner.out)
		return -ENOMEM;
	inner.width = TEXT_WIDTH;
	inner.color = false;
	err = section->print(&inner, report);
	if (lt_memstream_close(inner.out, &lines))
		return -ENOMEM;
	if (!err) {
		fprintf(text->out, "\n## %s\n\n", section->title);
		markdown_block(text->out, lines);
	}
	free(lines);
	return err;
}

/* Whether any has a paragraph of its own. */
static bool has_findings(const struct lt_report *report)
{
	lt_vec_each(finding, &report->findings)
		if (!finding_is_elsewhere(finding))
			return true;
	return false;
}

int report_print_markdown(struct text *text, const struct lt_report *report)
{
	int err = 0;

	put_block(text, report);
	if (has_findings(report))
		fputs("\n## Findings\n", text->out);
	lt_vec_each(finding, &report->findings)
		if (!finding_is_elsewhere(finding))
			put_finding(text->out, report, finding);
	fputs("\n<details><summary>Evidence: kernel, areas, pages, attempts, zones, sources</summary>\n",
	      text->out);
	for (const struct report_section *section = report_sections; section->title; section++)
		if (!err && section->is_there(report))
			err = put_section(text, report, section);
	fputs("\n</details>\n", text->out);
	return err;
}
