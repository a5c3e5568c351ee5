// SPDX-License-Identifier: LGPL-2.1-or-later
/* What could not be looked at, and what that would have told. */
#include <inttypes.h>

#include "analyse/rule.h"
#include "model/completeness.h"

static bool is_any_missing(const struct lt_snapshot *snap)
{
	lt_vec_each(state, &snap->sources)
		if (lt_source_state_is_missing(state))
			return true;
	return false;
}

static void add_counts(struct lt_report *report, struct lt_finding *finding,
		       const struct lt_completeness *all)
{
	const struct lt_num by_kernel = report->snap->memory.cma_alloc_fail;
	const struct lt_num refused = lt_completeness_nr_refused(report->snap);

	if (by_kernel.known && by_kernel.val > all->nr_failed.val)
		lt_finding_add_evidence(report, finding,
					lt_words(report,
						 "the kernel counts %" PRIu64
						 " failed cma_alloc call%s since boot, and %" PRIu64
						 " %s on record",
						 by_kernel.val, by_kernel.val == 1 ? "" : "s",
						 all->nr_failed.val,
						 all->nr_failed.val == 1 ? "is" : "are"));
	else if (!by_kernel.known && refused.known)
		lt_finding_add_evidence(
			report, finding,
			lt_words(
				report,
				"CMA areas refused %s since boot by the kernel's count, and what is on "
				"record asked for %s",
				lt_words_size(report, refused.val),
				lt_words_size(report, all->nr_pages.val)));
}

static void add_gap(struct lt_report *report, struct lt_finding *finding,
		    const struct lt_record *record)
{
	const struct lt_snapshot *snap = report->snap;
	const bool is_log = record->source == LT_ATTEMPT_LOG;

	if (is_log && record->from_ns.known && record->from_ns.val)
		lt_finding_add_evidence(
			report, finding,
			lt_words(report,
				 "the kernel log begins %.1f s after boot: what was "
				 "before it was overwritten, cleared or left out",
				 (double)record->from_ns.val / 1e9));
	if (is_log && snap->nr_attempts_suppressed.known)
		lt_finding_add_evidence(report, finding,
					lt_words(report,
						 "the kernel log suppressed %" PRIu64
						 " lines about "
						 "failed cma_alloc calls",
						 snap->nr_attempts_suppressed.val));
	if (is_log && snap->log.nr_not_taken.val)
		lt_finding_add_evidence(
			report, finding,
			lt_words(report,
				 "%" PRIu64 " line%s of the kernel log, the first line %" PRIu64
				 ", may speak of failures and could not be read",
				 snap->log.nr_not_taken.val,
				 snap->log.nr_not_taken.val == 1 ? "" : "s",
				 snap->log.first_not_taken.val));
	if (is_log && snap->log.first_gap.known)
		lt_finding_add_evidence(report, finding,
					lt_words(report,
						 "by line %" PRIu64
						 " of the kernel log, messages are missing there",
						 snap->log.first_gap.val));
	if (!is_log && record->nr_lost.known && record->nr_lost.val)
		lt_finding_add_evidence(report, finding,
					lt_words(report,
						 "%" PRIu64 " events of the trace were lost",
						 record->nr_lost.val));
}

/* What was read, and has not every failure. */
static void add_gaps(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_completeness all = lt_completeness_of(report->snap, LT_NO_AREA);
	struct lt_finding *finding;

	if (all.is_complete || !report->snap->records.nr)
		return;
	finding = lt_finding_new(report, rule, LT_PROVEN);
	finding->text =
		"The record of failed cma_alloc calls since boot is not complete: there may be "
		"more failures than are counted.";
	finding->advice =
		"Record them from now on: `ltpin watch` misses none. `ltpin doctor` shows how to "
		"record them from boot on.";
	finding->confirm = "ltpin watch --count 1";
	add_counts(report, finding, &all);
	lt_vec_each(record, &report->snap->records)
		add_gap(report, finding, record);
	if (!finding->evidence.nr)
		lt_finding_add_evidence(report, finding,
					"no record reaches from boot to the last "
					"attempt without a gap");
}

/* Two rows: sources, and what records lack. */
void lt_rule_evidence_missing(struct lt_report *report, const struct lt_rule *rule)
{
	struct lt_finding *finding;

	add_gaps(report, rule + 1);
	if (!is_any_missing(report->snap))
		return;
	finding = lt_finding_new(report, rule, LT_PROVEN);
	finding->text = "Some sources are unavailable. What they would show is unknown, not "
			"absent.";
	finding->advice = "The list of sources names what each one needs.";
	finding->confirm = "ltpin doctor";
	lt_vec_each(state, &report->snap->sources)
		if (lt_source_state_is_missing(state))
			lt_finding_add_evidence(report, finding,
						lt_words(report, "%s (%s) would prove %s",
							 state->name, lt_status_name(state->status),
							 state->proves));
}
