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

/* Bytes; GitHub takes 65536 characters, and somebody wants to add a sentence. */
#define MARKDOWN_MAX 60000
#define FRAME_LEN 1000 /* of what holds the parts together */

/* Statements of a finding that are shown at once: more of them are folded. */
#define EVIDENCE_SHOWN 12

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

static void put_findings(FILE *out, const struct lt_report *report)
{
	size_t nr = 0, nr_alike;

	lt_vec_each(finding, &report->findings) {
		nr_alike = finding_nr_alike(report, finding);
		if (!nr_alike || nr++ >= BLOCK_ROWS)
			continue;
		fprintf(out, "- Finding `%s` (%s, %s): ", finding->rule->id,
			lt_severity_name(finding->severity),
			lt_confidence_name(finding->confidence));
		markdown_text(out, finding->rule->title);
		if (nr_alike > 1)
			fprintf(out, ": %zu findings", nr_alike);
		putc('\n', out);
	}
	put_more(out, nr);
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
	put_findings(text->out, report);
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
	bool is_long = finding->evidence.nr > EVIDENCE_SHOWN;

	if (is_long)
		fprintf(out, "\n<details><summary>%zu statements</summary>\n\n",
			finding->evidence.nr);
	else if (finding->evidence.nr && text)
		putc('\n', out);
	lt_vec_each(statement, &finding->evidence) {
		fputs("- ", out);
		markdown_text(out, *statement);
		putc('\n', out);
	}
	if (is_long)
		fputs("\n</details>\n", out);
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

/*
 * A part of the report: what a bug tracker has room for is chosen from these.
 * @section: NULL for the block at the top and for findings
 */
struct part {
	char *text;
	size_t len;
	const struct report_section *section;
	bool is_left_out;
};

LT_VEC_OF(parts, struct part);

/* Where the next part goes; lt_memstream_close() on it ends that. NULL when out of memory. */
static FILE *begin_part(struct parts *parts, const struct report_section *section)
{
	struct part *part = lt_vec_push(parts);

	if (!part)
		return NULL;
	part->section = section;
	return open_memstream(&part->text, &part->len);
}

static int end_part(struct parts *parts, FILE *out)
{
	return lt_memstream_close(out, &parts->v[parts->nr - 1].text);
}

static int add_block(struct parts *parts, const struct text *text, const struct lt_report *report)
{
	struct text inner = *text;

	inner.out = begin_part(parts, NULL);
	if (!inner.out)
		return -ENOMEM;
	put_block(&inner, report);
	return end_part(parts, inner.out);
}

static int add_findings(struct parts *parts, const struct lt_report *report)
{
	int err = 0;

	lt_vec_each(finding, &report->findings) {
		FILE *out;

		if (finding_is_elsewhere(finding) || err)
			continue;
		out = begin_part(parts, NULL);
		if (!out)
			return -ENOMEM;
		put_finding(out, report, finding);
		err = end_part(parts, out);
	}
	return err;
}

static int add_sections(struct parts *parts, const struct text *text,
			const struct lt_report *report)
{
	struct text inner = *text;
	int err = 0, end_err;

	for (const struct report_section *section = report_sections; section->title; section++) {
		if (!section->is_there(report) || err)
			continue;
		inner.out = begin_part(parts, section);
		if (!inner.out)
			return -ENOMEM;
		err = put_section(&inner, report, section);
		end_err = end_part(parts, inner.out);
		err = err ? err : end_err;
	}
	return err;
}

/* Evidence before findings, and of these the last, which is the least severe; never the block. */
static struct part *least(struct parts *parts)
{
	struct part *found = NULL;

	lt_vec_each(part, parts)
		if (part->section && !part->is_left_out &&
		    (!found || part->section->rank < found->section->rank))
			found = part;
	for (size_t i = parts->nr; i > 1 && !found; i--)
		if (!parts->v[i - 1].section && !parts->v[i - 1].is_left_out)
			found = &parts->v[i - 1];
	return found;
}

static void choose(struct parts *parts)
{
	size_t len = 0;
	struct part *part;

	lt_vec_each(each, parts)
		len += each->len;
	while (len + FRAME_LEN > MARKDOWN_MAX && (part = least(parts))) {
		part->is_left_out = true;
		len -= part->len;
	}
}

static void put_left_out(FILE *out, const struct parts *parts)
{
	const char *sep = "- Left out, as a bug tracker has no room for it: ";
	size_t nr_findings = 0;

	lt_vec_each(part, parts) {
		if (!part->is_left_out)
			continue;
		if (!part->section) {
			nr_findings++;
			continue;
		}
		fprintf(out, "%s%s", sep, part->section->title);
		sep = "; ";
	}
	if (nr_findings)
		fprintf(out, "%s%zu finding%s", sep, nr_findings, nr_findings == 1 ? "" : "s");
	if (nr_findings || *sep == ';')
		fputs(". Full report: `ltpin report`\n", out);
}

/* The block is short unless names in it are very long: then it ends with a line that fits. */
static void put_head(FILE *out, const struct part *block)
{
	size_t len = block->len;

	if (len > MARKDOWN_MAX - FRAME_LEN)
		for (len = MARKDOWN_MAX - FRAME_LEN; len && block->text[len - 1] != '\n';)
			len--;
	fwrite(block->text, 1, len, out);
	if (len < block->len)
		fputs("- ... and more, which is too long for a bug tracker\n", out);
}

static void put_parts(FILE *out, const struct parts *parts)
{
	bool has_findings = false, has_evidence = false;

	put_head(out, parts->v);
	put_left_out(out, parts);
	for (size_t i = 1; i < parts->nr; i++) {
		const struct part *part = &parts->v[i];

		if (part->is_left_out)
			continue;
		if (!part->section && !has_findings)
			fputs("\n## Findings\n", out);
		if (part->section && !has_evidence)
			fputs("\n<details><summary>Evidence: kernel, areas, pages, attempts, zones, "
			      "sources</summary>\n",
			      out);
		has_findings |= !part->section;
		has_evidence |= part->section != NULL;
		fwrite(part->text, 1, part->len, out);
	}
	if (has_evidence)
		fputs("\n</details>\n", out);
}

int report_print_markdown(struct text *text, const struct lt_report *report)
{
	struct parts parts = { 0 };
	int err = add_block(&parts, text, report);

	if (!err)
		err = add_findings(&parts, report);
	if (!err)
		err = add_sections(&parts, text, report);
	if (!err) {
		choose(&parts);
		put_parts(text->out, &parts);
	}
	lt_vec_each(part, &parts)
		free(part->text);
	lt_vec_free(&parts);
	return err;
}
