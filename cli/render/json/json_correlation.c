// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the correlation of failures with pins as JSON. */
#include "render/json/json.h"

static void put_cells(struct lt_json *json, const struct lt_contingency *table)
{
	lt_json_u64(json, "pinned_failed", table->pinned_failed);
	lt_json_u64(json, "pinned_ok", table->pinned_ok);
	lt_json_u64(json, "clean_failed", table->clean_failed);
	lt_json_u64(json, "clean_ok", table->clean_ok);
}

static bool is_empty(const struct lt_contingency *table)
{
	return !table->pinned_failed && !table->pinned_ok && !table->clean_failed &&
	       !table->clean_ok;
}

static void put_timeline(struct lt_json *json, const struct lt_timeline *timeline)
{
	if (!timeline->nr)
		return;
	lt_json_array(json, "timeline");
	lt_vec_each(span, timeline) {
		if (is_empty(&span->table))
			continue;
		lt_json_object(json, NULL);
		lt_json_u64(json, "start_ns", span->start_ns);
		lt_json_u64(json, "end_ns", span->end_ns);
		put_cells(json, &span->table);
		lt_json_close(json);
	}
	lt_json_close(json);
}

static void put_class(struct lt_json *json, const struct lt_correlation *c,
		      const struct lt_snapshot *snap)
{
	lt_json_string(json, "area", c->area_name ? c->area_name : json_area_name(snap, c->area));
	lt_json_num(json, "min_pages", c->min_pages);
	lt_json_num(json, "max_pages", c->max_pages);
	lt_json_u64(json, "nr_attempts", c->nr_attempts);
	lt_json_u64(json, "nr_unknown", lt_correlation_nr_unknown(c));
	lt_json_u64(json, "nr_failed", c->nr_failed);
	lt_json_u64(json, "nr_blockers", c->nr_blockers);
	lt_json_num(json, "sampled_after_ms", c->sampled_after_ms);
	lt_json_object(json, "table");
	put_cells(json, &c->table);
	lt_json_close(json);
}

static void put_statistics(struct lt_json *json, const struct lt_correlation *c)
{
	if (c->has_odds) {
		lt_json_double(json, "odds_ratio", c->odds.ratio);
		lt_json_array(json, "ci95");
		lt_json_double(json, NULL, c->odds.ci95[0]);
		lt_json_double(json, NULL, c->odds.ci95[1]);
		lt_json_close(json);
	}
	if (c->has_p)
		lt_json_double(json, "p_value", c->p_value);
}

static void put_owners(struct lt_json *json, const struct lt_owner_shares *owners)
{
	lt_json_array(json, "owners");
	lt_vec_each(owner, owners) {
		lt_json_object(json, NULL);
		lt_json_u64(json, "pid", (uint64_t)owner->pid);
		lt_json_string(json, "comm", owner->comm);
		lt_json_u64(json, "nr_failed", owner->nr_failed);
		lt_json_double(json, "share", owner->share);
		lt_json_string(json, "confidence", lt_confidence_name(owner->confidence));
		lt_json_close(json);
	}
	lt_json_close(json);
}

/* The members, into the object that is open. */
static void put_correlation(struct lt_json *json, const struct lt_correlation *c,
			    const struct lt_snapshot *snap)
{
	put_class(json, c, snap);
	put_statistics(json, c);
	put_owners(json, &c->owners);
	put_timeline(json, &c->timeline);
}

void json_correlations(struct lt_json *json, const struct lt_report *report)
{
	const struct lt_correlations *correlations = &report->correlations;

	if (!correlations->nr)
		return;
	lt_json_object(json, "correlation");
	put_correlation(json, correlations->v, report->snap);
	if (correlations->nr > 1)
		lt_json_array(json, "others");
	for (size_t i = 1; i < correlations->nr; i++) {
		lt_json_object(json, NULL);
		put_correlation(json, &correlations->v[i], report->snap);
		lt_json_close(json);
	}
	if (correlations->nr > 1)
		lt_json_close(json);
	lt_json_close(json);
}
