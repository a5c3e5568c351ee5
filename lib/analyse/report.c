// SPDX-License-Identifier: LGPL-2.1-or-later
/* Makes a report of a snapshot: causes, failures, findings, headline. */
#include "analyse/report.h"

#include <errno.h>
#include <stdlib.h>

#include "analyse/explain.h"
#include "analyse/headline.h"
#include "analyse/signature.h"

/* Whether the request that failed would fail now: what decides it, where all pages were kept. */
static int explain_failure(struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	const struct lt_failure *failure = lt_report_failure(report);
	struct lt_explain_request request;
	int err;

	if (!failure || failure->area == LT_NO_AREA || !failure->nr_pages.known ||
	    failure->nr_pages.val > UINT32_MAX || !snap->options.keep_folios ||
	    !lt_snapshot_has_page_states(snap))
		return 0;
	request = (struct lt_explain_request){ failure->area, failure->nr_pages.val,
					       failure->last->align };
	err = lt_explain_make(snap, &request, &report->explain);
	if (!err)
		lt_explain_forget_pages(report->explain);
	return err == -EINVAL ? 0 : err; /* an area that no source locates */
}

int lt_report_make(const struct lt_snapshot *snap, struct lt_report **out)
{
	struct lt_report *report = calloc(1, sizeof(*report));
	int err;

	if (!report)
		return -ENOMEM;
	report->snap = snap;
	report->strings = lt_strings_new();
	err = report->strings ? lt_causes_make(snap, &report->causes) : -ENOMEM;
	if (!err)
		err = lt_blocking_pages_make(snap, &report->causes, &report->blocking);
	if (!err)
		err = lt_correlations_make(snap, &report->causes, &report->correlations);
	if (!err)
		err = lt_failures_make(snap, &report->causes, &report->failures);
	if (!err)
		err = lt_findings_make(report);
	if (!err)
		err = lt_headline_make(report);
	if (!err)
		err = lt_signatures_make(report);
	if (!err)
		err = lt_ruled_out_make(report);
	if (!err)
		err = explain_failure(report);
	if (!err && report->out_of_memory)
		err = -ENOMEM;
	if (err) {
		lt_report_free(report);
		return err;
	}
	*out = report;
	return 0;
}

const struct lt_failure *lt_report_failure(const struct lt_report *report)
{
	if (report->answered)
		return report->answered->explains;
	return report->failures.nr ? report->failures.v : NULL;
}

struct lt_explanation lt_failure_explain(const struct lt_report *report,
					 const struct lt_failure *failure)
{
	if (failure->id)
		return (struct lt_explanation){ failure->id, failure->confidence };
	lt_vec_each(finding, &report->findings)
		if (finding->explains == failure)
			return (struct lt_explanation){ finding->rule->id, finding->confidence };
	return (struct lt_explanation){ 0 };
}

struct lt_explanation lt_report_explain(const struct lt_report *report,
					const struct lt_cause *cause)
{
	if (cause->id)
		return (struct lt_explanation){ cause->id, cause->confidence };
	if (cause->group == LT_NO_GROUP)
		return (struct lt_explanation){ 0 };
	return lt_failure_explain(report, &report->failures.v[cause->group]);
}

void lt_report_free(struct lt_report *report)
{
	if (!report)
		return;
	lt_vec_free(&report->failures);
	lt_vec_free(&report->blocking);
	lt_causes_free(&report->causes);
	lt_explain_free(report->explain);
	lt_vec_free(&report->ruled_out);
	lt_findings_free(&report->findings);
	lt_correlations_free(&report->correlations);
	lt_strings_free(report->strings);
	free(report);
}
