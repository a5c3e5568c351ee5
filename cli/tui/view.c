// SPDX-License-Identifier: GPL-2.0-or-later
/* What several views say alike. */
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/errno_name.h"

/*
 * Between a call's line in the log and its events: a busy machine, and the clocks of an
 * emulated one's processors differ. Who fails for the same again as soon is one row.
 */
#define SAME_CALL_NS 1000000000

struct text view_text(const struct top_model *model)
{
	return (struct text){ .page_size = top_model_at(model, TOP_PAGES)->kernel.page_size };
}

static uint64_t time_of(const struct lt_attempt *attempt)
{
	return attempt->last_ts_ns.known ? attempt->last_ts_ns.val : attempt->ts_ns.val;
}

/*
 * The line comes before the event of the end on 6.12, and after it on 6.1. Of 5.10
 * the end is all that is traced.
 */
static bool is_same_call(const struct lt_attempt *logged, const struct lt_attempt *traced)
{
	uint64_t begin_ns = traced->ts_ns.val, end_ns = begin_ns + traced->latency_ns.val;

	return traced->source == LT_ATTEMPT_TRACE && traced->failed && traced->ts_ns.known &&
	       logged->area == traced->area && logged->nr_pages.known &&
	       logged->nr_pages.val == traced->nr_pages.val &&
	       time_of(logged) + SAME_CALL_NS >= begin_ns &&
	       time_of(logged) <= end_ns + SAME_CALL_NS;
}

bool view_is_failure(const struct lt_attempts *attempts, const struct lt_attempt *attempt)
{
	if (!attempt->failed)
		return false;
	if (attempt->source != LT_ATTEMPT_LOG || attempt->count > 1)
		return true;
	lt_vec_each(other, attempts)
		if (is_same_call(attempt, other))
			return false;
	return true;
}

const struct lt_attempt *view_last_failure(const struct top_model *model)
{
	const struct lt_attempts *attempts = &top_model_at(model, TOP_EVENTS)->attempts;
	const struct lt_attempt *last = NULL;

	lt_vec_each(attempt, attempts)
		if ((!last || time_of(attempt) >= time_of(last)) &&
		    view_is_failure(attempts, attempt))
			last = attempt;
	return last;
}

struct text_chunk view_result(const struct lt_attempt *attempt)
{
	const char *name = attempt->err.known ? lt_errno_name((int)attempt->err.val) : NULL;
	struct text_chunk chunk = { "failed" };

	if (name)
		snprintf(chunk.s, sizeof(chunk.s), "-%s", name);
	else if (attempt->err.known)
		snprintf(chunk.s, sizeof(chunk.s), "-%" PRIu64, attempt->err.val);
	return chunk;
}

static struct text_chunk process(const char *comm, struct lt_num pid)
{
	struct text_chunk chunk = { "?" };

	if (pid.known)
		snprintf(chunk.s, sizeof(chunk.s), "%s[%" PRIu64 "]", comm ? comm : "?", pid.val);
	else if (comm)
		snprintf(chunk.s, sizeof(chunk.s), "%s", comm);
	return chunk;
}

struct text_chunk view_mapper(const struct lt_pin *pin)
{
	struct text_chunk chunk = { "?" };
	char more[32] = "";

	if (!pin || (!pin->mapped_by.nr && !pin->mapped_by_total.known))
		return chunk;
	if (!pin->mapped_by.nr) {
		snprintf(chunk.s, sizeof(chunk.s), "no process");
		return chunk;
	}
	if (pin->mapped_by_total.known && pin->mapped_by_total.val > 1)
		snprintf(more, sizeof(more), " +%" PRIu64, pin->mapped_by_total.val - 1);
	snprintf(chunk.s, sizeof(chunk.s), "%.40s%s",
		 process(pin->mapped_by.v[0].comm, lt_num((uint64_t)pin->mapped_by.v[0].pid)).s,
		 more);
	return chunk;
}

struct text_chunk view_allocator(const struct lt_pin *pin)
{
	const struct lt_owner *owner = pin ? &pin->allocated_by : NULL;
	struct text_chunk chunk = { "?" };

	if (!pin || !pin->has_owner)
		return chunk;
	if (!owner->comm && !owner->pid.known) {
		snprintf(chunk.s, sizeof(chunk.s), "(stack only)"); /* 5.10 */
		return chunk;
	}
	return process(owner->comm, owner->tgid.known ? owner->tgid : owner->pid);
}
