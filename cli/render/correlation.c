// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "render/evidence.h"
#include "render/table.h"

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
	return table->pinned_failed ? 'P' :
	       table->clean_failed  ? 'x' :
	       table->pinned_ok	    ? 'p' :
	       table->clean_ok	    ? '.' :
				      ' ';
}

static void print_timeline(struct text *text, const struct lt_timeline *timeline)
{
	if (!timeline->nr)
		return;
	text_wrapf(text, "  ", 2, "From %s to %s since boot:",
		   text_time(lt_num(timeline->v[0].start_ns)).s,
		   text_time(lt_num(timeline->v[timeline->nr - 1].end_ns)).s);
	fputs("  [", text->out);
	lt_vec_each(span, timeline)
		putc(cell_of(&span->table), text->out);
	fputs("]\n", text->out);
	text_wrap(text, "  ", 2,
		  "Each cell is a share of the time: P failed with a pinned page in reach, x failed "
		  "without, p succeeded all the same, . succeeded; the worst is shown.");
}

/* What the numbers add up to, for those who do not read them every day. */
static void print_verdict(struct text *text, const struct lt_correlation *c)
{
	if (!c->has_odds)
		text_wrap(text, "  ", 2,
			  "There is nothing to compare with: all attempts ended alike, or all of them "
			  "or none had a pinned page in reach.");
	else if (c->odds.ci95[0] > 1)
		text_wrap(text, "  ", 2, "Failures go with pinned pages.");
	else if (c->odds.ci95[1] < 1)
		text_wrap(text, "  ", 2, "Failures go without pinned pages: look for another cause.");
	else
		text_wrap(text, "  ", 2,
			  "The interval includes 1: these attempts do not show that failures go with "
			  "pins, nor that they do not.");
}

int correlation_print(struct text *text, const struct lt_correlation *c)
{
	int err = print_counts(text, c);

	text_wrapf(text, "  ", 2, "%u attempt%s, %u distinct blocking page%s.", c->nr_attempts,
		   c->nr_attempts == 1 ? "" : "s", c->nr_blockers, c->nr_blockers == 1 ? "" : "s");
	if (c->sampled_after_ms.known)
		text_wrapf(text, "  ", 2, "Pins were sampled at most %" PRIu64 " ms after each attempt.",
			   c->sampled_after_ms.val);
	if (c->has_odds)
		text_wrapf(text, "  ", 2, "Odds ratio %s (95%% interval %s to %s).",
			   ratio(c->odds.ratio).s, ratio(c->odds.ci95[0]).s, ratio(c->odds.ci95[1]).s);
	if (c->has_p && c->p_value < 0.0001)
		text_wrap(text, "  ", 2, "Fisher's exact test, two-sided: p < 0.0001.");
	else if (c->has_p)
		text_wrapf(text, "  ", 2, "Fisher's exact test, two-sided: p = %.3g.", c->p_value);
	else
		text_wrapf(text, "  ", 2, "Fewer than %d attempts: too few for a p-value.",
			   LT_CORRELATION_MIN_ATTEMPTS);
	print_verdict(text, c);
	lt_vec_each(owner, &c->owners)
		text_wrapf(text, "  ", 2, "%s[%d] maps what blocked %.0f%% of the failures.",
			   owner->comm ? owner->comm : "?", owner->pid, owner->share * 100);
	print_timeline(text, &c->timeline);
	return err;
}
