// SPDX-License-Identifier: LGPL-2.1-or-later
/* Device memory of one requester that grows all through the record. */
#include <inttypes.h>

#include "analyse/leak.h"
#include "analyse/rule.h"

/* Frames of the stack that are quoted; the JSON has all. */
#define FRAMES_MAX 8

static const char *name_requester(struct lt_report *report, const struct lt_requester *requester)
{
	if (requester->driver && requester->caller)
		return lt_words(report, "%s (called by %s)", requester->driver, requester->caller);
	return requester->driver   ? requester->driver
	       : requester->caller ? requester->caller
				   : "an unknown task";
}

static const char *quote_stack(struct lt_report *report, const struct lt_stack *stack)
{
	const char *words = "The stack of the request: ";

	for (size_t i = 0; i < stack->nr && i < FRAMES_MAX; i++)
		words = lt_words(report, "%s%s%s", words, i ? ", " : "", stack->frames[i]);
	return words;
}

/* How old what is kept is, beside what was released. */
static const char *compare_ages(struct lt_report *report, const struct lt_requester *requester,
				const struct lt_leak *leak, uint64_t to_ns)
{
	const char *kept = lt_words(
		report,
		"%" PRIu64 " allocations of that time, %s, are outstanding, the first for %.3f s.",
		leak->nr_kept, lt_words_size(report, leak->nr_pages_kept),
		(double)(to_ns - leak->oldest_ns.val) / 1e9);

	if (!requester->longest_ns.known)
		return lt_words(report, "%s None was released: it may still be filling a pool.",
				kept);
	return lt_words(report,
			"%s Each of them is at least twice as old as any that it released, of "
			"which the oldest was released after %.3f s.",
			kept, (double)requester->longest_ns.val / 1e9);
}

static void add_evidence(struct lt_report *report, struct lt_finding *finding,
			 const struct lt_requester *requester, const struct lt_leak *leak)
{
	const struct lt_ledger *ledger = &report->snap->ledger;
	const uint64_t nr_old = lt_ledger_nr_pages_old(ledger, requester);

	lt_finding_add_evidence(
		report, finding,
		lt_words(report,
			 "In the quarters of the time at least %" PRIu64 ", %" PRIu64 ", %" PRIu64
			 " and %" PRIu64 " pages were outstanding.",
			 leak->floor[0], leak->floor[1], leak->floor[2], leak->floor[3]));
	lt_finding_add_evidence(report, finding,
				lt_words(report,
					 "On record are %" PRIu64 " of its allocations and %" PRIu64
					 " of their releases.",
					 requester->nr_allocated, requester->nr_released));
	if (nr_old)
		lt_finding_add_evidence(
			report, finding,
			lt_words(report,
				 "%s were released that were allocated before, perhaps by it.",
				 lt_words_size(report, nr_old)));
	if (ledger->nr_gaps)
		lt_finding_add_evidence(
			report, finding,
			"Events were lost: what was allocated before is not counted.");
	if (requester->stack)
		lt_finding_add_evidence(report, finding, quote_stack(report, requester->stack));
}

static void add(struct lt_report *report, const struct lt_rule *rule,
		const struct lt_requester *requester, const struct lt_leak *leak)
{
	const uint64_t to_ns = report->snap->ledger.to_ns.val;
	struct lt_finding *finding = lt_finding_new(report, rule, leak->confidence);

	if (leak->confidence == LT_LIKELY)
		lt_finding_raise(finding, LT_WARNING);
	finding->is_of_now = true;
	finding->text = lt_words(
		report, "The device memory in %s that %s asks for grew all through %.3f s. %s",
		lt_words_area(report, requester->area, requester->area_name),
		name_requester(report, requester), (double)(to_ns - leak->begin_ns) / 1e9,
		compare_ages(report, requester, leak, to_ns));
	finding->advice =
		"Look in the code that makes these requests for a path on which it does not release "
		"them. To see whether it goes on, watch for longer than the driver keeps a buffer.";
	finding->confirm = "ltpin watch";
	add_evidence(report, finding, requester, leak);
}

void lt_rule_leak_suspected(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_ledger *ledger = &report->snap->ledger;

	for (size_t i = 0; i < ledger->requesters.nr; i++) {
		struct lt_leak leak = lt_leak_of(ledger, i);

		if (leak.is_suspected)
			add(report, rule, &ledger->requesters.v[i], &leak);
	}
}
