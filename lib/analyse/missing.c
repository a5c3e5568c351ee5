// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which of the missing sources matter: those that prove what the verdict leaves open. */
#include "analyse/missing.h"

#include <string.h>

#include "base/array_size.h"
#include "model/completeness.h"
#include "model/no_cma.h"

/* What a verdict may leave open. */
enum gap {
	GAP_AREAS = 1 << 0,  /* where areas are */
	GAP_RECORD = 1 << 1, /* whether attempts failed */
	GAP_PAGE = 1 << 2,   /* which page blocked */
	GAP_STATE = 1 << 3,  /* what holds pages */
	GAP_HOLDER = 1 << 4, /* which process holds a page */
	GAP_SPACE = 1 << 5,  /* who holds device memory */
};

static const struct {
	const char *source;
	unsigned int gaps;
} closers[] = {
	{ "cma-debugfs", GAP_AREAS | GAP_SPACE },
	{ "module-areas", GAP_AREAS },
	{ "cma-sysfs", GAP_AREAS },
	{ "klog", GAP_AREAS | GAP_RECORD },
	{ "trace", GAP_RECORD | GAP_PAGE },
	{ "module", GAP_STATE },
	{ "kcore", GAP_STATE },
	{ "page-owner", GAP_HOLDER | GAP_SPACE },
	{ "pagemap", GAP_HOLDER },
	{ "dma-buf", GAP_SPACE },
	{ "dma-buf-users", GAP_SPACE },
};

static bool is_locating(const struct lt_areas *areas)
{
	lt_vec_each(area, areas)
		if (!area->ranges.nr)
			return false;
	return areas->nr;
}

/* Whether a process is established for the page that blocked. */
static bool has_holder(const struct lt_report *report, const struct lt_failure *failure)
{
	const struct lt_attempt *attempts = report->snap->attempts.v;
	const struct lt_cause_page *best =
		lt_cause_best(&report->causes.v[failure->last - attempts]);

	return best && best->by_confidence >= LT_LIKELY && best->by != LT_BY_NOBODY;
}

/* What is open of the failure that the headline tells of. */
static unsigned int gaps_of_failure(const struct lt_report *report)
{
	const struct lt_finding *answered = report->answered;
	const struct lt_failure *failure = answered ? answered->explains : NULL;

	if (!failure)
		return GAP_PAGE | GAP_STATE | GAP_HOLDER;
	if (answered->clears_pins)
		return strncmp(answered->rule->id, "area-", strlen("area-")) ? 0 : GAP_SPACE;
	if (!failure->id)
		return GAP_PAGE | GAP_STATE | GAP_HOLDER;
	return has_holder(report, failure) ? 0 : GAP_STATE | GAP_HOLDER;
}

static unsigned int gaps_of(const struct lt_report *report)
{
	const struct lt_snapshot *snap = report->snap;
	unsigned int gaps = is_locating(&snap->areas) ? 0 : GAP_AREAS;
	const struct lt_no_cma none = lt_no_cma_of(snap);

	if (none.kind != LT_NO_CMA_UNKNOWN && none.is_proven)
		return 0;
	if (report->failures.nr)
		return gaps | gaps_of_failure(report);
	if (!lt_completeness_of(snap, LT_NO_AREA).is_complete)
		gaps |= GAP_RECORD;
	if (!lt_snapshot_has_page_states(snap))
		gaps |= GAP_STATE;
	return gaps | (snap->pins.nr ? GAP_HOLDER : 0);
}

bool lt_source_may_change(const struct lt_report *report, const struct lt_source_state *state)
{
	unsigned int gaps = gaps_of(report);

	if (lt_source_state_is_unread(state))
		return true;
	if (!lt_source_state_is_missing(state))
		return false;
	/* One of the two readers of page states is enough. */
	if (lt_snapshot_has_page_states(report->snap))
		gaps &= ~(unsigned int)GAP_STATE;
	for (size_t i = 0; i < ARRAY_SIZE(closers); i++)
		if (!strcmp(state->name, closers[i].source))
			return closers[i].gaps & gaps;
	return false;
}
