// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Known bad combinations, and how each shows. None is told by the release of a kernel:
 * stable trees took some of these changes, vendors others. What shows is the behaviour,
 * so the kernel at hand may do the same for another reason: a row says what other kernels
 * did, and proves nothing of this one. The commits were looked up in the mainline tree
 * (https://git.kernel.org/linus/COMMIT shows one), and the drivers read in 5.10, 6.1,
 * 6.12 and 7.2.
 */
#include "analyse/known.h"

#include <string.h>

#include "analyse/rule.h"
#include "base/array_size.h"

static bool has_outcome(const struct lt_report *report, const char *situation,
			enum lt_outcome outcome)
{
	lt_vec_each(test, &report->snap->selftests)
		lt_vec_each(result, &test->cases)
			if (result->name && result->outcome == outcome &&
			    !strncmp(result->name, situation, strlen(situation)))
				return true;
	return false;
}

/* Fresh memory comes from the very list, or pages go round in it. */
static bool is_from_pcplist(const struct lt_report *report, const struct lt_finding *finding)
{
	(void)finding;
	return has_outcome(report, "fresh", LT_OUTCOME_LANDED) ||
	       has_outcome(report, "", LT_OUTCOME_LIVELOCK);
}

/* The same pins, and nothing lands unless two of them race. */
static bool is_race_alone(const struct lt_report *report, const struct lt_finding *finding)
{
	return has_outcome(report, "race", LT_OUTCOME_LANDED) &&
	       !has_outcome(report, "in-cma", LT_OUTCOME_LANDED) &&
	       !is_from_pcplist(report, finding);
}

static bool is_period_of(const struct lt_attempt *attempt, uint64_t ts_ns)
{
	return attempt->ts_ns.known && attempt->latency_ns.known && ts_ns >= attempt->ts_ns.val &&
	       ts_ns <= attempt->ts_ns.val + attempt->latency_ns.val;
}

/* Whether @pin was made while an allocation had isolated its block. */
static bool is_made_in_isolation(const struct lt_snapshot *snap, const struct lt_pin *pin)
{
	if (!pin->has_pinner || !pin->pinned_by.ts_ns.known ||
	    pin->pinned_by.longterm != LT_LONGTERM_YES)
		return false;
	lt_vec_each(attempt, &snap->attempts) {
		if (!is_period_of(attempt, pin->pinned_by.ts_ns.val))
			continue;
		lt_vec_each(tried, &attempt->tries)
			if (lt_range_has(tried->pfns, pin->pfn))
				return true;
	}
	return false;
}

static bool is_isolated(const struct lt_report *report, const struct lt_finding *finding)
{
	(void)finding;
	lt_vec_each(pin, &report->snap->pins)
		if (is_made_in_isolation(report->snap, pin))
			return true;
	return has_outcome(report, "isolated", LT_OUTCOME_LANDED);
}

/* A block of the order of huge pages: smaller ones have lists of their type. */
static bool is_huge_unmovable(const struct lt_report *report, const struct lt_finding *finding)
{
	const struct lt_num order = report->snap->kernel.pageblock_order;

	(void)finding;
	lt_vec_each(pin, &report->snap->pins)
		if (pin->kind == LT_PIN_UNMOVABLE && pin->has_owner && order.known &&
		    pin->allocated_by.order == order.val)
			return true;
	return false;
}

static bool has_refused_try(const struct lt_attempt *attempt)
{
	lt_vec_each(tried, &attempt->tries)
		if (!tried->ok && tried->stage == LT_TRY_ISOLATE)
			return true;
	return false;
}

/* Of one area, which a kernel with a lock serves one after the other. */
static bool is_without_lock(const struct lt_report *report, const struct lt_finding *finding)
{
	return finding->explains && finding->confidence >= LT_LIKELY &&
	       lt_failure_find(report, finding->explains, has_refused_try);
}

/* Whether @frame is in @function: "function+0x1/0x2 [module]", ".part.0" and the like aside. */
static bool is_in(const char *frame, const char *function)
{
	size_t len = strlen(function);

	return !strncmp(frame, function, len) && (frame[len] == '+' || frame[len] == '.');
}

static bool is_pinned_in(const struct lt_report *report, const char *function)
{
	lt_vec_each(pin, &report->snap->pins) {
		const struct lt_stack *stack = pin->pinned_by.stack;

		if (pin->kind != LT_PIN_PINNED || !pin->has_pinner || !stack)
			continue;
		for (size_t i = 0; i < stack->nr; i++)
			if (is_in(stack->frames[i], function))
				return true;
	}
	return false;
}

/**
 * struct lt_known - one bad combination
 * @finding:  id of the finding that it may be behind
 * @is_seen:  whether what it does is what was found; NULL if @function tells
 * @function: that pins, if it is in the stack of a pin
 * @what:     what it does
 * @commits:  that made it, that ended it
 */
struct lt_known {
	const char *finding;
	bool (*is_seen)(const struct lt_report *report, const struct lt_finding *finding);
	const char *function;
	const char *what;
	const char *commits;
};

#define NO_LONGTERM " pins for long without FOLL_LONGTERM, so that the pages stay in CMA"

#define ISOLATED_HOLE                                                                               \
	"a page whose CMA pageblock is isolated, because an allocation is under way, is not taken " \
	"for one of CMA by a long-term pin"

static const struct lt_known known[] = {
	{
		.finding = "longterm-pin-in-cma",
		.is_seen = is_from_pcplist,
		.what = "single pages for a pin come from the per-CPU list of movable pages, which "
			"holds CMA pages",
		.commits = "fixed by 1d91df85f399, v5.10",
	},
	{
		.finding = "longterm-pin-livelock",
		.is_seen = is_from_pcplist,
		.what = "single pages for a pin come from the per-CPU list of movable pages, which "
			"holds CMA pages, and are found there and moved again without end",
		.commits = "fixed by 1d91df85f399, v5.10",
	},
	{
		.finding = "longterm-pin-in-cma",
		.is_seen = is_race_alone,
		.what = "a pin that finds nothing it can move takes the pages as they are, though "
			"another is moving them at that moment",
		.commits =
			"made by 1aaf8c122918, v6.14 and stable trees, reverted by 517f496e1e61, "
			"v6.16",
	},
	{
		.finding = "longterm-pin-in-cma",
		.is_seen = is_isolated,
		.what = ISOLATED_HOLE,
		.commits = "fixed by 1c563432588d, v5.19",
	},
	{
		.finding = "pin-in-cma",
		.is_seen = is_isolated,
		.what = ISOLATED_HOLE,
		.commits = "fixed by 1c563432588d, v5.19",
	},
	{
		.finding = "unmovable-in-cma",
		.is_seen = is_huge_unmovable,
		.what = "one per-CPU list serves movable and unmovable requests for huge pages alike, "
			"and holds CMA pages",
		.commits = "made by 5d0a661d808f, v6.0, fixed by bf14ed81f571, v6.10",
	},
	{
		.finding = "isolation-contention",
		.is_seen = is_without_lock,
		.what = "allocations from one area are not kept apart by a lock, and meet in a "
			"pageblock",
		.commits = "made by a4efc174b382, v5.11, reverted by 60a60e32cf91, v5.19",
	},
	/* Pins that are made for as long as a buffer is registered. */
	{ .finding = "pin-in-cma",
	  .function = "get_vaddr_frames",
	  .what = "V4L2 with USERPTR buffers (videobuf2)" NO_LONGTERM,
	  .commits = "mm/frame_vector.c of 5.10" },
	{ .finding = "pin-in-cma",
	  .function = "tee_shm_register",
	  .what = "OP-TEE shared memory (tee_shm)" NO_LONGTERM,
	  .commits = "drivers/tee/tee_shm.c of 5.10" },
	{ .finding = "pin-in-cma",
	  .function = "register_shm_helper",
	  .what = "OP-TEE shared memory (tee_shm)" NO_LONGTERM,
	  .commits = "drivers/tee/tee_shm.c of 6.1, 6.12, 7.2" },
	{ .finding = "pin-in-cma",
	  .function = "etnaviv_gem_userptr_get_pages",
	  .what = "etnaviv with memory of the user" NO_LONGTERM,
	  .commits = "drivers/gpu/drm/etnaviv/etnaviv_gem.c of 5.10" },
	{ .finding = "pin-in-cma",
	  .function = "i915_gem_object_userptr_submit_init",
	  .what = "i915 with memory of the user" NO_LONGTERM,
	  .commits = "drivers/gpu/drm/i915/gem/i915_gem_userptr.c of 6.12" },
	{ .finding = "pin-in-cma",
	  .function = "afu_dma_pin_pages",
	  .what = "the FPGA driver dfl-afu" NO_LONGTERM,
	  .commits = "drivers/fpga/dfl-afu-dma-region.c of 5.10 to 7.2" },
	{ .finding = "pin-in-cma",
	  .function = "genwqe_user_vmap",
	  .what = "the accelerator driver genwqe" NO_LONGTERM,
	  .commits = "drivers/misc/genwqe/card_utils.c of 5.10 to 7.2" },
};

void lt_known_quote(struct lt_report *report, struct lt_finding *finding)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		const struct lt_known *row = &known[i];

		if (strcmp(row->finding, finding->rule->id) ||
		    (row->is_seen ? !row->is_seen(report, finding)
				  : !is_pinned_in(report, row->function)))
			continue;
		lt_finding_add_evidence(report, finding,
					lt_words(report, "known of other kernels: %s (%s)",
						 row->what, row->commits));
	}
}
