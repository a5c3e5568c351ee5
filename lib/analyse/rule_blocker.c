// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Failures that named pages decided: that a page blocked, what held it then, and who can release it
 * now, each with its own confidence (cause.h).
 */
#include "analyse/rule_blocker.h"

#include <inttypes.h>
#include <string.h>

#include "analyse/words_page.h"
#include "analyse/words_hold.h"
#include "analyse/words_track.h"

/* Pages described one by one in a finding; pins[] has all. */
#define DESCRIBED_MAX 5

/* What a group's attempts have in common. */
struct group {
	const struct lt_failure *failure;
	const struct lt_cause_page *best; /* of the last attempt */
	struct lt_pfns pfns;		  /* that the kernel named, distinct */
};

static void collect_group(struct lt_report *report, struct group *group, struct lt_pfns *explained)
{
	for (size_t i = 0; i < report->causes.nr; i++) {
		const struct lt_cause *cause = &report->causes.v[i];

		if (!lt_failure_has(report, group->failure, i))
			continue;
		if (group->failure->last == &report->snap->attempts.v[i])
			group->best = lt_cause_best(cause);
		lt_vec_each(page, &cause->pages) {
			if (lt_pfns_add(&group->pfns, page->pfn) ||
			    (page->page && lt_pfns_add(explained, page->page->pfn)))
				report->out_of_memory = true;
		}
	}
	lt_pfns_sort(&group->pfns);
}

/* "page 0x1c2f7", "a page of the block at 0x1c200", "page 0x1c2f7 and 2 more" */
static const char *name_pages(struct lt_report *report, const struct group *group)
{
	size_t nr = group->pfns.nr;

	return lt_words(report, "%s 0x%" PRIx64 "%s",
			group->best->is_block && !lt_cause_page_has_hold(group->best)
				? "a page of the block at"
				: "page",
			group->best->pfn, nr > 1 ? lt_words(report, " and %zu more", nr - 1) : "");
}

static const char *name_attempts(struct lt_report *report, const struct group *group)
{
	if (group->failure->count == 1)
		return "it";
	if (group->pfns.nr > 1)
		return "them";
	return group->failure->count == 2 ? "both"
					  : lt_words(report, "all %u", group->failure->count);
}

static const char *past_of_hold(enum lt_pin_kind hold)
{
	switch (hold) {
	case LT_PIN_PINNED:
		return "was pinned then";
	case LT_PIN_EXTRA_REF:
		return "was held then by a reference that no mapping explains";
	case LT_PIN_UNMOVABLE:
		return "was an unmovable allocation";
	case LT_PIN_UNKNOWN:
		break;
	}
	return "was in use then";
}

static const char *present_of_hold(enum lt_pin_kind hold)
{
	switch (hold) {
	case LT_PIN_PINNED:
		return "is pinned now";
	case LT_PIN_EXTRA_REF:
		return "is held now by a reference that no mapping explains";
	case LT_PIN_UNMOVABLE:
		return "is an unmovable allocation now";
	case LT_PIN_UNKNOWN:
		break;
	}
	return "is in use now";
}

/* What held it when it was looked at: now, or so long after the attempt. */
static const char *later_of_hold(struct lt_report *report, const struct lt_cause_page *best)
{
	static const char *const holds[] = {
		[LT_PIN_UNKNOWN] = "in use",
		[LT_PIN_PINNED] = "pinned",
		[LT_PIN_EXTRA_REF] = "held by a reference that no mapping explains",
		[LT_PIN_UNMOVABLE] = "an unmovable allocation",
	};

	if (!best->looked_after_ns.known)
		return present_of_hold(best->page->kind);
	return lt_words(report, "was %s %" PRIu64 " ms later", holds[best->page->kind],
			best->looked_after_ns.val / 1000000);
}

static const char *describe_hold(struct lt_report *report, const struct group *group)
{
	const struct lt_cause_page *best = group->best;
	const char *it = group->pfns.nr > 1 ? "; the first" : " and";

	if (lt_cause_page_has_hold(best))
		return lt_words(report, "%s %s (%s)", it, past_of_hold(best->hold),
				lt_confidence_name(best->confidence));
	if (best->state == LT_STATE_HELD_NOW && best->page)
		return lt_words(
			report, "; %s %s, and whether it was so then %s",
			group->pfns.nr > 1 ? "the first" : "it", later_of_hold(report, best),
			report->snap->options.last_stage < LT_STAGE_PROCESSES ? "was not looked up"
									      : "is not known");
	if (best->state == LT_STATE_RELEASED)
		return lt_words(report, "%s %s; who held it is not known", it,
				lt_words_released(best));
	if (best->state == LT_STATE_REUSED)
		return lt_words(report,
				"%s has been released since; who held it is not known, and who "
				"uses it now came later",
				it);
	return "; what held it is not known";
}

static const char *describe_holder(struct lt_report *report, const struct lt_cause_page *best)
{
	const char *sure = "", *part = "";

	if (best->by == LT_BY_NOBODY)
		return lt_cause_page_has_hold(best) && lt_cause_page_is_released(best)
			       ? "; it has been released since"
			       : "";
	if (best->by_confidence >= LT_LIKELY)
		sure = lt_words(report, " (%s)", lt_confidence_name(best->by_confidence));
	if (best->by == LT_BY_PINNING && lt_cause_page_is_partial(best))
		part = lt_words(report, ", which explains %" PRIu64 " of %" PRIu64 " pins",
				best->nr_found.val, best->nr_pins.val);
	return lt_words(report, "; %s %s%s%s", lt_words_process(report, best->comm, best->pid),
			lt_words_basis(best), sure, part);
}

static const char *clause_of(struct lt_report *report, const struct group *group)
{
	return lt_words(report, "%s blocked %s (%s)%s%s", name_pages(report, group),
			name_attempts(report, group),
			lt_confidence_name(group->best->is_dumped ? LT_LIKELY : LT_PROVEN),
			describe_hold(report, group), describe_holder(report, group->best));
}

/* Where a process that is named waits so that no signal reaches it; NULL if it does not. */
static const char *wait_of(const struct lt_cause_page *best)
{
	if (!best->page || best->by == LT_BY_NOBODY)
		return NULL;
	lt_vec_each(mapper, &best->page->mapped_by)
		if (mapper->pid == best->pid && mapper->waits_in)
			return mapper->waits_in;
	return NULL;
}

/* A restart does not help who waits in the kernel. */
static const char *advice_on_wait(struct lt_report *report, const struct lt_cause_page *best,
				  const char *waits_in)
{
	return lt_words(
		report,
		"%s waits in the kernel (state D%s%s), so that neither a signal nor a restart "
		"reaches it. Find the device that it waits for: /proc/%d/stack shows the call.",
		lt_words_process(report, best->comm, best->pid),
		strcmp(waits_in, "?") ? ", in " : "", strcmp(waits_in, "?") ? waits_in : "",
		best->pid);
}

/*
 * What may hold a page of which only references are known, by what the page is; and what was measured
 * to help, see docs/remedies.md.
 */
static const char *advice_on_reference(const struct lt_cause_page *best)
{
	switch (best->page ? best->page->class : LT_PAGE_UNKNOWN) {
	case LT_PAGE_FILE:
	case LT_PAGE_SHMEM:
		return "Look again: what is still there is held. A page of a file is held by a buffer of "
		       "its file system, a pipe that it was spliced into, or input or output in "
		       "flight. Measured on 6.12, not tried here: `explain --try` frees pages of files "
		       "that nothing holds, by sync and drop-caches, and no step of it releases the "
		       "buffer of a mounted file system.";
	case LT_PAGE_ANON:
	case LT_PAGE_THP:
		return "Look again: what is still there is held. Anonymous memory is held by a pipe "
		       "(vmsplice), direct input or output in flight, or a driver that called "
		       "get_user_pages(). Measured on 6.12 and 5.10, not tried here: no step of "
		       "`explain --try` releases a page in a pipe.";
	default:
		return "Look again: what is still there is held, by a pipe, a buffer head, input or "
		       "output in flight, or a driver.";
	}
}

/* Who is named to be restarted must hold the page, as far as that is known. */
static const char *advice_on_pin(struct lt_report *report, const struct lt_cause_page *best)
{
	const char *driver =
		"make the driver that it uses pin pages with FOLL_LONGTERM, which moves "
		"them out of CMA first. If it does already, test whether this kernel keeps "
		"that promise: `ltpin selftest`.";

	if (best->page && best->page->has_pinner && best->page->pinned_by.is_ours)
		return "This pin was made through ltpin's own module: end that `ltpin pin`.";
	if (lt_cause_page_is_partial(best))
		return "Find out who made its other pins, which keep the page too: `ltpin watch --pins` "
		       "shows each pin as it is made.";
	if (best->by_confidence >= LT_LIKELY && best->by != LT_BY_NOBODY)
		return lt_words(report, "Restart %s, or %s",
				lt_words_process(report, best->comm, best->pid), driver);
	return "Find out who pins it: `ltpin watch --pins` shows each pin as it is made.";
}

static const char *advice_of(struct lt_report *report, const struct lt_cause_page *best)
{
	bool is_held = best->state == LT_STATE_HELD_SINCE || best->state == LT_STATE_HELD_NOW;
	bool is_known = best->by_confidence >= LT_LIKELY && best->by != LT_BY_NOBODY;

	if (!is_held && (lt_cause_page_has_hold(best) || best->state != LT_STATE_UNKNOWN))
		return "Try again. If it happens often, watch while it happens: a holder that comes and "
		       "goes is seen only then.";
	if (wait_of(best))
		return advice_on_wait(report, best, wait_of(best));
	if (best->hold == LT_PIN_PINNED)
		return advice_on_pin(report, best);
	if (best->hold == LT_PIN_UNMOVABLE)
		return "Report it to linux-mm@kvack.org with the allocation stacks.";
	if (best->hold == LT_PIN_EXTRA_REF && is_known)
		return lt_words(
			report,
			"Look again: what is still there is held. Then stop %s, or close its "
			"pipes and the device that it reads or writes.",
			lt_words_process(report, best->comm, best->pid));
	if (best->hold == LT_PIN_EXTRA_REF)
		return advice_on_reference(best);
	return lt_snapshot_has_page_states(report->snap)
		       ? "Watch while it fails: the page is looked at then at once."
		       : "Load the helper module on the device, while it fails, for exact pin counts.";
}

/* What decides it now: the same request, replayed; or the page, at the instant of the next failure. */
static const char *confirm_of(struct lt_report *report, const struct lt_failure *failure,
			      const struct lt_cause_page *best)
{
	const char *explain = lt_words_explain(report, failure);

	if (best->state == LT_STATE_HELD_SINCE || best->state == LT_STATE_HELD_NOW) {
		if (best->hold == LT_PIN_UNMOVABLE)
			return "ltpin owners --cma --by stack,migratetype";
		return explain ? explain : "ltpin pages";
	}
	return LT_NEXT_WATCH;
}

/*
 * "76 of 76 ranges", of all attempts of the group; not where one is known from the log alone, which
 * does not have every range.
 */
static const char *count_ranges(struct lt_report *report, const struct group *group, uint64_t pfn)
{
	uint64_t nr = 0, nr_all = 0;

	for (size_t i = 0; i < report->causes.nr; i++) {
		const struct lt_attempt *attempt = &report->snap->attempts.v[i];

		if (!lt_failure_has(report, group->failure, i))
			continue;
		if (attempt->source == LT_ATTEMPT_LOG)
			return "an allocation";
		nr_all += lt_attempt_nr_ranges(attempt).val;
		lt_vec_each(page, &report->causes.v[i].pages)
			nr += page->pfn == pfn ? page->nr_windows : 0;
	}
	return lt_words(report, "%" PRIu64 " of %" PRIu64 " range%s", nr, nr_all,
			nr_all == 1 ? "" : "s");
}

/* What is said of page @pfn for the last attempt of the group that it blocked. */
static const struct lt_cause_page *said_of(const struct lt_report *report,
					   const struct group *group, uint64_t pfn)
{
	const struct lt_cause_page *said = NULL;
	struct lt_num last_ns = { 0 };

	for (size_t i = 0; i < report->causes.nr; i++) {
		const struct lt_num ns = lt_attempt_last_ns(&report->snap->attempts.v[i]);

		if (!lt_failure_has(report, group->failure, i) ||
		    (said && ns.known && last_ns.known && ns.val < last_ns.val))
			continue;
		lt_vec_each(page, &report->causes.v[i].pages) {
			if (page->pfn != pfn)
				continue;
			said = page;
			last_ns = ns;
		}
	}
	return said;
}

static const char *describe_page(struct lt_report *report, const struct group *group, uint64_t pfn)
{
	const struct lt_pin *pin = lt_pins_find(&report->snap->pins, pfn);
	const char *blocked = count_ranges(report, group, pfn);

	return pin ? lt_words_blocker(report, pin, said_of(report, group, pfn), group->failure,
				      blocked)
		   : lt_words(report, "page 0x%" PRIx64 " blocked %s", pfn, blocked);
}

static void add_pages(struct lt_report *report, struct lt_finding *finding,
		      const struct group *group)
{
	size_t nr = 0;

	lt_vec_each(pfn, &group->pfns) {
		if (nr++ >= DESCRIBED_MAX)
			continue;
		lt_finding_add_evidence(report, finding, describe_page(report, group, *pfn));
		lt_finding_add_tracks(report, finding, *pfn);
		if (!lt_cause_page_is_released(said_of(report, group, *pfn)))
			lt_finding_add_holds(report, finding,
					     lt_pins_find(&report->snap->pins, *pfn));
	}
	if (nr > DESCRIBED_MAX)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "and %zu more", nr - DESCRIBED_MAX));
	if (group->best->is_dumped)
		lt_finding_add_evidence(
			report, finding,
			"The kernel log has it from a page dump just before the failure, and does "
			"not say of which search. One that got another range may have printed it.");
}

static void add_finding(struct lt_report *report, const struct lt_rule *rule,
			const struct group *group)
{
	struct lt_finding *finding = lt_finding_new(report, rule, group->failure->confidence);

	lt_finding_raise(finding, lt_failure_severity(report, group->failure));
	finding->explains = group->failure;
	finding->states_confidence = true;
	finding->clause = clause_of(report, group);
	finding->text = lt_words(report, "%s: %s.", lt_words_failure(report, group->failure),
				 finding->clause);
	finding->advice = advice_of(report, group->best);
	finding->confirm = confirm_of(report, group->failure, group->best);
	add_pages(report, finding, group);
}

void lt_rule_blocked_groups(struct lt_report *report, const struct lt_rule *rule,
			    struct lt_pfns *explained)
{
	lt_vec_each(failure, &report->failures) {
		struct group group = { .failure = failure };

		if (!failure->id || strcmp(failure->id, rule->id))
			continue;
		collect_group(report, &group, explained);
		if (group.best)
			add_finding(report, rule, &group);
		lt_vec_free(&group.pfns);
	}
	lt_pfns_sort(explained);
}
