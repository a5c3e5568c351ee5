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

static void describe_refused(struct lt_report *report, struct lt_finding *finding,
			     const struct lt_refusal *first, const char *others)
{
	finding->clause = lt_words(report, "the kernel could not reserve %s at boot%s",
				   name_refusal(report, first), others);
	finding->text = lt_words(report,
				 "%s. Requests for memory there fail, or are served from "
				 "elsewhere.",
				 finding->clause);
	finding->advice =
		"Ask for less (cma= on the kernel command line, or size in the "
		"reserved-memory node), or for another place or alignment: where the area "
		"must lie, no free memory of that size was left.";
}

/* cma_alloc() returns before it looks for a range: it traces and logs nothing. */
static void describe_inactive(struct lt_report *report, struct lt_finding *finding,
			      const struct lt_refusal *first, const char *others)
{
	finding->clause = lt_words(report, "the kernel could not activate %s at boot%s",
				   name_refusal(report, first), others);
	finding->text = lt_words(report,
				 "%s. Every request for memory there fails, and the log has no "
				 "line for that.",
				 finding->clause);
	finding->advice = "Place the area so that all of it lies in one memory zone, for example "
			  "below 4 GiB.";
}

/* What could not be reserved, or what could not be activated. */
static void find_kind(struct lt_report *report, const struct lt_rule *rule, bool is_inactive)
{
	const struct lt_num total_kib = report->snap->memory.cma_total_kib;
	const struct lt_refusal *first = NULL;
	struct lt_finding *finding;
	const char *others = "";
	size_t nr = 0;

	lt_vec_each(refusal, &report->snap->refusals) {
		if (refusal->is_inactive != is_inactive)
			continue;
		first = nr++ ? first : refusal;
	}
	if (!nr)
		return;
	finding = lt_finding_new(report, rule, LT_PROVEN);
	if (!report->snap->areas.nr || (total_kib.known && !total_kib.val))
		lt_finding_raise(finding, LT_CRITICAL);
	if (nr > 1)
		others = lt_words(report, ", nor %zu more", nr - 1);
	(is_inactive ? describe_inactive : describe_refused)(report, finding, first, others);
	finding->confirm = "grep Cma /proc/meminfo";
	lt_vec_each(refusal, &report->snap->refusals)
		if (refusal->is_inactive == is_inactive)
			lt_finding_add_evidence(report, finding,
						lt_words(report, "log: %s", refusal->text));
}

/* Two rows. */
void lt_rule_reservation_failed(struct lt_report *report, const struct lt_rule *rules)
{
	find_kind(report, &rules[0], false);
	find_kind(report, &rules[1], true);
}
