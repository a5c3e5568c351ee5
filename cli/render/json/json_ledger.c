// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the ledger of device allocations as JSON. */
#include "analyse/leak.h"
#include "render/json/json.h"

/* Allocations that are listed one by one; requesters count all. */
#define LISTED_MAX 1000

static void put_leak(struct lt_json *json, const struct lt_leak *leak)
{
	if (!leak->is_suspected)
		return;
	lt_json_object(json, "leak");
	lt_json_string(json, "confidence", lt_confidence_name(leak->confidence));
	lt_json_u64(json, "since_ns", leak->begin_ns);
	lt_json_array(json, "least_nr_pages");
	for (size_t i = 0; i < LT_GROWTH_QUARTERS; i++)
		lt_json_u64(json, NULL, leak->floor[i]);
	lt_json_close(json);
	lt_json_u64(json, "nr_kept", leak->nr_kept);
	lt_json_u64(json, "nr_pages_kept", leak->nr_pages_kept);
	lt_json_close(json);
}

static void put_requester(struct lt_json *json, const struct lt_snapshot *snap, size_t index)
{
	const struct lt_requester *requester = &snap->ledger.requesters.v[index];
	const struct lt_leak leak = lt_leak_of(&snap->ledger, index);

	lt_json_object(json, NULL);
	lt_json_string(json, "area",
		       requester->area_name ? requester->area_name
					    : json_area_name(snap, requester->area));
	if (requester->is_unknown)
		lt_json_bool(json, "before", true);
	lt_json_string(json, "driver", requester->driver);
	lt_json_string(json, "comm", requester->caller);
	json_stack(json, "stack", requester->stack);
	lt_json_u64(json, "nr_allocated", requester->nr_allocated);
	lt_json_u64(json, "nr_pages_allocated", requester->nr_pages_allocated);
	lt_json_u64(json, "nr_released", requester->nr_released);
	lt_json_u64(json, "nr_pages_released", requester->nr_pages_released);
	lt_json_u64(json, "nr_partial_releases", requester->nr_parts);
	lt_json_u64(json, "nr_held", requester->nr_held);
	lt_json_u64(json, "nr_pages_held", requester->nr_pages_held);
	lt_json_u64(json, "nr_doubtful", requester->nr_doubtful);
	lt_json_num(json, "oldest_ns", lt_ledger_oldest_ns(&snap->ledger, index));
	lt_json_num(json, "longest_ns", requester->longest_ns);
	put_leak(json, &leak);
	lt_json_close(json);
}

static void put_held(struct lt_json *json, const struct lt_allocation *allocation)
{
	lt_json_object(json, NULL);
	lt_json_u64(json, "pfn", allocation->pfns.start_pfn);
	lt_json_u64(json, "nr_pages", lt_range_nr_pages(allocation->pfns));
	lt_json_num(json, "since_ns", allocation->since_ns);
	lt_json_u64(json, "requester", allocation->requester);
	if (allocation->is_doubtful)
		lt_json_bool(json, "doubtful", true);
	if (allocation->is_rest)
		lt_json_bool(json, "rest", true);
	lt_json_close(json);
}

static void put_again(struct lt_json *json, const struct lt_release_again *again)
{
	lt_json_object(json, NULL);
	lt_json_u64(json, "pfn", again->pfns.start_pfn);
	lt_json_u64(json, "nr_pages", lt_range_nr_pages(again->pfns));
	lt_json_num(json, "first_ns", again->first_ns);
	lt_json_num(json, "ts_ns", again->ts_ns);
	lt_json_string(json, "comm", again->caller);
	lt_json_u64(json, "requester", again->requester);
	lt_json_close(json);
}

void json_ledger(struct lt_json *json, const char *key, const struct lt_snapshot *snap)
{
	const struct lt_ledger *ledger = &snap->ledger;
	size_t nr_listed = 0;

	if (!lt_ledger_has_any(ledger))
		return;
	lt_json_object(json, key);
	lt_json_num(json, "from_ns", ledger->from_ns);
	lt_json_num(json, "to_ns", ledger->to_ns);
	lt_json_u64(json, "nr_gaps", ledger->nr_gaps);
	lt_json_num(json, "gap_ns", ledger->gap_ns);
	lt_json_bool(json, "releases", ledger->has_releases);
	lt_json_bool(json, "complete", !ledger->is_full);
	lt_json_array(json, "requesters");
	for (size_t i = 0; i < ledger->requesters.nr; i++)
		put_requester(json, snap, i);
	lt_json_close(json);
	lt_json_array(json, "held");
	lt_vec_each(allocation, &ledger->allocations)
		if (!allocation->is_released && nr_listed++ < LISTED_MAX)
			put_held(json, allocation);
	lt_json_close(json);
	lt_json_u64(json, "nr_released_again", ledger->nr_again);
	if (ledger->again.nr) {
		lt_json_array(json, "released_again");
		lt_vec_each(again, &ledger->again)
			put_again(json, again);
		lt_json_close(json);
	}
	lt_json_close(json);
}
