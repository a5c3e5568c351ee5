// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A saved report again. Its sentences are printed as they were; what the tables of a report are made
 * of is in the document.
 */
#include "render/saved_report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/errno_name.h"
#include "render/markdown.h"

static const char *or_unknown(const char *text)
{
	return text ? text : "not known";
}

/* @line, of which @len bytes were wanted: what was cut off ends with a whole character. */
static struct saved_line whole(struct saved_line line, int len)
{
	static const char mark[] = "...";

	if (len >= 0 && (size_t)len >= sizeof(line.s))
		memcpy(line.s + text_fit(line.s, sizeof(line.s) - sizeof(mark)), mark,
		       sizeof(mark));
	return line;
}

struct saved_line saved_report_origin(const struct lt_saved_report *report)
{
	struct saved_line line;
	int len =
		snprintf(line.s, sizeof(line.s),
			 "As ltpin %s judged it%s%s%s%s%s%s%s%s; nothing was judged again, "
			 "and the tables are in the document alone",
			 report->version ? report->version : "(version not known)",
			 report->captured_at ? ", of evidence taken at " : "",
			 report->captured_at ? report->captured_at : "",
			 report->machine ? " on " : "", report->machine ? report->machine : "",
			 report->release ? ", kernel " : "", report->release ? report->release : "",
			 report->boot_id ? ", boot " : "", report->boot_id ? report->boot_id : "");

	return whole(line, len);
}

struct saved_line saved_report_ruled_out(const struct lt_saved_ruled_out *ruled_out)
{
	struct saved_line line;
	int len = snprintf(line.s, sizeof(line.s), "%s: %s", or_unknown(ruled_out->cause),
			   or_unknown(ruled_out->text));

	return whole(line, len);
}

struct saved_line saved_report_group(const struct text *text, const struct lt_saved_group *group)
{
	const char *name = group->err.known ? lt_errno_name((int)group->err.val) : NULL;
	struct saved_line line;
	int len = snprintf(line.s, sizeof(line.s), "Failed: %s from %s, %s%s time%s%s%s%s%s",
			   text_pages(text, group->nr_pages).s,
			   group->area ? group->area : "an area that no source names",
			   group->is_at_least ? "at least " : "", text_num(group->nr_failed).s,
			   group->nr_failed.known && group->nr_failed.val == 1 ? "" : "s",
			   name ? ", -" : "", name ? name : "", group->cause ? ": " : "",
			   group->cause ? group->cause : "");

	return whole(line, len);
}

struct saved_line saved_report_area(const struct text *text, const struct lt_saved_area *area)
{
	struct saved_line line;
	int len = snprintf(line.s, sizeof(line.s), "Area %s: %s%s%s%s%s%s%s",
			   area->name ? area->name : "(unnamed)",
			   text_pages(text, area->nr_pages).s, area->nr_allocated.known ? ", " : "",
			   area->nr_allocated.known ? text_num(area->nr_allocated).s : "",
			   area->nr_allocated.known ? " allocated" : "",
			   area->nr_pinned.known ? ", " : "",
			   area->nr_pinned.known ? text_num(area->nr_pinned).s : "",
			   area->nr_pinned.known ? " pinned" : "");

	return whole(line, len);
}

static enum text_role role_of(const char *severity)
{
	return !severity	  ? TEXT_PLAIN
	       : *severity == 'c' ? TEXT_BAD
	       : *severity == 'w' ? TEXT_WARNING
				  : TEXT_PLAIN;
}

static void print_finding(struct text *text, const struct lt_saved_finding *finding)
{
	if (!text->is_brief)
		putc('\n', text->out);
	fputs(text_role(text, role_of(finding->severity)), text->out);
	text_wrapf(text, "", 2, "%s: %s (%s, %s)", or_unknown(finding->id),
		   or_unknown(finding->title), or_unknown(finding->severity),
		   or_unknown(finding->confidence));
	fputs(text_role(text, TEXT_PLAIN), text->out);
	if (text->is_brief)
		return;
	if (finding->text)
		text_wrap(text, "  ", 2, finding->text);
	lt_vec_each(statement, &finding->evidence)
		if (*statement)
			text_wrap(text, "  - ", 4, *statement);
	if (finding->advice)
		text_wrap(text, "  Advice: ", 4, finding->advice);
	if (finding->confirm)
		text_wrapf(text, "  ", 4, "Confirm: `%s`", finding->confirm);
}

void saved_report_print_text(struct text *text, const struct lt_saved_report *report)
{
	fputs(text_role(text, TEXT_HEADING), text->out);
	text_wrap(text, "", 0, report->headline);
	fputs(text_role(text, TEXT_PLAIN), text->out);
	text_wrapf(text, "", 0, "%s.", saved_report_origin(report).s);
	if (report->signature)
		text_wrapf(text, "", 2, "Signature: %s", report->signature);
	if (report->note)
		text_wrapf(text, "Note: ", 2, "%s", report->note);
	if (!text->is_brief)
		lt_vec_each(ruled_out, &report->ruled_out)
			text_wrapf(text, "Ruled out: ", 2, "%s.",
				   saved_report_ruled_out(ruled_out).s);
	lt_vec_each(finding, &report->findings)
		print_finding(text, finding);
	if (text->is_brief || (!report->areas.nr && !report->groups.nr))
		return;
	putc('\n', text->out);
	lt_vec_each(area, &report->areas)
		text_wrap(text, "", 2, saved_report_area(text, area).s);
	lt_vec_each(group, &report->groups)
		text_wrap(text, "", 2, saved_report_group(text, group).s);
}

static void put_item(FILE *out, const char *before, const char *words)
{
	if (!words)
		return;
	fputs(before, out);
	markdown_text(out, words);
	putc('\n', out);
}

static void put_finding(FILE *out, const struct lt_saved_finding *finding)
{
	fputs("\n### ", out);
	markdown_text(out, or_unknown(finding->id));
	fputs(" (", out);
	markdown_text(out, or_unknown(finding->severity));
	fputs(", ", out);
	markdown_text(out, or_unknown(finding->confidence));
	fputs(")\n\n", out);
	put_item(out, "", finding->text ? finding->text : finding->title);
	if (finding->evidence.nr)
		putc('\n', out);
	lt_vec_each(statement, &finding->evidence)
		put_item(out, "- ", *statement);
	put_item(out, "\nAdvice: ", finding->advice);
	put_item(out, "\nConfirm: ", finding->confirm);
}

void saved_report_print_markdown(struct text *text, const struct lt_saved_report *report)
{
	fputs("**", text->out);
	markdown_text(text->out, report->headline);
	fputs("**\n\n", text->out);
	put_item(text->out, "- ", saved_report_origin(report).s);
	put_item(text->out, "- Signature ", report->signature);
	put_item(text->out, "- Note: ", report->note);
	lt_vec_each(ruled_out, &report->ruled_out)
		put_item(text->out, "- Ruled out: ", saved_report_ruled_out(ruled_out).s);
	lt_vec_each(area, &report->areas)
		put_item(text->out, "- ", saved_report_area(text, area).s);
	lt_vec_each(group, &report->groups)
		put_item(text->out, "- ", saved_report_group(text, group).s);
	if (report->findings.nr)
		fputs("\n## Findings\n", text->out);
	lt_vec_each(finding, &report->findings)
		put_finding(text->out, finding);
}
