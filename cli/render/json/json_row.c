// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a report as rows, one a line, each of which says whose it is. */
#include "render/json/json_row.h"

#include <errno.h>

#include "render/json/json.h"

static struct lt_json *begin(FILE *out, const struct lt_report *report, const char *kind,
			     const char *signature)
{
	const struct lt_snapshot *snap = report->snap;
	struct lt_json *json = lt_json_new_line(out);

	if (!json)
		return NULL;
	json_begin(json, "ltpin.row/1", snap);
	lt_json_string(json, "row", kind);
	lt_json_string(json, "device", snap->machine);
	lt_json_string(json, "kernel", snap->kernel.release);
	lt_json_string(json, "arch", snap->kernel.arch);
	lt_json_string(json, "captured_at", snap->captured_at);
	lt_json_string(json, "signature", signature);
	return json;
}

static const char *area_name(const struct lt_report *report, const char *name, size_t area)
{
	return name ? name : json_area_name(report->snap, area);
}

static int put_attempt(FILE *out, const struct lt_report *report, const struct lt_attempt *attempt)
{
	const struct lt_cause *cause = &report->causes.v[attempt - report->snap->attempts.v];
	bool has_group = cause->group != LT_NO_GROUP;
	struct lt_json *json = begin(out, report, "attempt",
				     has_group ? report->failures.v[cause->group].signature : NULL);

	if (!json)
		return -ENOMEM;
	lt_json_string(json, "source", lt_attempt_source_name(attempt->source));
	lt_json_string(json, "area", area_name(report, attempt->area_name, attempt->area));
	lt_json_num(json, "ts_ns", attempt->ts_ns);
	lt_json_num(json, "nr_pages", attempt->nr_pages);
	if (!attempt->is_open || has_group)
		lt_json_bool(json, "failed", has_group);
	lt_json_num(json, "errno", attempt->err);
	lt_json_num(json, "latency_ns", attempt->latency_ns);
	lt_json_num(json, "nr_tries", lt_attempt_nr_ranges(attempt));
	lt_json_num(json, "blocker_pfn", lt_attempt_blocker(attempt));
	lt_json_string(json, "caller", attempt->caller);
	lt_json_string(json, "cause", lt_report_explain(report, cause).id);
	return lt_json_end(json);
}

static int put_finding(FILE *out, const struct lt_report *report, const struct lt_finding *finding)
{
	struct lt_json *json =
		begin(out, report, "finding",
		      finding->explains ? finding->explains->signature : report->signature);

	if (!json)
		return -ENOMEM;
	lt_json_string(json, "id", finding->rule->id);
	lt_json_string(json, "severity", lt_severity_name(finding->severity));
	lt_json_string(json, "confidence", lt_confidence_name(finding->confidence));
	lt_json_string(json, "title", finding->rule->title);
	lt_json_string(json, "text", finding->text);
	return lt_json_end(json);
}

static int put_area(FILE *out, const struct lt_report *report, size_t i)
{
	const struct lt_area *area = &report->snap->areas.v[i];
	struct lt_json *json = begin(out, report, "area", report->signature);

	if (!json)
		return -ENOMEM;
	lt_json_string(json, "area", area->name);
	lt_json_num(json, "nr_pages", area->nr_pages);
	lt_json_num(json, "nr_allocated", area->nr_allocated);
	lt_json_num(json, "nr_free", area->nr_free);
	lt_json_num(json, "nr_lent", area->nr_lent);
	lt_json_num(json, "nr_pinned", area->nr_pinned);
	lt_json_num(json, "largest_free_run", area->largest_free_run);
	lt_json_num(json, "page_size", report->snap->kernel.page_size);
	return lt_json_end(json);
}

static int put_group(FILE *out, const struct lt_report *report, const struct lt_failure *failure)
{
	struct lt_json *json = begin(out, report, "group", failure->signature);

	if (!json)
		return -ENOMEM;
	lt_json_string(json, "area", area_name(report, failure->area_name, failure->area));
	lt_json_num(json, "nr_pages", failure->nr_pages);
	lt_json_num(json, "errno", failure->err);
	lt_json_string(json, "cause", lt_failure_explain(report, failure).id);
	lt_json_u64(json, "nr_failed", failure->count);
	lt_json_bool(json, "at_least", failure->is_at_least);
	lt_json_num(json, "first_ns", failure->first_ns);
	lt_json_num(json, "last_ns", failure->last_ns);
	return lt_json_end(json);
}

int json_rows(FILE *out, const struct lt_report *report)
{
	int err = 0;

	lt_vec_each(attempt, &report->snap->attempts)
		err = err ? err : put_attempt(out, report, attempt);
	lt_vec_each(finding, &report->findings)
		err = err ? err : put_finding(out, report, finding);
	for (size_t i = 0; i < report->snap->areas.nr; i++)
		err = err ? err : put_area(out, report, i);
	lt_vec_each(failure, &report->failures)
		err = err ? err : put_group(out, report, failure);
	return err;
}
