// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes calls that pin pages as JSON. */
#include "render/json/json_pin_call.h"

/* Of more places that @runs has only a part is told. */
#define RUNS_MAX 64

static void put_runs(struct lt_json *json, const char *key, const struct lt_ranges *runs)
{
	struct lt_ranges first = *runs;

	if (!runs->nr)
		return;
	if (first.nr > RUNS_MAX)
		first.nr = RUNS_MAX;
	json_ranges(json, key, &first);
}

static void put_caller(struct lt_json *json, const struct lt_pin_call *call)
{
	lt_json_num(json, "pid", call->pid);
	lt_json_u64(json, "tid", call->tid);
	lt_json_string(json, "comm", call->comm);
	lt_json_num(json, "ts_ns", call->ts_ns);
}

void json_pin_call(struct lt_json *json, const char *key, const struct lt_snapshot *snap,
		   const struct lt_pin_call *call)
{
	lt_json_object(json, key);
	put_caller(json, call);
	lt_json_string(json, "function", call->function);
	if (call->longterm != LT_LONGTERM_UNKNOWN)
		lt_json_bool(json, "longterm", call->longterm == LT_LONGTERM_YES);
	lt_json_num(json, "addr", call->addr);
	lt_json_num(json, "nr_asked", call->nr_asked);
	lt_json_num(json, "nr_pages", call->nr_pinned);
	if (call->runs.nr) {
		lt_json_u64(json, "nr_found", lt_ranges_nr_pages(&call->runs));
		lt_json_u64(json, "nr_in_cma", lt_ranges_nr_pages(&call->in_cma));
		lt_json_string(json, "confidence",
			       lt_confidence_name(call->is_proven ? LT_PROVEN : LT_HINT));
	}
	put_runs(json, "runs", &call->runs);
	put_runs(json, "in_cma", &call->in_cma);
	if (call->in_cma.nr)
		lt_json_string(
			json, "area",
			json_area_name(snap, lt_areas_find_pfn(&snap->areas,
							       call->in_cma.v[0].start_pfn)));
	lt_json_num(json, "read_after_ns", call->read_after_ns);
	json_stack(json, "stack", call->stack);
	lt_json_close(json);
}

void json_pin_call_end(struct lt_json *json, const char *key, const struct lt_pin_call *call)
{
	lt_json_object(json, key);
	put_caller(json, call);
	lt_json_num(json, "ended_ns", call->ended_ns);
	lt_json_close(json);
}

void json_pin_tally(struct lt_json *json, const char *key, const struct lt_pin_tally *tally)
{
	lt_json_object(json, key);
	lt_json_u64(json, "nr_calls", tally->nr_calls);
	lt_json_u64(json, "nr_longterm", tally->nr_longterm);
	lt_json_u64(json, "nr_failed", tally->nr_failed);
	lt_json_u64(json, "nr_unresolved", tally->nr_unresolved);
	lt_json_u64(json, "nr_not_understood", tally->nr_not_understood);
	lt_json_u64(json, "nr_forgotten", tally->nr_forgotten);
	lt_json_u64(json, "nr_held", tally->nr_held);
	lt_json_close(json);
}
