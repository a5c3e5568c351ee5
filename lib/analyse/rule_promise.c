// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Did the kernel keep its promise that a long-term pin never stays on a CMA
 * page? Only the self-test can say so: it made the pins itself.
 */
#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"

/* A self-test taken elsewhere proves nothing about this kernel. */
static bool is_from_here(const struct lt_snapshot *snap, const struct lt_selftest *test)
{
	return !test->release || !snap->kernel.release ||
	       !strcmp(test->release, snap->kernel.release);
}

static void add_case(struct lt_report *report, struct lt_finding *finding,
		     const struct lt_case_result *result)
{
	const char *landed = "", *control = "";

	if (result->nr_landed.known && result->nr_pinned.known)
		landed = lt_words(report, ": %" PRIu64 " of %" PRIu64 " pinned pages in CMA",
				  result->nr_landed.val, result->nr_pinned.val);
	if (result->control_landed.known && result->control_faults.known)
		control = lt_words(report, ", control %" PRIu64 " of %" PRIu64,
				   result->control_landed.val, result->control_faults.val);
	lt_finding_add_evidence(report, finding,
				lt_words(report, "self-test case %s, %s%s%s", result->name,
					 lt_outcome_name(result->outcome), landed, control));
}

static struct lt_finding *find_outcome(struct lt_report *report, const char *id,
				       enum lt_outcome outcome)
{
	lt_vec_each(test, &report->snap->selftests) {
		struct lt_finding *finding;
		bool is_found = false, is_here = is_from_here(report->snap, test);

		lt_vec_each(result, &test->cases)
			is_found = is_found || result->outcome == outcome;
		if (!is_found)
			continue;
		finding = lt_finding_new(report, id, LT_CRITICAL, is_here ? LT_PROVEN : LT_HINT);
		lt_vec_each(result, &test->cases)
			add_case(report, finding, result);
		if (!is_here)
			lt_finding_add_evidence(report, finding,
						lt_words(report, "the self-test ran on %s, not on %s",
							 test->release,
							 report->snap->kernel.release));
		finding->confirm = "ltpin selftest";
		return finding;
	}
	return NULL;
}

void lt_rule_longterm_pin_in_cma(struct lt_report *report)
{
	struct lt_finding *finding =
		find_outcome(report, "longterm-pin-in-cma", LT_OUTCOME_LANDED);

	if (!finding)
		return;
	finding->title = "the kernel lets long-term pins stay in CMA";
	finding->text = "Pages that the self-test pinned with FOLL_LONGTERM stayed on CMA pages. "
			"The kernel promises to move them out first. Every driver that pins for "
			"long can block cma_alloc() on this kernel, and is not to blame for it.";
	finding->clause = "this kernel lets long-term pins stay in CMA";
	finding->advice = "Update the kernel, or find the change that broke it with "
			  "`git bisect run ltpin selftest`.";
}

void lt_rule_longterm_pin_livelock(struct lt_report *report)
{
	struct lt_finding *finding =
		find_outcome(report, "longterm-pin-livelock", LT_OUTCOME_LIVELOCK);

	if (!finding)
		return;
	finding->title = "long-term pins of CMA pages never finish on this kernel";
	finding->text = "A long-term pin made by the self-test did not return while the kernel's "
			"pin counters kept climbing: pages were moved out of CMA into other CMA "
			"pages, again and again. The kernel promises to move them to memory "
			"outside CMA.";
	finding->clause = "long-term pins move CMA pages to other CMA pages without end";
	finding->advice = "Update the kernel: v5.10 keeps such allocations off the per-CPU lists "
			  "that hold CMA pages.";
}
