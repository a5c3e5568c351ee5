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
			   ratio(c->odds_ratio).s, ratio(c->ci95[0]).s, ratio(c->ci95[1]).s);
	if (c->has_p)
		text_wrapf(text, "  ", 2, "Fisher's exact test, two-sided: p = %.3g.", c->p_value);
	else
		text_wrapf(text, "  ", 2, "Fewer than %d attempts: too few for a p-value.",
			   LT_CORRELATION_MIN_ATTEMPTS);
	lt_vec_each(owner, &c->owners)
		text_wrapf(text, "  ", 2, "%s[%d] maps what blocked %.0f%% of the failures.",
			   owner->comm ? owner->comm : "?", owner->pid, owner->share * 100);
	return err;
}
