// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Did the kernel keep its promise that a long-term pin never stays on a CMA
 * page, nor, since "mm/gup: migrate pinned pages out of movable zone" (d1e153fea2a8,
 * v5.13), in ZONE_MOVABLE? Only the self-test can say so: it made the pins itself. And
 * what the scope that keeps it does to a reserve, only `ltpin bench` can.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/rule.h"

/* So many cases are all given as evidence, those that were kept too. */
#define NR_FEW 8

static const char update_or_bisect[] =
	"Update the kernel, or find the change that broke it: give `git bisect run` a script that "
	"builds and boots a kernel, and ends with the status of the self-test there: "
	"`ltpin selftest`.";

/* A self-test taken elsewhere proves nothing about this kernel. */
static bool is_from_here(const struct lt_snapshot *snap, const char *release)
{
	return !release || !snap->kernel.release || !strcmp(release, snap->kernel.release);
}

/* Whether it is about ZONE_MOVABLE: "movable", "movable-thp", ... */
static bool is_movable(const struct lt_case_result *result)
{
	return result->name && !strncmp(result->name, "movable", strlen("movable"));
}

static void add_case(struct lt_report *report, struct lt_finding *finding,
		     const struct lt_case_result *result)
{
	const char *landed = "", *control = "";

	if (result->nr_landed.known && result->nr_pinned.known && result->nr_pinned.val)
		landed = lt_words(report, ": %" PRIu64 " of %" PRIu64 " pinned pages in %s",
				  result->nr_landed.val, result->nr_pinned.val,
				  is_movable(result) ? "ZONE_MOVABLE" : "CMA");
	if (result->control_landed.known && result->control_faults.known &&
	    result->control_faults.val)
		control = lt_words(report, ", control %" PRIu64 " of %" PRIu64,
				   result->control_landed.val, result->control_faults.val);
	lt_finding_add_evidence(report, finding,
				lt_words(report, "self-test case %s, %s%s%s", result->name,
					 lt_outcome_name(result->outcome), landed, control));
}

/* A new finding about @test, with the cases that say so, or all of them if there are few. */
static struct lt_finding *new_test_finding(struct lt_report *report, const struct lt_rule *rule,
					   const struct lt_selftest *test,
					   bool (*is_about)(const struct lt_case_result *result))
{
	bool is_here = is_from_here(report->snap, test->release);
	struct lt_finding *finding = lt_finding_new(report, rule, is_here ? LT_PROVEN : LT_HINT);

	lt_vec_each(result, &test->cases)
		if (test->cases.nr <= NR_FEW || is_about(result))
			add_case(report, finding, result);
	if (!is_here)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "the self-test ran on %s, not on %s",
						 test->release, report->snap->kernel.release));
	finding->confirm = "ltpin selftest";
	return finding;
}

/* The first self-test with a case that @is_about it, or NULL. */
static const struct lt_selftest *find_test(const struct lt_report *report,
					   bool (*is_about)(const struct lt_case_result *result))
{
	lt_vec_each(test, &report->snap->selftests)
		lt_vec_each(result, &test->cases)
			if (is_about(result))
				return test;
	return NULL;
}

static bool is_landed(const struct lt_case_result *result)
{
	return result->outcome == LT_OUTCOME_LANDED && lt_case_result_is_breach(result) &&
	       !is_movable(result);
}

static bool is_landed_in_movable(const struct lt_case_result *result)
{
	return result->outcome == LT_OUTCOME_LANDED && is_movable(result);
}

static bool is_movable_breach(const struct lt_case_result *result)
{
	return is_landed_in_movable(result) && lt_case_result_is_breach(result);
}

static bool is_livelock(const struct lt_case_result *result)
{
	return result->outcome == LT_OUTCOME_LIVELOCK;
}

/* Every pin failed, and the reason was that pages did not move. */
static bool is_not_moved(const struct lt_case_result *result)
{
	uint64_t err = result->call_errno.val;

	return result->nr_calls.known && result->nr_calls.val &&
	       result->nr_calls.val == result->nr_calls_failed.val && result->call_errno.known &&
	       (err == ENOMEM || err == EAGAIN || err == EBUSY);
}

/* And nothing held them: the case was not made to fail. */
static bool is_not_moved_at_all(const struct lt_case_result *result)
{
	return is_not_moved(result) && result->outcome != LT_OUTCOME_KEPT;
}

/* Made before the eyes of a tracer, and there when the pages were looked at. */
static bool is_traced(const struct lt_pin *pin)
{
	return pin->kind == LT_PIN_PINNED && pin->area != LT_NO_AREA && pin->has_pinner &&
	       pin->pinned_by.longterm == LT_LONGTERM_YES;
}

static size_t add_traced_pins(struct lt_report *report, struct lt_finding *finding)
{
	size_t nr = 0;

	lt_vec_each(pin, &report->snap->pins) {
		if (!is_traced(pin) || nr++ >= NR_FEW || !finding)
			continue;
		lt_finding_add_evidence(
			report, finding,
			lt_words(report,
				 "page 0x%" PRIx64 " in %s is pinned, and %s pinned it with "
				 "FOLL_LONGTERM",
				 pin->pfn, lt_words_area(report, pin->area, NULL),
				 pin->pinned_by.pid.known
					 ? lt_words_process(report, pin->pinned_by.comm,
							    (int)pin->pinned_by.pid.val)
					 : "a task"));
	}
	if (finding && nr > NR_FEW)
		lt_finding_add_evidence(report, finding,
					lt_words(report, "and %zu more pages", nr - NR_FEW));
	return nr;
}

void lt_rule_longterm_pin_in_cma(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_selftest *test = find_test(report, is_landed);
	struct lt_finding *finding;

	if (!test && !add_traced_pins(report, NULL))
		return;
	if (test)
		finding = new_test_finding(report, rule, test, is_landed);
	else
		finding = lt_finding_new(report, rule, LT_PROVEN);
	finding->text =
		lt_words(report,
			 "Pages that %s pinned with FOLL_LONGTERM stayed on CMA pages. The "
			 "kernel promises to move them out first. Every driver that pins for "
			 "long can block cma_alloc() on this kernel, and is not to blame for it.",
			 test ? "the self-test" : "a process");
	finding->clause = "this kernel lets long-term pins stay in CMA";
	finding->advice = update_or_bisect;
	finding->confirm = "ltpin selftest";
	add_traced_pins(report, finding);
}

void lt_rule_longterm_pin_livelock(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_selftest *test = find_test(report, is_livelock);
	struct lt_finding *finding;

	if (!test)
		return;
	finding = new_test_finding(report, rule, test, is_livelock);
	finding->text = "A long-term pin made by the self-test did not return while the kernel's "
			"pin counters kept climbing: pages were moved out of CMA into other CMA "
			"pages, again and again. The kernel promises to move them to memory "
			"outside CMA.";
	finding->clause = "long-term pins move CMA pages to other CMA pages without end";
	finding->advice = update_or_bisect;
}

static const char movable_harm[] = "Memory that holds such a page cannot be taken offline, and "
				   "makes no huge or gigantic pages. "
				   "It does not make cma_alloc() fail.";

/* The self-test made the pins: they are long-term. */
void lt_rule_longterm_pin_in_movable(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_selftest *breach = find_test(report, is_movable_breach);
	const struct lt_selftest *test = breach ? breach : find_test(report, is_landed_in_movable);
	struct lt_finding *finding;

	if (!test)
		return;
	finding = new_test_finding(report, rule, test, is_landed_in_movable);
	if (breach)
		lt_finding_raise(finding, LT_WARNING);
	finding->text =
		lt_words(report,
			 "Pages that the self-test pinned with FOLL_LONGTERM stayed in "
			 "ZONE_MOVABLE. %s %s",
			 breach ? "This kernel promises to move them out first."
				: "This kernel does not promise otherwise: v5.13 is the first "
				  "that does (d1e153fea2a8).",
			 movable_harm);
	finding->advice =
		breach ? update_or_bisect : "Update the kernel, if memory is to be taken offline.";
}

/* A pin count says neither that the pin is long-term nor whose it is. */
void lt_rule_pin_in_movable(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(zone, &report->snap->zones) {
		struct lt_finding *finding;

		if (!zone->nr_pinned.known || !zone->nr_pinned.val)
			continue;
		finding = lt_finding_new(report, rule, LT_PROVEN);
		finding->text = lt_words(report,
					 "Pages of ZONE_MOVABLE have a pin count, which does not "
					 "say whether the pin is long-term. %s",
					 movable_harm);
		finding->advice =
			"If memory cannot be taken offline, look again: what is still pinned "
			"is held. `ltpin selftest` shows whether this kernel moves long-term "
			"pins out.";
		finding->confirm = "ltpin report";
		lt_finding_add_evidence(
			report, finding,
			lt_words(report, "node %u: %s pinned, the first at PFN 0x%" PRIx64,
				 zone->node, lt_words_size(report, zone->nr_pinned.val),
				 zone->first_pinned_pfn.val));
	}
}

void lt_rule_pin_migration_failed(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_selftest *test = find_test(report, is_not_moved_at_all);
	struct lt_finding *finding;

	if (!test)
		return;
	finding = new_test_finding(report, rule, test, is_not_moved_at_all);
	finding->text = "Every long-term pin that the self-test made of pages in CMA failed. The "
			"kernel moves such pages out of CMA first, and could not, although "
			"nothing but the self-test used them.";
	finding->advice = "Look at the free memory outside CMA (`ltpin zones`): the pages need "
			  "somewhere to go.";
}

/* Worth a note only where no pin failed without that. */
void lt_rule_pin_of_held_failed(struct lt_report *report, const struct lt_rule *rule)
{
	const struct lt_selftest *test = find_test(report, is_not_moved);
	struct lt_finding *finding;

	if (!test || find_test(report, is_not_moved_at_all))
		return;
	finding = new_test_finding(report, rule, test, is_not_moved);
	finding->text = "The self-test held a page in CMA by another reference and pinned "
			"it for long: the pin failed, since the page could not be moved. "
			"That keeps the kernel's promise, but whoever asked for the pin "
			"gets an error.";
	finding->advice = "If such pins fail on this device, find who holds pages in CMA "
			  "(`ltpin pages`): pipes, unfinished I/O, other pins.";
}

void lt_rule_highatomic_drained(struct lt_report *report, const struct lt_rule *rule)
{
	lt_vec_each(bench, &report->snap->benches) {
		const struct lt_bench_reserve *reserve = &bench->reserve;
		struct lt_finding *finding;
		bool is_here = is_from_here(report->snap, bench->release);

		if (!lt_bench_is_drained(bench))
			continue;
		finding = lt_finding_new(report, rule, is_here ? LT_PROVEN : LT_HINT);
		finding->text = "Atomic requests for single pages, made where CMA pages are not "
				"allowed, were served from the HIGHATOMIC reserve. It is kept for "
				"atomic requests of several pages, which then fail: in network "
				"drivers, for example. It does not make cma_alloc() fail.";
		finding->advice = "Update the kernel: the change of v5.10 that keeps such requests "
				  "off the per-CPU lists also keeps single pages out of this "
				  "reserve.";
		finding->confirm = "ltpin bench --part reserve";
		lt_finding_add_evidence(
			report, finding,
			lt_words(report,
				 "measured: %" PRIu64 " pages free in the reserve, %" PRIu64
				 " while %" PRIu64 " single pages were held; the same outside the "
				 "scope left it as it was",
				 reserve->in_scope.before.val, reserve->in_scope.during.val,
				 reserve->nr_requests.val));
		if (!is_here)
			lt_finding_add_evidence(
				report, finding,
				lt_words(report, "the measurement ran on %s, not on %s",
					 bench->release, report->snap->kernel.release));
		return;
	}
}
