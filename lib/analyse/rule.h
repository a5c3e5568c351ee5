/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_RULE_H
#define LT_ANALYSE_RULE_H

#include "analyse/report.h"
#include "analyse/words.h"

/*
 * A rule looks at report->snap and report->failures and adds its finding if
 * the evidence is there. Running out of memory sets report->out_of_memory.
 */

/**
 * lt_finding_new() - append a finding
 * @rule: its row of the table; says id, title and the least severity
 *
 * Return: the finding for the rule to fill at once (the next one may move it);
 * a scratch one when out of memory, never NULL.
 */
struct lt_finding *lt_finding_new(struct lt_report *report, const struct lt_rule *rule,
				  enum lt_confidence confidence);

/* It is at least this severe, as far as its row allows. */
void lt_finding_raise(struct lt_finding *finding, enum lt_severity severity);

/* Append one statement, a string of the report or a constant. */
void lt_finding_add_evidence(struct lt_report *report, struct lt_finding *finding,
			     const char *statement);

/* rule_promise.c */
void lt_rule_longterm_pin_in_cma(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_longterm_pin_livelock(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_longterm_pin_in_movable(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_pin_in_movable(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_pin_migration_failed(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_pin_of_held_failed(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_highatomic_drained(struct lt_report *report, const struct lt_rule *rule);

/* rule_pin.c */
void lt_rule_pin_in_cma(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_unmovable_in_cma(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_extra_ref_in_cma(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_page_in_the_way(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_busy_transient(struct lt_report *report, const struct lt_rule *rule);

/* rule_area.c */
void lt_rule_request_too_large(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_area_exhausted(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_area_fragmented(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_no_cma(struct lt_report *report, const struct lt_rule *rule);

/* Whether anybody is known to hold device memory that may be of @area, which may be LT_NO_AREA. */
bool lt_report_has_holders(const struct lt_report *report, size_t area);

/* Who holds device memory now: of @area, or it is not known of which. */
void lt_finding_add_holders(struct lt_report *report, struct lt_finding *finding, size_t area);

/* Whether the trace named a page that was in the way of @failure: then space was not the problem. */
bool lt_failure_has_blocker(const struct lt_report *report, const struct lt_failure *failure);

/* Whether @failure asked for more than its area, or all areas together, have. */
bool lt_failure_is_too_large(const struct lt_report *report, const struct lt_failure *failure);

/* Whether nothing tells how many pages @failure could get at most. */
bool lt_failure_has_no_size(const struct lt_report *report, const struct lt_failure *failure);

/* rule_reservation.c */
void lt_rule_reservation_failed(struct lt_report *report, const struct lt_rule *rule);

/* rule_busy.c */
void lt_rule_isolation_contention(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_isolation_refused(struct lt_report *report, const struct lt_rule *rule);

/* rule_hang.c */
void lt_rule_attempt_hangs(struct lt_report *report, const struct lt_rule *rule);

/* rule_leak.c */
void lt_rule_leak_suspected(struct lt_report *report, const struct lt_rule *rule);

/* rule_kernel.c */
void lt_rule_kernel_regression_hint(struct lt_report *report, const struct lt_rule *rule);

/* rule_log.c */

/*
 * The attempt of @failure that failed with -EBUSY although the log says that a run of its area, long
 * enough wherever it begins, was not allocated; or NULL.
 */
const struct lt_attempt *lt_failure_had_room(const struct lt_report *report,
					     const struct lt_failure *failure);

void lt_rule_space_then(struct lt_report *report, const struct lt_rule *rules);
void lt_rule_migration_target_enomem(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_aborted_by_signal(struct lt_report *report, const struct lt_rule *rule);
void lt_rule_failed_but_fell_back(struct lt_report *report, const struct lt_rule *rules);

/* Whether the log tells how the area looked when an attempt of @failure failed. */
bool lt_failure_has_space_then(const struct lt_report *report, const struct lt_failure *failure);

/* How bad @failure is: no more than worth a note if its caller got memory elsewhere. */
enum lt_severity lt_failure_severity(const struct lt_report *report,
				     const struct lt_failure *failure);

/* rule_evidence.c */
void lt_rule_evidence_missing(struct lt_report *report, const struct lt_rule *rule);

#endif
