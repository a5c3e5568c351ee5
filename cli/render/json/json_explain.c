// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the answer of `ltpin explain` as JSON. */
#include "render/json/json_explain.h"

#include "base/errno_name.h"
#include "render/json/json.h"

static const char *const verdicts[] = {
	[LT_WINDOW_FITS] = "fits",
	[LT_WINDOW_BUSY] = "busy",
	[LT_WINDOW_NO_MEMORY] = "no-memory",
	[LT_WINDOW_UNSURE] = "unknown",
};

static void put_pfns(struct lt_json *json, struct lt_range pfns)
{
	lt_json_u64(json, "start_pfn", pfns.start_pfn);
	lt_json_u64(json, "end_pfn", pfns.end_pfn);
}

static void put_window(struct lt_json *json, const struct lt_window *window)
{
	lt_json_object(json, NULL);
	put_pfns(json, window->pfns);
	lt_json_string(json, "verdict", verdicts[window->verdict]);
	for (enum lt_fate fate = 0; fate < LT_NR_FATES; fate++)
		if (fate != LT_FATE_ALLOCATED)
			lt_json_u64(json, lt_fate_name(fate), window->nr[fate]);
	lt_json_num(json, "blocker_pfn", window->blocker);
	lt_json_bool(json, "starts_in_folio", window->is_tail);
	lt_json_u64(json, "free_around", window->nr_free_around);
	lt_json_bool(json, "may_lack_memory", window->may_lack_memory);
	lt_json_close(json);
}

static void put_owner(struct lt_json *json, const struct lt_obstacle_owner *owner)
{
	lt_json_object(json, NULL);
	lt_json_string(json, "how", lt_owned_by_name(owner->by));
	lt_json_num(json, "pid", owner->pid);
	lt_json_string(json, "comm", owner->comm);
	lt_json_u64(json, "nr_folios", owner->nr_folios);
	lt_json_u64(json, "nr_pages", owner->nr_pages);
	lt_json_u64(json, "nr_unmovable", owner->nr_unmovable);
	lt_json_u64(json, "largest_then", owner->largest);
	lt_json_bool(json, "would_succeed", owner->would_succeed);
	lt_json_close(json);
}

static void put_obstacle(struct lt_json *json, const struct lt_obstacle *obstacle)
{
	lt_json_object(json, NULL);
	put_pfns(json, obstacle->pfns);
	lt_json_string(json, "fate", lt_fate_name(obstacle->fate));
	if (obstacle->owner != LT_NO_OWNER)
		lt_json_u64(json, "owner", obstacle->owner);
	lt_json_close(json);
}

static void put_cheapest(struct lt_json *json, const struct lt_cheapest *cheapest)
{
	lt_json_object(json, "cheapest");
	put_pfns(json, cheapest->pfns);
	lt_json_u64(json, "nr_owners", cheapest->nr_owners);
	lt_json_u64(json, "nr_folios", cheapest->nr_folios);
	lt_json_u64(json, "nr_pages", cheapest->nr_pages);
	lt_json_u64(json, "nr_unmovable", cheapest->nr_unmovable);
	lt_json_close(json);
}

static void put_request(struct lt_json *json, const struct lt_explain *explain)
{
	lt_json_object(json, "request");
	lt_json_string(json, "area", json_area_name(explain->snap, explain->area));
	lt_json_u64(json, "nr_pages", explain->search.nr_pages);
	lt_json_u64(json, "align", explain->search.align);
	lt_json_close(json);
}

static void put_obstacles(struct lt_json *json, const struct lt_explain *explain)
{
	struct lt_obstacle_walk walk = { 0 };
	struct lt_obstacle obstacle;

	lt_json_array(json, "obstacles");
	lt_vec_each(range, &explain->search.ranges) {
		lt_obstacle_walk_enter(&walk, explain, range);
		while (lt_obstacle_walk_next(&walk, &obstacle))
			put_obstacle(json, &obstacle);
	}
	lt_json_close(json);
}

static void put_arrays(struct lt_json *json, const struct lt_explain *explain)
{
	lt_json_array(json, "windows");
	lt_vec_each(window, &explain->result.windows)
		put_window(json, window);
	lt_json_close(json);
	lt_json_array(json, "owners");
	lt_vec_each(owner, &explain->owners)
		put_owner(json, owner);
	lt_json_close(json);
	put_obstacles(json, explain);
	lt_json_array(json, "basis");
	lt_vec_each(sentence, &explain->basis)
		lt_json_string(json, NULL, *sentence);
	lt_json_close(json);
}

void json_explain(struct lt_json *json, const struct lt_explain *explain)
{
	lt_json_string(json, "headline", explain->headline);
	put_request(json, explain);
	lt_json_string(json, "prediction", lt_prediction_name(explain->prediction));
	lt_json_string(json, "reason", lt_explain_reason_name(explain->reason));
	lt_json_num(json, "errno", explain->err);
	if (explain->err.known)
		lt_json_string(json, "errno_name", lt_errno_name((int)explain->err.val));
	lt_json_num(json, "pfn", explain->pfn);
	lt_json_num(json, "largest", explain->largest);
	lt_json_num(json, "enough_pages", explain->enough_pages);
	lt_json_u64(json, "block_order", explain->search.block_order);
	lt_json_num(json, "memory_sure", explain->search.memory.sure);
	lt_json_num(json, "memory_most", explain->search.memory.most);
	lt_json_u64(json, "nr_windows", explain->result.nr_windows);
	if (explain->cheapest.is_known)
		put_cheapest(json, &explain->cheapest);
	put_arrays(json, explain);
}
