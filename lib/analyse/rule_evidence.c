// SPDX-License-Identifier: LGPL-2.1-or-later
/* What could not be looked at, and what that would have told. */
#include "analyse/rule.h"

static bool is_missing(const struct lt_source_state *state)
{
	return state->status == LT_STATUS_ABSENT || state->status == LT_STATUS_DENIED ||
	       state->status == LT_STATUS_ERROR;
}

void lt_rule_evidence_missing(struct lt_report *report, const struct lt_rule *rule)
{
	struct lt_finding *finding = NULL;
	size_t nr = 0;

	lt_vec_each(state, &report->snap->sources)
		nr += is_missing(state);
	if (!nr)
		return;
	finding = lt_finding_new(report, rule, LT_PROVEN);
	finding->text = lt_words(report,
				 "%zu source%s could not be read. What %s proves is not known, "
				 "which is not the same as not there.",
				 nr, nr == 1 ? "" : "s", nr == 1 ? "it" : "each");
	finding->advice = "The list of sources names what each one needs.";
	finding->confirm = "ltpin doctor";
	lt_vec_each(state, &report->snap->sources)
		if (is_missing(state))
			lt_finding_add_evidence(
				report, finding,
				lt_words(report, "%s (%s) would prove %s", state->name,
					 lt_status_name(state->status), state->proves));
}
