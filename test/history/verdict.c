// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds each statement of a report against what happened. */
#include "verdict.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const v_kind_names[V_NR_KINDS] = {
	[V_BLOCKED] = "blocked", [V_STATE] = "state", [V_HOLD] = "hold",     [V_HOLDER] = "holder",
	[V_CAUSE] = "cause",	 [V_NOW] = "now",     [V_DENIAL] = "denial",
};

struct judge {
	const struct w_world *world;
	const struct e_mask *mask;
	const struct lt_report *report;
	struct verdict *out;
};

static void say(struct judge *judge, struct v_statement statement, const char *text)
{
	struct v_statement *added = &judge->out->v[judge->out->nr];

	if (judge->out->nr == V_MAX)
		return;
	judge->out->nr++;
	*added = statement;
	snprintf(added->text, sizeof(added->text), "%s", text);
}

static bool is_stamp(uint64_t ns, uint64_t stamp)
{
	return stamp <= ns && ns < stamp + W_US;
}

/* Which attempt of the truth an attempt of the snapshot is: no two have a time in common. */
static const struct w_attempt *find_attempt(const struct w_world *world,
					    const struct lt_attempt *said)
{
	for (size_t i = 0; i < world->nr_attempts; i++) {
		const struct w_attempt *attempt = &world->attempts[i];

		if (is_stamp(attempt->span.from_ns, said->ts_ns.val) ||
		    is_stamp(attempt->span.to_ns, said->ts_ns.val) ||
		    is_stamp(attempt->span.to_ns - 10 * W_US, said->ts_ns.val))
			return attempt;
		for (size_t j = 0; j < attempt->nr_windows; j++)
			if (is_stamp(attempt->windows[j].ts_ns, said->ts_ns.val))
				return attempt;
	}
	return NULL;
}

/* The last range for which the kernel named @pfn. */
static const struct w_window *find_window(const struct w_attempt *attempt, uint64_t pfn)
{
	const struct w_window *found = NULL;

	for (size_t i = 0; attempt && i < attempt->nr_windows; i++)
		if ((attempt->windows[i].result == W_TEST ||
		     attempt->windows[i].result == W_NOT_ISOLATED) &&
		    attempt->windows[i].fin_pfn == pfn)
			found = &attempt->windows[i];
	return found;
}

/* What is held in a block that is isolated no more would block as well, were that not looked at first. */
static bool has_blocked(const struct w_world *world, const struct w_attempt *attempt, uint64_t pfn)
{
	for (size_t i = 0; attempt && i < attempt->nr_windows; i++) {
		const struct w_window *window = &attempt->windows[i];
		const size_t alloc = w_alloc_at(world, pfn, window->ts_ns);

		if (window->fin_pfn == pfn &&
		    (window->result == W_TEST ||
		     (window->result == W_NOT_ISOLATED && alloc != W_NOBODY &&
		      w_nr_holds(world, alloc, window->ts_ns))))
			return true;
	}
	return false;
}

/* Whether at some time after @from_ns, and up to when states were read, nothing held @pfn. */
static bool was_released(const struct w_world *world, uint64_t pfn, uint64_t from_ns)
{
	const uint64_t to_ns = world->script->seen_ns.mappers;

	for (size_t i = 0; i < world->nr_holdings + world->nr_allocs; i++) {
		uint64_t ns = i < world->nr_holdings
				      ? world->holdings[i].span.to_ns
				      : world->allocs[i - world->nr_holdings].span.to_ns;
		size_t alloc;

		if (ns <= from_ns || ns > to_ns)
			continue;
		alloc = w_alloc_at(world, pfn, ns);
		if (alloc == W_NOBODY || !w_nr_holds(world, alloc, ns))
			return true;
	}
	return false;
}

/* Whether anybody who looked met another allocation than the one that blocked. */
static bool is_other_use(const struct w_world *world, uint64_t pfn, uint64_t from_ns)
{
	const uint64_t looked_ns[] = { world->script->seen_ns.states, world->script->seen_ns.owners,
				       world->script->seen_ns.mappers };

	for (size_t i = 0; i < sizeof(looked_ns) / sizeof(*looked_ns); i++)
		if (w_alloc_at(world, pfn, looked_ns[i]) != w_alloc_at(world, pfn, from_ns))
			return true;
	return false;
}

static bool is_state(const struct w_world *world, const struct w_window *window, uint64_t pfn,
		     enum lt_hold_state state)
{
	const uint64_t now = world->script->seen_ns.states;
	size_t alloc = w_alloc_at(world, pfn, now);
	bool is_held = alloc != W_NOBODY && w_nr_holds(world, alloc, now);

	switch (state) {
	case LT_STATE_HELD_SINCE:
		return is_held && w_alloc_at(world, pfn, window->ts_ns) == alloc;
	case LT_STATE_HELD_NOW:
		return is_held;
	case LT_STATE_RELEASED:
		return was_released(world, pfn, window->ts_ns);
	case LT_STATE_REUSED:
		return was_released(world, pfn, window->ts_ns) &&
		       is_other_use(world, pfn, window->ts_ns);
	case LT_STATE_UNKNOWN:
		break;
	}
	return true;
}

static bool is_hold(const struct w_world *world, const struct w_window *window, uint64_t pfn,
		    enum lt_pin_kind kind)
{
	size_t alloc = w_alloc_at(world, pfn, window->ts_ns);

	if (alloc == W_NOBODY)
		return false;
	switch (kind) {
	case LT_PIN_PINNED:
		return w_nr_pins(world, alloc, window->ts_ns);
	case LT_PIN_EXTRA_REF:
		return w_nr_refs(world, alloc, window->ts_ns);
	case LT_PIN_UNMOVABLE:
		return world->allocs[alloc].is_unmovable;
	case LT_PIN_UNKNOWN:
		break;
	}
	return false;
}

/* Whether the process that has the number @pid now can end a hold that was on @pfn then. */
static bool can_release(const struct w_world *world, const struct w_window *window, uint64_t pfn,
			int pid)
{
	const uint64_t now = world->script->seen_ns.mappers;

	for (size_t i = 0; i < world->nr_holdings; i++) {
		const struct w_holding *holding = &world->holdings[i];

		if (!lt_range_has(world->allocs[holding->alloc].pfns, pfn) ||
		    !w_is_at(holding->span, window->ts_ns) || !w_is_at(holding->span, now))
			continue;
		for (size_t p = 0; p < W_PROCS; p++)
			if (world->procs[p].pid == pid && w_is_at(world->procs[p].span, now) &&
			    holding->who & 1u << p)
				return true;
	}
	return false;
}

bool verdict_is_true(const struct w_world *world, enum v_kind kind, size_t request, uint64_t pfn,
		     int value)
{
	const struct w_attempt *attempt = &world->attempts[request];
	const struct w_window *window;

	if (request >= world->nr_attempts)
		return false;
	window = find_window(attempt, pfn);
	switch (kind) {
	case V_BLOCKED:
		return value ? window != NULL : has_blocked(world, attempt, pfn);
	case V_STATE:
		return window && is_state(world, window, pfn, (enum lt_hold_state)value);
	case V_HOLD:
		return window && is_hold(world, window, pfn, (enum lt_pin_kind)value);
	case V_HOLDER:
		return window && can_release(world, window, pfn, value);
	default:
		return false;
	}
}

/* One statement on @page; @text says it for people. */
static void say_of_page(struct judge *judge, size_t i, size_t request,
			const struct lt_cause_page *page, struct v_statement statement,
			const char *text)
{
	char full[120];

	snprintf(full, sizeof(full), "0x%" PRIx64 " %s", page->pfn, text);
	statement.attempt = i;
	statement.request = request;
	statement.pfn = page->pfn;
	statement.is_true =
		verdict_is_true(judge->world, statement.kind, request, page->pfn, statement.value);
	say(judge, statement, full);
}

static void judge_page(struct judge *judge, size_t i, const struct w_attempt *attempt,
		       const struct lt_cause_page *page)
{
	const size_t request = attempt ? (size_t)(attempt - judge->world->attempts) : SIZE_MAX;
	char who[64];

	say_of_page(judge, i, request, page,
		    (struct v_statement){ V_BLOCKED, LT_PROVEN, .value = page->is_block },
		    page->is_block ? "blocked, or its block" : "blocked");
	if (page->state != LT_STATE_UNKNOWN)
		say_of_page(judge, i, request, page,
			    (struct v_statement){ V_STATE, LT_PROVEN, .value = (int)page->state },
			    lt_hold_state_name(page->state));
	if (page->hold != LT_PIN_UNKNOWN)
		say_of_page(
			judge, i, request, page,
			(struct v_statement){ V_HOLD, page->confidence, .value = (int)page->hold },
			lt_pin_kind_name(page->hold));
	if (page->by != LT_BY_PINNING && page->by != LT_BY_ALLOCATION)
		return;
	snprintf(who, sizeof(who), "can be released by %s[%d]", page->comm, page->pid);
	say_of_page(judge, i, request, page,
		    (struct v_statement){ V_HOLDER, page->by_confidence, .value = page->pid }, who);
}

/* Whether it was of the kind that the finding says, where the kernel named no page. */
static bool is_cause(const struct w_attempt *attempt, const char *id)
{
	bool is_blocked = false, is_ended = false, is_unisolated = false;

	for (size_t i = 0; i < attempt->nr_windows; i++) {
		is_blocked |= attempt->windows[i].result == W_TEST;
		is_ended |= attempt->windows[i].result == W_ENDED;
		is_unisolated |= attempt->windows[i].result == W_NOT_ISOLATED;
	}
	if (!strcmp(id, "area-exhausted"))
		return !attempt->nr_windows && !attempt->is_too_large &&
		       attempt->nr_free < attempt->nr_pages;
	if (!strcmp(id, "area-fragmented"))
		return !attempt->nr_windows && attempt->nr_free >= attempt->nr_pages;
	if (!strcmp(id, "request-too-large"))
		return attempt->is_too_large;
	if (!strcmp(id, "migration-target-enomem"))
		return is_ended && attempt->err == ENOMEM;
	if (!strcmp(id, "aborted-by-signal"))
		return is_ended && attempt->err == EINTR;
	if (!strcmp(id, "isolation-refused"))
		return attempt->nr_windows && attempt->err == EBUSY &&
		       attempt->windows[attempt->nr_windows - 1].result == W_REFUSED;
	if (!strcmp(id, "pin-in-cma") || !strcmp(id, "extra-ref-in-cma") ||
	    !strcmp(id, "unmovable-in-cma") || !strcmp(id, "page-in-the-way") ||
	    !strcmp(id, "busy-transient"))
		return attempt->nr_windows && !is_ended && (is_blocked || is_unisolated);
	return false;
}

static void judge_findings(struct judge *judge)
{
	const struct lt_report *report = judge->report;

	lt_vec_each(finding, &report->findings) {
		const struct w_attempt *attempt;
		char text[120];

		if (!finding->explains)
			continue;
		for (size_t i = 0; i < report->causes.nr; i++) {
			if (!lt_failure_has(report, finding->explains, i))
				continue;
			attempt = find_attempt(judge->world, &report->snap->attempts.v[i]);
			snprintf(text, sizeof(text), "attempt %zu failed for %s", i,
				 finding->rule->id);
			say(judge,
			    (struct v_statement){ .kind = V_CAUSE,
						  .confidence = finding->confidence,
						  .attempt = i,
						  .value = (int)finding->rule->id[0],
						  .is_true = attempt && attempt->err &&
							     is_cause(attempt, finding->rule->id) },
			    text);
		}
	}
}

/* Whether @pfn is held in the way of @kind when that is read. */
static bool is_held(const struct w_world *world, uint64_t pfn, enum lt_pin_kind kind)
{
	const uint64_t ns = kind == LT_PIN_UNMOVABLE ? world->script->seen_ns.owners
						     : world->script->seen_ns.states;
	const size_t alloc = w_alloc_at(world, pfn, ns);

	if (alloc == W_NOBODY)
		return false;
	switch (kind) {
	case LT_PIN_PINNED:
		return w_nr_pins(world, alloc, ns);
	case LT_PIN_EXTRA_REF:
		return w_nr_refs(world, alloc, ns);
	case LT_PIN_UNMOVABLE:
		return world->allocs[alloc].is_unmovable;
	case LT_PIN_UNKNOWN:
		break;
	}
	return true;
}

static bool is_mapped_by(const struct w_world *world, uint64_t pfn, int pid)
{
	const uint64_t ns = world->script->seen_ns.mappers;
	const size_t alloc = w_alloc_at(world, pfn, ns);

	for (size_t i = 0; i < world->nr_mappings; i++)
		if (alloc != W_NOBODY && world->mappings[i].alloc == alloc &&
		    w_is_at(world->mappings[i].span, ns) &&
		    world->procs[world->mappings[i].who].pid == pid)
			return true;
	return false;
}

static bool is_allocated_by(const struct w_world *world, uint64_t pfn, uint64_t tgid)
{
	const size_t alloc = w_alloc_at(world, pfn, world->script->seen_ns.owners);

	return alloc != W_NOBODY && (uint64_t)world->procs[world->allocs[alloc].who].pid == tgid;
}

/* What is said of the present, whatever failed before. */
static void judge_now(struct judge *judge, const struct lt_pin *pin)
{
	const struct w_world *world = judge->world;
	struct v_statement statement = { .kind = V_NOW,
					 .attempt = SIZE_MAX,
					 .confidence =
						 pin->kind == LT_PIN_PINNED ? LT_PROVEN : LT_LIKELY,
					 .pfn = pin->pfn,
					 .value = (int)pin->kind };
	char text[120];

	if (pin->kind != LT_PIN_UNKNOWN) {
		snprintf(text, sizeof(text), "0x%" PRIx64 " is held now: %s", pin->pfn,
			 lt_pin_kind_name(pin->kind));
		statement.is_true = is_held(world, pin->pfn, pin->kind);
		say(judge, statement, text);
	}
	statement.confidence = LT_PROVEN;
	lt_vec_each(mapper, &pin->mapped_by) {
		snprintf(text, sizeof(text), "0x%" PRIx64 " is mapped now by %s[%d]", pin->pfn,
			 mapper->comm, mapper->pid);
		statement.is_true = is_mapped_by(world, pin->pfn, mapper->pid);
		say(judge, statement, text);
	}
	if (!pin->has_owner || !pin->allocated_by.tgid.known)
		return;
	snprintf(text, sizeof(text), "0x%" PRIx64 " was allocated by %s[%d]", pin->pfn,
		 pin->allocated_by.comm, (int)pin->allocated_by.tgid.val);
	statement.is_true = is_allocated_by(world, pin->pfn, pin->allocated_by.tgid.val);
	say(judge, statement, text);
}

static bool has_failed(const struct judge *judge)
{
	const struct w_world *world = judge->world;

	for (size_t i = 0; i < world->nr_attempts; i++)
		if (world->attempts[i].err &&
		    world->attempts[i].span.to_ns < world->script->seen_ns.log)
			return true;
	return false;
}

static void judge_denial(struct judge *judge)
{
	bool is_denied = strstr(judge->report->headline, "No failed cma_alloc is on record");
	bool is_shown = judge->report->snap->memory.cma_alloc_fail.known &&
			judge->report->snap->memory.cma_alloc_fail.val;

	lt_vec_each(area, &judge->report->snap->areas)
		is_shown |= area->counters.alloc_fail.known && area->counters.alloc_fail.val;
	lt_vec_each(attempt, &judge->report->snap->attempts)
		is_shown |= attempt->failed;
	if (is_denied)
		say(judge,
		    (struct v_statement){ .kind = V_DENIAL,
					  .confidence = LT_PROVEN,
					  .attempt = SIZE_MAX,
					  .is_true = !is_shown || !has_failed(judge) },
		    "no failure is on record");
}

void verdict_make(const struct w_world *world, const struct e_mask *mask,
		  const struct lt_report *report, struct verdict *out)
{
	struct judge judge = { world, mask, report, out };

	out->nr = 0;
	for (size_t i = 0; i < report->causes.nr; i++) {
		const struct w_attempt *attempt = find_attempt(world, &report->snap->attempts.v[i]);

		lt_vec_each(page, &report->causes.v[i].pages)
			judge_page(&judge, i, attempt, page);
	}
	lt_vec_each(pin, &report->snap->pins)
		judge_now(&judge, pin);
	judge_findings(&judge);
	judge_denial(&judge);
}
