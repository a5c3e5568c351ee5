// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the documents of `ltpin watch`, one a line. */
#include "render/json/json_watch.h"

#include <errno.h>

static struct lt_json *begin(FILE *out, const struct lt_snapshot *snap)
{
	struct lt_json *json = lt_json_new_line(out);

	if (json)
		json_begin(json, "ltpin.watch/1", snap);
	return json;
}

int json_watch_attempt(FILE *out, const struct lt_snapshot *snap, const struct lt_attempt *attempt,
		       const struct lt_cause *cause)
{
	struct lt_json *json = begin(out, snap);

	if (!json)
		return -ENOMEM;
	json_attempt(json, "attempt", attempt, snap, cause, NULL);
	return lt_json_end(json);
}

int json_watch_pin(FILE *out, const struct lt_snapshot *snap, const struct lt_pin_call *call)
{
	struct lt_json *json = begin(out, snap);

	if (!json)
		return -ENOMEM;
	json_pin_call(json, "pin", snap, call);
	return lt_json_end(json);
}

int json_watch_unpin(FILE *out, const struct lt_snapshot *snap, const struct lt_pin_call *call)
{
	struct lt_json *json = begin(out, snap);

	if (!json)
		return -ENOMEM;
	json_pin_call_end(json, "unpin", call);
	return lt_json_end(json);
}

static void put_cost(struct lt_json *json, const char *key, uint64_t nr, uint64_t ns)
{
	lt_json_object(json, key);
	lt_json_u64(json, "count", nr);
	lt_json_u64(json, "elapsed_ns", ns);
	lt_json_close(json);
}

int json_watch_summary(FILE *out, const struct watch_summary *summary)
{
	const struct lt_watch_counts *counts = &summary->counts;
	struct lt_json *json = begin(out, summary->report->snap);

	if (!json)
		return -ENOMEM;
	lt_json_object(json, "summary");
	if (counts->nr_failed)
		lt_json_string(json, "headline", summary->report->headline);
	lt_json_u64(json, "nr_attempts", counts->nr_attempts);
	lt_json_u64(json, "nr_failed", counts->nr_failed);
	lt_json_u64(json, "nr_not_kept", counts->nr_not_kept);
	if (summary->watched_ns.known) {
		lt_json_num(json, "watched_ns", summary->watched_ns);
		lt_json_num(json, "nr_lost", counts->nr_lost);
		lt_json_u64(json, "nr_unsampled", counts->nr_unsampled);
		lt_json_string(json, "page_states", summary->page_states);
		put_cost(json, "pin_scans", counts->nr_scans, counts->scan_ns);
		put_cost(json, "process_searches", counts->nr_searches, counts->search_ns);
	}
	if (summary->pins)
		json_pin_tally(json, "pins", summary->pins);
	lt_json_array(json, "findings");
	lt_vec_each(finding, &summary->report->findings)
		json_finding(json, NULL, finding);
	lt_json_close(json);
	json_ledger(json, "ledger", summary->report->snap);
	json_correlations(json, summary->report);
	lt_json_close(json);
	return lt_json_end(json);
}
