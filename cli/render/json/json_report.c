// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a report as JSON. */
#include "render/json/json_report.h"

#include <errno.h>

#include "analyse/explain.h"
#include "render/json/json.h"

static void put_clock(struct lt_json *json, const struct lt_clock_set *clock)
{
	if (!clock->monotonic_ns.known)
		return;
	lt_json_object(json, "clock");
	lt_json_num(json, "log_ns", clock->log_ns);
	lt_json_num(json, "trace_ns", clock->trace_ns);
	lt_json_num(json, "monotonic_ns", clock->monotonic_ns);
	lt_json_num(json, "boottime_ns", clock->boottime_ns);
	lt_json_num(json, "error_ns", clock->error_ns);
	lt_json_num(json, "suspended_ns", clock->suspended_ns);
	lt_json_close(json);
}

static void put_origin(struct lt_json *json, const struct lt_origin *origin)
{
	lt_json_string(json, "note", origin->note);
	if (!origin->redacted.nr)
		return;
	lt_json_array(json, "redacted");
	lt_vec_each(redaction, &origin->redacted) {
		lt_json_object(json, NULL);
		lt_json_string(json, "kind", redaction->kind);
		lt_json_num(json, "nr_names", redaction->nr_names);
		lt_json_num(json, "nr_places", redaction->nr_places);
		lt_json_close(json);
	}
	lt_json_close(json);
}

static void put_record(struct lt_json *json, const struct lt_record *record)
{
	lt_json_object(json, NULL);
	lt_json_string(json, "source", lt_attempt_source_name(record->source));
	lt_json_num(json, "from_ns", record->from_ns);
	lt_json_num(json, "to_ns", record->to_ns);
	lt_json_bool(json, "failures", record->failures);
	lt_json_bool(json, "successes", record->successes);
	lt_json_num(json, "nr_lost", record->nr_lost);
	lt_json_close(json);
}

static void put_records(struct lt_json *json, const struct lt_records *records)
{
	if (!records->nr)
		return;
	lt_json_array(json, "record");
	lt_vec_each(record, records)
		put_record(json, record);
	lt_json_close(json);
}

/* Failed attempts of one request and one cause. */
static void put_groups(struct lt_json *json, const struct lt_report *report)
{
	if (!report->failures.nr)
		return;
	lt_json_array(json, "groups");
	lt_vec_each(failure, &report->failures) {
		const char *name = failure->area_name ? failure->area_name
						      : json_area_name(report->snap, failure->area);

		lt_json_object(json, NULL);
		lt_json_string(json, "area", name);
		lt_json_num(json, "nr_pages", failure->nr_pages);
		lt_json_num(json, "errno", failure->err);
		lt_json_string(json, "cause", lt_failure_explain(report, failure).id);
		lt_json_u64(json, "nr_failed", failure->count);
		lt_json_bool(json, "at_least", failure->is_at_least);
		lt_json_num(json, "first_ns", failure->first_ns);
		lt_json_num(json, "last_ns", failure->last_ns);
		lt_json_string(json, "signature", failure->signature);
		lt_json_close(json);
	}
	lt_json_close(json);
}

/* Attempts that failed, each once; absent where none is on record, which denies none. */
static void put_nr_failed(struct lt_json *json, const struct lt_report *report)
{
	uint64_t nr = 0;

	lt_vec_each(failure, &report->failures)
		nr += failure->count;
	if (nr)
		lt_json_u64(json, "nr_failed", nr);
}

static void put_ruled_out(struct lt_json *json, const struct lt_ruled_outs *ruled_outs)
{
	if (!ruled_outs->nr)
		return;
	lt_json_array(json, "ruled_out");
	lt_vec_each(ruled_out, ruled_outs) {
		lt_json_object(json, NULL);
		lt_json_string(json, "cause", ruled_out->cause);
		lt_json_string(json, "text", ruled_out->text);
		lt_json_close(json);
	}
	lt_json_close(json);
}

/* The whole replay is that of `ltpin explain`. */
static void put_explain(struct lt_json *json, const struct lt_explain *explain)
{
	if (!explain)
		return;
	lt_json_object(json, "explain");
	lt_json_string(json, "prediction", lt_prediction_name(explain->prediction));
	lt_json_string(json, "reason", lt_explain_reason_name(explain->reason));
	lt_json_string(json, "headline", explain->headline);
	lt_json_close(json);
}

int json_report(FILE *out, const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	struct lt_json *json = json_document(out, "ltpin.report/1", snap);

	if (!json)
		return -ENOMEM;
	lt_json_string(json, "captured_at", snap->captured_at);
	lt_json_string(json, "machine", snap->machine);
	put_clock(json, &snap->clock);
	put_origin(json, &snap->origin);
	lt_json_string(json, "headline", report->headline);
	put_nr_failed(json, report);
	lt_json_string(json, "signature", report->signature);
	put_ruled_out(json, &report->ruled_out);
	put_explain(json, report->explain);
	lt_json_array(json, "findings");
	lt_vec_each(finding, &report->findings)
		json_finding(json, NULL, finding);
	lt_json_close(json);
	json_kernel(json, "kernel", &snap->kernel);
	json_memory(json, "memory", &snap->memory);
	json_sources(json, snap);
	json_zones(json, snap);
	json_areas(json, snap);
	json_pins(json, snap, &report->blocking);
	json_page_tracks(json, snap);
	json_pin_hints(json, snap);
	json_holders(json, snap);
	json_ledger(json, "ledger", snap);
	json_attempts(json, report);
	put_groups(json, report);
	lt_json_num(json, "nr_attempts_suppressed", snap->nr_attempts_suppressed);
	lt_json_num(json, "nr_attempts_left_out", snap->nr_attempts_left_out);
	put_records(json, &snap->records);
	json_correlations(json, report);
	if (snap->selftests.nr) {
		lt_json_array(json, "selftests");
		lt_vec_each(selftest, &snap->selftests) {
			lt_json_object(json, NULL);
			lt_json_string(json, "boot_id", selftest->boot_id);
			json_selftest(json, selftest);
			lt_json_close(json);
		}
		lt_json_close(json);
	}
	return lt_json_end(json);
}
