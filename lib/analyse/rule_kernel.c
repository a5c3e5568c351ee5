// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Failures of a kind that pins do not make. More than a hint they never are: what
 * another kernel does with the same device is the proof.
 */
#include <errno.h>
#include <inttypes.h>

#include "analyse/rule.h"

/* So many attempts, none of which succeeded, are "every". */
#define EVERY_MIN 5

/*
 * How many pages @single could have had: of those free then as the log tells, or of the
 * ranges it tried, without those that are known to be pinned. Unknown if nothing tells.
 */
static struct lt_num room_of(const struct lt_report *report, const struct lt_attempt *single)
{
	struct lt_num room = single->nr_free;

	if (!room.known && single->tries.nr)
		room = lt_num(single->tries.nr);
	if (single->area != LT_NO_AREA && report->snap->areas.v[single->area].nr_pinned.known)
		room = lt_num_sub(room, report->snap->areas.v[single->area].nr_pinned);
	return room;
}

static bool is_busy_single(const struct lt_attempt *attempt)
{
	return lt_attempt_has_err(attempt, EBUSY) && attempt->nr_pages.known &&
	       attempt->nr_pages.val == 1;
}

static void hint_at_kernel(struct lt_report *report, const struct lt_rule *rule, const char *text,
			   const char *evidence, const char *confirm)
{
	struct lt_finding *finding = lt_finding_new(report, rule, LT_HINT);

	finding->text = text;
	finding->advice =
		"Run the same on another kernel. If it works there, bisect: a kernel on which "
		"nothing can be allocated is found quickly.";
	finding->confirm = confirm;
	lt_finding_add_evidence(report, finding, evidence);
}

/* One page fits wherever a page is free or can be moved: not all can be in the way. */
static bool hint_at_single(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(failure, &report->failures) {
		const struct lt_attempt *single = lt_failure_find(report, failure, is_busy_single);
		struct lt_num room = single ? room_of(report, single) : (struct lt_num){ 0 };

		if (!room.known || room.val < 2)
			continue;
		hint_at_kernel(report, rule,
			       "A request for a single page failed with -EBUSY, although pages of "
			       "the area were not allocated. The kernel tries them one after the "
			       "other, and any that is free or can be moved will do: only if each "
			       "of them was held do pins explain it.",
			       lt_words(report,
					single->nr_free.known
						? "%s; %s not allocated then, and not known to "
						  "be pinned"
						: "%s; the kernel tried %s that are not known to "
						  "be pinned",
					lt_words_failure(report, failure),
					lt_words_size(report, room.val)),
			       lt_words_explain_page(report, failure->area));
		return true;
	}
	return false;
}

/* Whether it is known of a page that blocked what held it. */
static bool is_page_at_fault(const struct lt_report *report)
{
	lt_vec_each(page, &report->blocking)
		if (lt_cause_page_has_hold(page->said))
			return true;
	return false;
}

/* Attempts whose end is known; false if one succeeded. */
static bool count_busy(const struct lt_snapshot *snap, unsigned int *nr, bool *has_sizes)
{
	struct lt_num size = { 0 };

	lt_vec_each(attempt, &snap->attempts) {
		if (attempt->is_open)
			continue;
		if (!lt_attempt_has_err(attempt, EBUSY))
			return false;
		*nr += attempt->count;
		*has_sizes = *has_sizes || (size.known && attempt->nr_pages.known &&
					    size.val != attempt->nr_pages.val);
		size = attempt->nr_pages.known ? attempt->nr_pages : size;
	}
	return true;
}

static void hint_at_every(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_snapshot *snap = report->snap;
	unsigned int nr = 0;
	bool has_sizes = false;

	/* The log is silent on success: vmstat has to tell that there was none (6.1 and later). */
	if (is_page_at_fault(report) || !count_busy(snap, &nr, &has_sizes) || nr < EVERY_MIN ||
	    !has_sizes || !snap->memory.cma_alloc_success.known ||
	    snap->memory.cma_alloc_success.val)
		return;
	hint_at_kernel(
		report, rule,
		"Every allocation since boot failed with -EBUSY, whatever its size. Pins block "
		"only the ranges that hold them.",
		lt_words(report,
			 "%u attempts of more than one size failed with -EBUSY; vmstat: "
			 "cma_alloc_success 0",
			 nr),
		"ltpin report");
}

void lt_rule_kernel_regression_hint(struct lt_report *report, const struct lt_rule *rule)
{
	if (!hint_at_single(report, rule))
		hint_at_every(report, rule);
}
