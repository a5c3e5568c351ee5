// SPDX-License-Identifier: LGPL-2.1-or-later
/* What could not be looked at, and what that would have told. */
#include "analyse/rule.h"

static bool is_any_missing(const struct lt_snapshot *snap)
{
	lt_vec_each(state, &snap->sources)
		if (lt_source_state_is_missing(state))
			return true;
	return false;
}

void lt_rule_evidence_missing(struct lt_report *report, const struct lt_rule *rule)
{
	struct lt_finding *finding;

	if (!is_any_missing(report->snap))
		return;
	finding = lt_finding_new(report, rule, LT_PROVEN);
	finding->text = "Not every source could be read. What the missing ones prove is not known, "
			"which is not the same as not there.";
	finding->advice = "The list of sources names what each one needs.";
	finding->confirm = "ltpin doctor";
	lt_vec_each(state, &report->snap->sources)
		if (lt_source_state_is_missing(state))
			lt_finding_add_evidence(
				report, finding,
				lt_words(report, "%s (%s) would prove %s", state->name,
					 lt_status_name(state->status), state->proves));
}
