// SPDX-License-Identifier: LGPL-2.1-or-later
/* Areas that were asked for and that the kernel could not set aside at boot. */
#include <inttypes.h>

#include "analyse/rule.h"

static const char *name_refusal(struct lt_report *report, const struct lt_refusal *refusal)
{
	const char *size = refusal->size_mib.known
				   ? lt_words(report, " of %" PRIu64 " MiB", refusal->size_mib.val)
				   : "";

	return refusal->node ? lt_words(report, "the area \"%s\"%s", refusal->node, size)
			     : lt_words(report, "an area%s", size);
}

void lt_rule_reservation_failed(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_refusals *refusals = &report->snap->refusals;
	const struct lt_num total_kib = report->snap->memory.cma_total_kib;
	struct lt_finding *finding;
	const char *others = "";

	if (!refusals->nr)
		return;
	finding = lt_finding_new(report, rule, LT_PROVEN);
	if (!report->snap->areas.nr || (total_kib.known && !total_kib.val))
		lt_finding_raise(finding, LT_CRITICAL);
	if (refusals->nr > 1)
		others = lt_words(report, ", nor %zu more", refusals->nr - 1);
	finding->clause = lt_words(report, "the kernel could not reserve %s at boot%s",
				   name_refusal(report, &refusals->v[0]), others);
	finding->text = lt_words(report,
				 "%s. Requests for memory there fail, or are served from "
				 "elsewhere.",
				 finding->clause);
	finding->advice =
		"Ask for less (cma= on the kernel command line, or size in the "
		"reserved-memory node), or for another place or alignment: where the area "
		"must lie, no free memory of that size was left.";
	finding->confirm = "grep Cma /proc/meminfo";
	lt_vec_each(refusal, refusals)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "log: %s", refusal->text));
}
