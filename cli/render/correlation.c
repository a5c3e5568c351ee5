// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints whether failures occur together with pins. */
#include <inttypes.h>

#include "base/array_size.h"
#include "render/evidence.h"
#include "render/table.h"

/* Classes of requests that are shown; JSON has all. */
#define CLASSES_MAX 4

/* Three digits or so, and never an exponent that people have to decode. */
static struct text_chunk ratio(double val)
{
	struct text_chunk chunk;

	snprintf(chunk.s, sizeof(chunk.s), "%.*f", val >= 100 ? 0 : val >= 10 ? 1 : 2, val);
	return chunk;
}

static int print_counts(struct text *text, const struct lt_correlation *c)
{
	static const struct table_column columns[] = {
		{ "ATTEMPTS", TABLE_LEFT },
		{ "FAILED", TABLE_RIGHT },
		{ "SUCCEEDED", TABLE_RIGHT },
		{ NULL, 0 },
	};
	struct table *table = table_new(text, columns);

	table_row(table);
	table_cell(table, "a pinned page in reach");
	table_cell(table, "%u", c->table.pinned_failed);
	table_cell(table, "%u", c->table.pinned_ok);
	table_row(table);
	table_cell(table, "no pinned page in reach");
	table_cell(table, "%u", c->table.clean_failed);
	table_cell(table, "%u", c->table.clean_ok);
	return table_print(table, text);
}

/* The worst of a span; what failed with a pinned page in reach is worse than without. */
static char cell_of(const struct lt_contingency *table)
{
	return table->pinned_failed  ? 'P'
	       : table->clean_failed ? 'x'
	       : table->pinned_ok    ? 'p'
	       : table->clean_ok     ? '.'
				     : ' ';
}

static bool has_cell(const struct lt_timeline *timeline, char cell)
{
	lt_vec_each(span, timeline)
		if (cell_of(&span->table) == cell)
			return true;
	return false;
}

/* What the cells mean that there are; of several attempts in one the worst is shown. */
static void print_timeline_legend(struct text *text, const struct lt_timeline *timeline)
{
	static const struct {
		char cell;
		const char *means;
	} cells[] = {
		{ 'P', "failed with a pinned page in reach" },
		{ 'x', "failed without" },
		{ 'p', "succeeded with one" },
		{ '.', "succeeded without" },
	};
	char means[160] = "";
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		if (has_cell(timeline, cells[i].cell))
			len += (size_t)snprintf(means + len, sizeof(means) - len, "%s%c %s",
						len ? ", " : "", cells[i].cell, cells[i].means);
	text_wrapf(text, "  ", 2, "Each cell is a share of the time: %s; the worst is shown.",
		   means);
}

static void print_timeline(struct text *text, const struct lt_timeline *timeline)
{
	if (!timeline->nr)
		return;
	text_wrapf(text, "  ", 2,
		   "From %s to %s since boot:", text_time(lt_num(timeline->v[0].start_ns)).s,
		   text_time(lt_num(timeline->v[timeline->nr - 1].end_ns)).s);
	fputs("  [", text->out);
	lt_vec_each(span, timeline)
		putc(cell_of(&span->table), text->out);
	fputs("]\n", text->out);
	print_timeline_legend(text, timeline);
}

/* What the numbers add up to, for those who do not read them every day. */
static void print_verdict(struct text *text, const struct lt_correlation *c)
{
	if (!c->has_odds)
		text_wrap(
			text, "  ", 2,
			"No comparison is possible: it needs attempts that failed and attempts that "
			"succeeded, with and without a pinned page in reach.");
	else if (c->odds.ci95[0] > 1)
		text_wrap(text, "  ", 2, "Failures occur together with pinned pages.");
	else if (c->odds.ci95[1] < 1)
		text_wrap(text, "  ", 2,
			  "Failures occur without pinned pages: look for another cause.");
	else
		text_wrap(text, "  ", 2,
			  "The interval includes 1: these attempts do not show that failures "
			  "occur together with pins, nor that they do not.");
}

/* What is not in the table, and whether that matters. */
static void print_unknown(struct text *text, const struct lt_correlation *c)
{
	unsigned int nr = lt_correlation_nr_unknown(c);

	if (!nr)
		return;
	text_wrapf(
		text, "  ", 2,
		"%u more attempt%s not counted: nothing shows what was pinned then. %s", nr,
		nr == 1 ? " is" : "s are",
		c->has_odds
			? "This cannot turn the result."
			: "This could turn the result, so there is no odds ratio and no p-value.");
}

static void print_statistics(struct text *text, const struct lt_correlation *c)
{
	if (c->has_odds)
		text_wrapf(text, "  ", 2, "Odds ratio %s (95%% interval %s to %s).",
			   ratio(c->odds.ratio).s, ratio(c->odds.ci95[0]).s,
			   ratio(c->odds.ci95[1]).s);
	if (c->has_p && c->p_value < 0.0001)
		text_wrap(text, "  ", 2, "Fisher's exact test, two-sided: p < 0.0001.");
	else if (c->has_p)
		text_wrapf(text, "  ", 2, "Fisher's exact test, two-sided: p = %.3g.", c->p_value);
	else if (c->nr_attempts < LT_CORRELATION_MIN_ATTEMPTS)
		text_wrapf(text, "  ", 2, "Fewer than %d attempts: too few for a p-value.",
			   LT_CORRELATION_MIN_ATTEMPTS);
	if (c->has_odds || !lt_correlation_nr_unknown(c))
		print_verdict(text, c);
}

static void print_owner(struct text *text, const struct lt_correlation *c,
			const struct lt_owner_share *owner)
{
	bool is_hint = owner->confidence < LT_LIKELY;

	text_wrapf(text, "  ", 2, "%s[%d] %s what blocked %u of %u failure%s (%.0f%%; %s).",
		   owner->comm ? owner->comm : "?", owner->pid, is_hint ? "now maps" : "holds",
		   owner->nr_failed, c->nr_failed, c->nr_failed == 1 ? "" : "s", owner->share * 100,
		   is_hint ? "a hint: it may have come later"
			   : lt_confidence_name(owner->confidence));
}

static int print_class(struct text *text, const struct lt_correlation *c)
{
	int err = print_counts(text, c);

	text_wrapf(text, "  ", 2, "%u attempt%s, %u distinct blocking page%s.", c->nr_attempts,
		   c->nr_attempts == 1 ? "" : "s", c->nr_blockers, c->nr_blockers == 1 ? "" : "s");
	print_unknown(text, c);
	if (c->sampled_after_ms.known)
		text_wrapf(text, "  ", 2,
			   "Pins were sampled at most %" PRIu64 " ms after each attempt.",
			   c->sampled_after_ms.val);
	print_statistics(text, c);
	lt_vec_each(owner, &c->owners)
		print_owner(text, c, owner);
	print_timeline(text, &c->timeline);
	return err;
}

/* "Requests for 16384 pages (64 MiB) of "reserved":" */
static void print_heading(struct text *text, const struct lt_report *report,
			  const struct lt_correlation *c)
{
	const char *name = c->area_name		   ? c->area_name
			   : c->area == LT_NO_AREA ? "an area that is not known"
						   : area_label(report->snap, c->area);
	const char *quote = c->area_name || c->area != LT_NO_AREA ? "\"" : "";
	bool is_one = !c->max_pages.known || c->min_pages.val == c->max_pages.val;

	text_wrapf(text, "  ", 2,
		   "Requests for %s%s%s of %s%s%s:", text_pages(text, c->min_pages).s,
		   is_one ? "" : " to ", is_one ? "" : text_pages(text, c->max_pages).s, quote,
		   name, quote);
}

int correlations_print(struct text *text, const struct lt_report *report)
{
	const struct lt_correlations *correlations = &report->correlations;
	int err = 0;

	for (size_t i = 0; i < correlations->nr && i < CLASSES_MAX && !err; i++) {
		const struct lt_correlation *c = &correlations->v[i];

		if (i)
			putc('\n', text->out);
		print_heading(text, report, c);
		err = print_class(text, c);
	}
	return err;
}
