// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a report as one HTML file. */
#include "render/html/html_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/errno_name.h"
#include "base/memstream.h"
#include "render/evidence.h"
#include "render/finding.h"
#include "render/html/html_part.h"
#include "render/report.h"
#include "render/table.h"

/* Attempts with a row of their own; the table of those that are alike has all. */
#define ATTEMPTS_MAX 10000

static const char style[] =
#include "cli/render/html/report.css.inc"
	;

static const char script[] =
#include "cli/render/html/report.js.inc"
	;

/* SHA-256 of the script, which alone may run: test_html.py says what it is if it is not this. */
#define SCRIPT_HASH "Vjm5IO+qC0oV709CfPTnk1IW6FDj8Gh+vmSrUZvaNS0="

void html_begin(FILE *out, const char *title, const char *headline)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; img-src data:; script-src 'sha256-" SCRIPT_HASH "'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n<title>",
	      out);
	html_text(out, title);
	fputs("</title>\n<style>\n", out);
	fputs(style, out);
	fputs("</style>\n</head>\n<body>\n<header>\n<h1>", out);
	html_words(out, headline);
	fputs("</h1>\n", out);
}

void html_end(FILE *out)
{
	fprintf(out,
		"</main>\n<footer><p>ltpin " PACKAGE_VERSION "</p></footer>\n<script>%s</script>\n"
		"</body>\n</html>\n",
		script);
}

void html_section(FILE *out, const char *id, const char *title)
{
	fprintf(out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, title);
}

void html_section_end(FILE *out)
{
	fputs("</section>\n", out);
}

static void put_fact(FILE *out, const char *lead, const char *words)
{
	if (!words)
		return;
	fputs(lead, out);
	html_text(out, words);
}

static void put_origin(const struct text *text, const struct lt_origin *origin)
{
	char *redacted = origin_redacted(text, origin);
	FILE *out = text->out;

	if (origin->note) {
		fputs("<p>Note: ", out);
		html_text(out, origin->note);
		fputs("</p>\n", out);
	}
	if (redacted) {
		fputs("<p>Redacted: ", out);
		html_text(out, redacted);
		fputs("</p>\n", out);
	}
	free(redacted);
}

static void put_header(const struct text *text, const struct lt_report *report)
{
	FILE *out = text->out;
	const struct lt_snapshot *snap = report->snap;

	html_begin(out, report->signature ? report->signature : "ltpin report", report->headline);
	fputs("<p class=\"facts\">Kernel ", out);
	html_text(out, snap->kernel.release ? snap->kernel.release : "not known");
	put_fact(out, " on ", snap->kernel.arch);
	put_fact(out, "; ", snap->machine);
	put_fact(out, "; captured at ", snap->captured_at);
	put_fact(out, "; boot ", snap->boot_id);
	fputs("</p>\n", out);
	if (report->signature) {
		fputs("<p>Signature <code>", out);
		html_text(out, report->signature);
		fputs("</code></p>\n", out);
	}
	put_origin(text, &snap->origin);
	fputs("</header>\n", out);
}

static void put_ruled_out(const struct text *text, const struct lt_report *report)
{
	FILE *out = text->out;

	fputs("<ul>\n", out);
	for (size_t i = 0, next; i < report->ruled_out.nr; i = next) {
		char *causes = finding_ruled_out(report, i, &next);

		if (!causes)
			text_lose(text);
		fputs("<li><code>", out);
		html_text(out, causes ? causes : "?");
		fputs("</code>: ", out);
		html_words(out, report->ruled_out.v[i].text);
		fputs("</li>\n", out);
		free(causes);
	}
	fputs("</ul>\n", out);
}

/* A section of the text report as it is. */
static int put_as_text(struct text *text, int (*print)(struct text *, const struct lt_report *),
		       const struct lt_report *report)
{
	struct text inner = *text;
	char *lines = NULL;
	size_t len;
	int err;

	inner.out = open_memstream(&lines, &len);
	if (!inner.out)
		return -ENOMEM;
	inner.html = NULL;
	inner.width = 100;
	err = print(&inner, report);
	if (lt_memstream_close(inner.out, &lines))
		return -ENOMEM;
	if (!err && len) {
		fputs("<pre>", text->out);
		html_text(text->out, lines);
		fputs("</pre>\n", text->out);
	}
	free(lines);
	return err;
}

static int put_areas(struct text *text, const struct lt_report *report,
		     const struct html_pages *pages)
{
	const struct lt_snapshot *snap = report->snap;
	int err;

	text->html = "Areas";
	err = area_print_table(text, snap);
	html_map_patterns(text->out);
	for (size_t i = 0; i < snap->areas.nr && !err; i++)
		err = html_map(text->out, report, pages, i);
	return err;
}

static int print_stacks(struct text *text, const struct lt_report *report)
{
	pin_print_stacks(text, report->snap, LT_NO_AREA);
	return 0;
}

static int put_pages(struct text *text, const struct lt_report *report,
		     const struct html_pages *pages)
{
	int err;

	text->html = "Pages by who has them";
	err = pin_print_groups(text, report->snap, &report->blocking, LT_NO_AREA, HTML_PAGES_MAX);
	html_page_table(text->out, report, pages);
	return err ? err : put_as_text(text, print_stacks, report);
}

static int put_groups(struct text *text, const struct lt_report *report)
{
	const struct table_column columns[] = {
		{ "AREA", TABLE_LEFT },	 { text_unit(text), TABLE_RIGHT }, { "ERROR", TABLE_LEFT },
		{ "CAUSE", TABLE_LEFT }, { "FAILED", TABLE_RIGHT },	   { "FIRST", TABLE_RIGHT },
		{ "LAST", TABLE_RIGHT }, { "SIGNATURE", TABLE_LEFT },	   { NULL, 0 },
	};
	struct table *table;

	text->html = "Failures by cause";
	table = table_new(text, columns);
	lt_vec_each(failure, &report->failures) {
		const char *err = failure->err.known ? lt_errno_name((int)failure->err.val) : NULL;
		const char *id = lt_failure_explain(report, failure).id;

		table_row(table);
		table_cell(table, "%s",
			   failure->area_name ? failure->area_name
					      : area_label(report->snap, failure->area));
		table_cell(table, "%s", text_count(text, failure->nr_pages).s);
		table_cell(table, "%s%s", err ? "-" : "", err ? err : text_num(failure->err).s);
		table_cell(table, "%s", id ? id : "-");
		table_cell(table, "%u%s", failure->count, failure->is_at_least ? "+" : "");
		table_cell(table, "%s", text_time(failure->first_ns).s);
		table_cell(table, "%s", text_time(failure->last_ns).s);
		table_cell(table, "%s", failure->signature);
	}
	return table_print(table, text);
}

static void put_attempt(struct table *table, struct text *text, const struct lt_report *report,
			const struct lt_attempt *attempt)
{
	const char *err = attempt->err.known ? lt_errno_name((int)attempt->err.val) : NULL;
	bool has_failed = lt_cause_has_failed(report->snap, attempt);

	table_row(table);
	table_cell(table, "%s", text_time(attempt->ts_ns).s);
	table_cell(table, "%s", lt_attempt_source_name(attempt->source));
	table_cell(table, "%s",
		   attempt->area_name ? attempt->area_name
				      : area_label(report->snap, attempt->area));
	table_cell(table, "%s", text_count(text, attempt->nr_pages).s);
	if (has_failed)
		table_cell(table, "%s%s", err ? "-" : "", err ? err : "failed");
	else
		table_cell(table, attempt->is_open ? "not known" : "ok");
	table_cell(table, "%s", text_duration(attempt->latency_ns).s);
	table_cell(table, "%s", text_num(lt_attempt_nr_ranges(attempt)).s);
	table_cell(table, "%s", attempt_blockers(attempt).s);
	table_cell(table, "%s", attempt->caller ? attempt->caller : "-");
}

static int put_attempts(struct text *text, const struct lt_report *report)
{
	const struct table_column columns[] = {
		{ "AT", TABLE_RIGHT },	   { "SOURCE", TABLE_LEFT },
		{ "AREA", TABLE_LEFT },	   { text_unit(text), TABLE_RIGHT },
		{ "RESULT", TABLE_LEFT },  { "TOOK", TABLE_RIGHT },
		{ "RANGES", TABLE_RIGHT }, { "BLOCKED BY", TABLE_LEFT },
		{ "CALLER", TABLE_LEFT },  { NULL, 0 },
	};
	const struct lt_attempts *attempts = &report->snap->attempts;
	size_t first = attempts->nr > ATTEMPTS_MAX ? attempts->nr - ATTEMPTS_MAX : 0;
	struct table *table;
	int err;

	text->html = "Attempts that are alike";
	err = attempt_print_table(text, report->snap);
	fprintf(text->out,
		"<details aria-label=\"Each attempt\"><summary>Each of %zu attempts</summary>\n",
		attempts->nr - first);
	if (first)
		fprintf(text->out, "<p>%zu earlier ones are in <code>-f json</code>.</p>\n", first);
	text->html = "Each attempt";
	table = table_new(text, columns);
	for (size_t i = first; i < attempts->nr; i++)
		put_attempt(table, text, report, &attempts->v[i]);
	err = table_print(table, text) ? -ENOMEM : err;
	fputs("</details>\n", text->out);
	return err;
}

static int put_holders(struct text *text, const struct lt_report *report)
{
	int err = 0;

	if (report->snap->holders.nr) {
		text->html = "Who holds device memory";
		err = holder_print_table(text, report->snap);
	}
	if (!err && report->snap->pin_hints.nr) {
		text->html = "Who may pin memory (hints)";
		err = pin_hint_print_table(text, report->snap);
	}
	return err;
}

static int put_sources(struct text *text, const struct lt_report *report)
{
	static const struct table_column columns[] = {
		{ "SOURCE", TABLE_LEFT },	{ "STATUS", TABLE_LEFT },
		{ "DETAIL", TABLE_LINES },	{ "PROVES", TABLE_LINES },
		{ "ENABLE WITH", TABLE_LINES }, { NULL, 0 },
	};
	struct table *table;

	text->html = "Sources";
	table = table_new(text, columns);
	lt_vec_each(source, &report->snap->sources) {
		table_row(table);
		table_cell(table, "%s", source->name);
		table_cell(table, "%s", lt_status_name(source->status));
		table_cell(table, "%s", source->detail ? source->detail : "");
		table_cell(table, "%s", source->proves ? source->proves : "");
		table_cell(table, "%s", source->enable ? source->enable : "");
	}
	return table_print(table, text);
}

static bool has_findings(const struct lt_report *report)
{
	lt_vec_each(finding, &report->findings)
		if (!finding_is_elsewhere(finding))
			return true;
	return false;
}

/* What of the report is there, in its order. */
struct part {
	const char *id, *title;
	bool is_there;
};

enum part_id {
	PART_RULED_OUT,
	PART_FINDINGS,
	PART_AREAS,
	PART_TIMELINE,
	PART_GROUPS,
	PART_PAGES,
	PART_HOLDERS,
	PART_ATTEMPTS,
	PART_ZONES,
	PART_MORE,
	PART_SOURCES,
	NR_PARTS,
};

static void find_parts(const struct lt_report *report, struct part parts[NR_PARTS])
{
	const struct lt_snapshot *snap = report->snap;
	const struct part found[NR_PARTS] = {
		[PART_RULED_OUT] = { "ruled-out", "Ruled out", report->ruled_out.nr },
		[PART_FINDINGS] = { "findings", "Findings", has_findings(report) },
		[PART_AREAS] = { "areas", "Areas", snap->areas.nr },
		[PART_TIMELINE] = { "timeline", "Timeline", html_timeline_is_there(report) },
		[PART_GROUPS] = { "groups", "Failures", report->failures.nr },
		[PART_PAGES] = { "pages", "Pages that are held, or that blocked", snap->pins.nr },
		[PART_HOLDERS] = { "holders", "Who holds or pins memory",
				   snap->holders.nr || snap->pin_hints.nr },
		[PART_ATTEMPTS] = { "attempts", "Attempts to allocate", snap->attempts.nr },
		[PART_ZONES] = { "zones", "Zones", snap->zones.nr },
		[PART_MORE] = { "more", "Kernel, and more evidence", true },
		[PART_SOURCES] = { "sources", "Sources", true },
	};

	for (int i = 0; i < NR_PARTS; i++)
		parts[i] = found[i];
}

static void put_nav(FILE *out, const struct part parts[NR_PARTS])
{
	fputs("<nav aria-label=\"Contents\"><ul>\n", out);
	for (int i = 0; i < NR_PARTS; i++)
		if (parts[i].is_there)
			fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", parts[i].id,
				parts[i].title);
	fputs("</ul></nav>\n<main>\n", out);
}

/* What has a section in the text report, and none here. */
static int put_more(struct text *text, const struct lt_report *report)
{
	int err = 0;

	for (const struct report_section *section = report_sections; section->title; section++) {
		if (!section->is_prose || !section->is_there(report) || err)
			continue;
		fprintf(text->out, "<h3>%s</h3>\n", section->title);
		err = put_as_text(text, section->print, report);
	}
	return err;
}

static int put_part(enum part_id id, struct text *text, const struct lt_report *report,
		    const struct html_pages *pages)
{
	switch (id) {
	case PART_RULED_OUT:
		put_ruled_out(text, report);
		return 0;
	case PART_FINDINGS:
		html_findings(text->out, report);
		return 0;
	case PART_AREAS:
		return put_areas(text, report, pages);
	case PART_TIMELINE:
		html_timeline(text->out, report);
		return 0;
	case PART_GROUPS:
		return put_groups(text, report);
	case PART_PAGES:
		return put_pages(text, report, pages);
	case PART_HOLDERS:
		return put_holders(text, report);
	case PART_ATTEMPTS:
		return put_attempts(text, report);
	case PART_ZONES:
		text->html = "Zones";
		return zone_print_table(text, report->snap);
	case PART_MORE:
		return put_more(text, report);
	case PART_SOURCES:
		return put_sources(text, report);
	case NR_PARTS:
		break;
	}
	return 0;
}

int html_report(const struct text *whole, const struct lt_report *report)
{
	struct text text = *whole;
	struct part parts[NR_PARTS];
	struct html_pages pages;
	int err = html_pages_choose(report, &pages);

	text.color = false;
	text.columns = NULL;
	find_parts(report, parts);
	put_header(&text, report);
	put_nav(text.out, parts);
	for (int i = 0; i < NR_PARTS && !err; i++) {
		if (!parts[i].is_there)
			continue;
		html_section(text.out, parts[i].id, parts[i].title);
		err = put_part((enum part_id)i, &text, report, &pages);
		html_section_end(text.out);
	}
	html_end(text.out);
	html_pages_fini(&pages);
	return err;
}
