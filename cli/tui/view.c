// SPDX-License-Identifier: GPL-2.0-or-later
/* What several views say alike. */
#include "tui/view.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/errno_name.h"
#include "render/pin_cell.h"

struct text view_text(const struct top_model *model)
{
	return (struct text){ .page_size = top_model_at(model, TOP_PAGES)->kernel.page_size };
}

static int add_failure(const struct lt_attempt *attempt, struct view_failures *out)
{
	struct view_failure *row = out->nr ? &out->v[out->nr - 1] : NULL;

	if (!row || !lt_attempt_is_repeat(row->last, attempt)) {
		row = lt_vec_push(out);
		if (!row)
			return -ENOMEM;
		row->first = attempt;
	}
	row->last = attempt;
	row->count += attempt->count;
	return 0;
}

int view_list_failures(const struct lt_attempts *attempts, struct view_failures *out)
{
	int err = 0;

	lt_vec_each(attempt, attempts)
		if (attempt->failed && !err)
			err = add_failure(attempt, out);
	return err;
}

const struct lt_attempt *view_last_failure(const struct top_model *model)
{
	const struct lt_attempt *last = NULL;

	lt_vec_each(attempt, &top_model_at(model, TOP_EVENTS)->attempts)
		if (attempt->failed &&
		    (!last || lt_attempt_last_ns(attempt).val >= lt_attempt_last_ns(last).val))
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
	const struct text_chunk name = text_name(comm ? comm : "?", 40);
	struct text_chunk chunk = { "?" };

	if (pid.known)
		snprintf(chunk.s, sizeof(chunk.s), "%.40s[%" PRIu64 "]", name.s, pid.val);
	else if (comm)
		chunk = name;
	return chunk;
}

const char *view_state(const struct lt_cause_page *said)
{
	switch (said ? said->state : LT_STATE_UNKNOWN) {
	case LT_STATE_HELD_SINCE:
		return "held";
	case LT_STATE_HELD_NOW:
		return "held now";
	case LT_STATE_RELEASED:
	case LT_STATE_REUSED:
		return "released";
	case LT_STATE_UNKNOWN:
		break;
	}
	return "?";
}

struct text_chunk view_holder(const struct lt_cause_page *said)
{
	struct text_chunk chunk = { "?" };

	if (said && said->by != LT_BY_NOBODY)
		chunk = process(said->comm, lt_num((uint64_t)said->pid));
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
	snprintf(chunk.s, sizeof(chunk.s), "%.63s%s",
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
	return pin_allocator(owner);
}
