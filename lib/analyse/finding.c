// SPDX-License-Identifier: LGPL-2.1-or-later
#include "analyse/finding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/known.h"
#include "analyse/rule.h"
#include "base/array_size.h"

/*
 * Every rule, in the order in which equals are reported: the kernel's fault
 * first, then what blocks, then what is merely too small. Adding one is a
 * function and a line here.
 */
static void (*const rules[])(struct lt_report *report) = {
	lt_rule_longterm_pin_in_cma,
	lt_rule_longterm_pin_livelock,
	lt_rule_pin_in_cma,
	lt_rule_unmovable_in_cma,
	lt_rule_extra_ref_in_cma,
	lt_rule_page_in_the_way,
	lt_rule_busy_transient,
	lt_rule_isolation_contention,
	lt_rule_isolation_refused,
	lt_rule_request_too_large,
	lt_rule_area_exhausted,
	lt_rule_area_fragmented,
	lt_rule_space_then,
	lt_rule_migration_target_enomem,
	lt_rule_aborted_by_signal,
	lt_rule_failed_but_fell_back,
	lt_rule_kernel_regression_hint,
	lt_rule_pin_migration_failed,
	lt_rule_pin_in_zone_movable,
	lt_rule_no_cma,
	lt_rule_highatomic_drained,
	lt_rule_evidence_missing,
};

static const char *const severities[] = {
	[LT_INFO] = "info",
	[LT_WARNING] = "warning",
	[LT_CRITICAL] = "critical",
};

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

struct lt_finding *lt_finding_new(struct lt_report *report, const char *id,
				  enum lt_severity severity, enum lt_confidence confidence)
{
	static _Thread_local struct lt_finding scratch;
	struct lt_finding *finding = lt_vec_push(&report->findings);

	if (!finding) {
		report->out_of_memory = true;
		finding = &scratch;
	}
	finding->id = id;
	finding->severity = severity;
	finding->confidence = confidence;
	return finding;
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

int lt_findings_make(struct lt_report *report)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		rules[i](report);
	lt_vec_each(finding, &report->findings)
		lt_known_quote(report, finding);
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
		if (!strcmp(finding->id, id))
			return finding;
	return NULL;
}
