// SPDX-License-Identifier: LGPL-2.1-or-later
/* Has the table of findings, and runs their rules. */
#include "analyse/finding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/known.h"
#include "analyse/rule.h"
#include "base/array_size.h"

/*
 * In the order in which equals are reported: the kernel's fault first, then what
 * blocks, then what is merely too small. A row without a function belongs to the
 * function above it.
 */
/* clang-format off */
const struct lt_rule lt_rules[] = {
	{ "longterm-pin-in-cma", "the kernel lets long-term pins stay in CMA",
	  LT_CRITICAL, LT_CRITICAL, .run = lt_rule_longterm_pin_in_cma, .is_broken_promise = true },
	{ "longterm-pin-livelock", "long-term pins of CMA pages never finish on this kernel",
	  LT_CRITICAL, LT_CRITICAL, .run = lt_rule_longterm_pin_livelock, .is_broken_promise = true },
	{ "pin-in-cma", "pinned pages that blocked an allocation",
	  LT_WARNING, LT_CRITICAL, .run = lt_rule_pin_in_cma },
	{ "pin-in-cma", "pinned pages inside a CMA area",
	  LT_WARNING, LT_CRITICAL, .run = NULL },
	{ "unmovable-in-cma", "unmovable pages that blocked an allocation",
	  LT_CRITICAL, LT_CRITICAL, .run = lt_rule_unmovable_in_cma },
	{ "unmovable-in-cma", "unmovable allocations inside a CMA area",
	  LT_CRITICAL, LT_CRITICAL, .run = NULL },
	{ "extra-ref-in-cma", "pages with unexplained references that blocked an allocation",
	  LT_INFO, LT_CRITICAL, .run = lt_rule_extra_ref_in_cma },
	{ "extra-ref-in-cma", "pages with unexplained references inside a CMA area",
	  LT_INFO, LT_CRITICAL, .run = NULL },
	{ "page-in-the-way", "pages that blocked an allocation",
	  LT_CRITICAL, LT_CRITICAL, .run = lt_rule_page_in_the_way },
	{ "busy-transient", "pages that blocked an allocation, and were released",
	  LT_WARNING, LT_WARNING, .run = lt_rule_busy_transient },
	{ "isolation-contention", "allocations that blocked each other",
	  LT_INFO, LT_CRITICAL, .run = lt_rule_isolation_contention },
	{ "isolation-refused", "ranges that could not be isolated",
	  LT_INFO, LT_CRITICAL, .run = lt_rule_isolation_refused },
	{ "request-too-large", "the request is larger than the area",
	  LT_INFO, LT_CRITICAL, .run = lt_rule_request_too_large },
	{ "area-exhausted", "too little of the area is free",
	  LT_WARNING, LT_CRITICAL, .run = lt_rule_area_exhausted },
	{ "area-fragmented", "device allocations leave no run that is long enough",
	  LT_WARNING, LT_CRITICAL, .run = lt_rule_area_fragmented },
	{ "area-exhausted", "too little of the area was free",
	  LT_INFO, LT_CRITICAL, .run = lt_rule_space_then },
	{ "area-fragmented", "device allocations left no run that was long enough",
	  LT_INFO, LT_CRITICAL, .run = NULL },
	{ "migration-target-enomem", "no memory to move the area's pages to",
	  LT_INFO, LT_CRITICAL, .run = lt_rule_migration_target_enomem },
	{ "aborted-by-signal", "the caller was killed while it waited",
	  LT_INFO, LT_INFO, .run = lt_rule_aborted_by_signal },
	{ "attempt-hangs", "an allocation that has not ended",
	  LT_INFO, LT_WARNING, .run = lt_rule_attempt_hangs },
	{ "leak-suspected", "device memory of one requester that grows",
	  LT_INFO, LT_WARNING, .run = lt_rule_leak_suspected },
	{ "failed-but-fell-back", "the caller got memory elsewhere",
	  LT_INFO, LT_INFO, .run = lt_rule_failed_but_fell_back },
	{ "boot-fallback", "the caller got memory elsewhere",
	  LT_INFO, LT_INFO, .run = NULL },
	{ "kernel-regression-hint", "failures that only the kernel explains",
	  LT_WARNING, LT_WARNING, .run = lt_rule_kernel_regression_hint },
	{ "pin-migration-failed", "long-term pins fail because pages cannot leave CMA",
	  LT_WARNING, LT_WARNING, .run = lt_rule_pin_migration_failed },
	{ "pin-migration-failed", "long-term pins of pages that something else holds in CMA fail",
	  LT_INFO, LT_INFO, .run = lt_rule_pin_of_held_failed },
	{ "pin-in-zone-movable", "the kernel lets long-term pins stay in ZONE_MOVABLE",
	  LT_INFO, LT_WARNING, .run = lt_rule_longterm_pin_in_movable },
	{ "pin-in-zone-movable", "pinned pages in ZONE_MOVABLE",
	  LT_INFO, LT_INFO, .run = lt_rule_pin_in_movable },
	{ "reservation-failed", "an area that could not be reserved at boot",
	  LT_WARNING, LT_CRITICAL, .run = lt_rule_reservation_failed },
	{ "reservation-failed", "an area that could not be activated at boot",
	  LT_WARNING, LT_CRITICAL, .run = NULL },
	{ "no-cma", "this kernel has no CMA area",
	  LT_INFO, LT_CRITICAL, .run = lt_rule_no_cma },
	{ "highatomic-drained", "single pages use up the reserve for atomic requests of many",
	  LT_WARNING, LT_WARNING, .run = lt_rule_highatomic_drained },
	{ "evidence-missing", "sources that are unavailable",
	  LT_INFO, LT_INFO, .run = lt_rule_evidence_missing, .is_of_sources = true },
	{ "evidence-missing", "failures that may not be on record",
	  LT_INFO, LT_INFO, .run = NULL },
	{ 0 },
};
/* clang-format on */

/* clang-format off */
static const char *const severities[] = {
	[LT_INFO] = "info",
	[LT_WARNING] = "warning",
	[LT_CRITICAL] = "critical",
};
/* clang-format on */

const char *lt_severity_name(enum lt_severity severity)
{
	return severities[severity];
}

int lt_severity_parse(const char *name, enum lt_severity *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(severities); i++) {
		if (!strcmp(name, severities[i])) {
			*out = (enum lt_severity)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *lt_confidence_name(enum lt_confidence confidence)
{
	static const char *const names[] = {
		[LT_HINT] = "hint",
		[LT_LIKELY] = "likely",
		[LT_PROVEN] = "proven",
	};

	return names[confidence];
}

struct lt_finding *lt_finding_new(struct lt_report *report, const struct lt_rule *rule,
				  enum lt_confidence confidence)
{
	static _Thread_local struct lt_finding scratch;
	struct lt_finding *finding = lt_vec_push(&report->findings);

	if (!finding) {
		report->out_of_memory = true;
		finding = &scratch;
	}
	finding->rule = rule;
	finding->severity = rule->least;
	finding->confidence = confidence;
	return finding;
}

void lt_finding_raise(struct lt_finding *finding, enum lt_severity severity)
{
	if (severity > finding->rule->most)
		severity = finding->rule->most;
	if (severity > finding->severity)
		finding->severity = severity;
}

void lt_finding_add_evidence(struct lt_report *report, struct lt_finding *finding,
			     const char *statement)
{
	const char **slot = report->out_of_memory ? NULL : lt_vec_push(&finding->evidence);

	if (slot)
		*slot = statement;
	else
		report->out_of_memory = true;
}

/* Stable insertion by severity, then confidence: there are never many. */
static void sort_findings(struct lt_findings *findings)
{
	for (size_t i = 1; i < findings->nr; i++) {
		struct lt_finding moving = findings->v[i];
		size_t to = i;

		for (; to; to--) {
			const struct lt_finding *before = &findings->v[to - 1];

			if (before->severity > moving.severity ||
			    (before->severity == moving.severity &&
			     before->confidence >= moving.confidence))
				break;
			findings->v[to] = *before;
		}
		findings->v[to] = moving;
	}
}

/* What it suggests, for the evidence that was read. */
static void place_commands(struct lt_report *report, struct lt_finding *finding)
{
	if (finding->advice)
		finding->advice = lt_words_placed(report, finding->advice);
	if (!finding->confirm)
		return;
	finding->is_for_device = lt_words_is_for_device(report, finding->confirm);
	finding->confirm = lt_words_command(report, finding->confirm);
}

int lt_findings_make(struct lt_report *report)
{
	for (const struct lt_rule *rule = lt_rules; rule->id; rule++)
		if (rule->run)
			rule->run(report, rule);
	lt_vec_each(finding, &report->findings)
		lt_known_quote(report, finding);
	lt_vec_each(finding, &report->findings)
		place_commands(report, finding);
	if (report->out_of_memory)
		return -ENOMEM;
	sort_findings(&report->findings);
	return 0;
}

void lt_findings_free(struct lt_findings *findings)
{
	lt_vec_each(finding, findings)
		lt_vec_free(&finding->evidence);
	lt_vec_free(findings);
}

const struct lt_finding *lt_findings_get(const struct lt_findings *findings, const char *id)
{
	lt_vec_each(finding, findings)
		if (!strcmp(finding->rule->id, id))
			return finding;
	return NULL;
}
