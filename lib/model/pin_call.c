// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers questions about calls that pinned pages. */
#include "model/pin_call.h"

#include <errno.h>
#include <string.h>

void lt_pin_call_fini(struct lt_pin_call *call)
{
	lt_vec_free(&call->runs);
	lt_vec_free(&call->in_cma);
}

void lt_pin_calls_free(struct lt_pin_calls *calls)
{
	lt_vec_each(call, calls)
		lt_pin_call_fini(call);
	lt_vec_free(calls);
}

void lt_pin_calls_drop(struct lt_pin_calls *calls, size_t i)
{
	lt_pin_call_fini(&calls->v[i]);
	calls->nr--;
	memmove(&calls->v[i], &calls->v[i + 1], (calls->nr - i) * sizeof(*calls->v));
}

static int add_common(struct lt_ranges *ranges, struct lt_range a, struct lt_range b)
{
	struct lt_range *common;

	if (!lt_range_is_overlapping(a, b))
		return 0;
	common = lt_vec_push(ranges);
	if (!common)
		return -ENOMEM;
	common->start_pfn = a.start_pfn > b.start_pfn ? a.start_pfn : b.start_pfn;
	common->end_pfn = a.end_pfn < b.end_pfn ? a.end_pfn : b.end_pfn;
	return 0;
}

int lt_pin_call_locate(struct lt_pin_call *call, const struct lt_areas *areas)
{
	int err = 0;

	lt_vec_each(run, &call->runs)
		lt_vec_each(area, areas)
			lt_vec_each(range, &area->ranges)
				err = err ? err : add_common(&call->in_cma, *run, range->pfns);
	return err;
}

bool lt_pin_call_has(const struct lt_pin_call *call, struct lt_range pfns)
{
	lt_vec_each(range, &call->in_cma)
		if (lt_range_is_overlapping(*range, pfns))
			return true;
	return false;
}

static const struct lt_pin_call *find_call(const struct lt_pin_calls *calls,
					   const struct lt_pin *pin)
{
	struct lt_range pfns = { pin->pfn, pin->pfn + pin->nr_pages };

	for (size_t i = calls->nr; i-- > 0;) {
		const struct lt_pin_call *call = &calls->v[i];

		if (call->is_proven && !call->ended_ns.known && lt_pin_call_has(call, pfns))
			return call;
	}
	return NULL;
}

/* How many pages of @pin's folio the call has: each adds a pin. */
static uint64_t count_pins(const struct lt_pin_call *call, const struct lt_pin *pin)
{
	const struct lt_range folio = { pin->pfn, pin->pfn + pin->nr_pages };
	uint64_t nr = 0;

	lt_vec_each(range, &call->in_cma)
		nr += lt_range_nr_common(*range, folio);
	return nr;
}

/* A pin that the helper module made, and knows as its own, is such a call as well. */
static void count_seen(const struct lt_pin_calls *calls, struct lt_pin *pin)
{
	uint64_t nr = 0;

	lt_vec_each(call, calls)
		if (call->is_proven && !call->ended_ns.known)
			nr += count_pins(call, pin);
	if (!pin->nr_pins_seen.known || nr > pin->nr_pins_seen.val)
		pin->nr_pins_seen = lt_num(nr);
}

void lt_pin_calls_name(const struct lt_pin_calls *calls, struct lt_pins *pins)
{
	lt_vec_each(pin, pins) {
		const struct lt_pin_call *call = NULL;
		struct lt_pinner pinner;

		if (pin->kind == LT_PIN_PINNED)
			call = find_call(calls, pin);
		if (pin->kind == LT_PIN_PINNED && pin->is_blocker)
			count_seen(calls, pin);
		if (!call)
			continue;
		pinner = (struct lt_pinner){
			.pid = call->pid,
			.comm = call->comm,
			.ts_ns = call->ts_ns,
			.stack = call->stack,
			.function = call->function,
			.longterm = call->longterm,
			.nr_pages = call->nr_pinned,
			.read_after_ns = call->read_after_ns,
		};
		if (pin->has_pinner && (!pinner.pid.known || !pin->pinned_by.pid.known ||
					pin->pinned_by.pid.val != pinner.pid.val))
			continue;
		pinner.is_ours = pin->has_pinner && pin->pinned_by.is_ours;
		pin->has_pinner = true;
		pin->pinned_by = pinner;
	}
}
