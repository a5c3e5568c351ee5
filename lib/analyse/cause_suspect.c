// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests for which the kernel named no page: the log of 6.1 and later says no more than that they
 * failed. Pins that are in their area now may have been there then.
 */
#include "analyse/cause_suspect.h"

#include <errno.h>

#include "analyse/moment.h"

/* Nobody recorded which ranges were tried: a page of the area may have been in each of them. */
static bool is_untold(const struct lt_attempt *attempt)
{
	return !attempt->tries.nr && attempt->source == LT_ATTEMPT_LOG;
}

static bool may_be_pins(const struct lt_report *report, const struct lt_failure *failure)
{
	return !failure->id && failure->area != LT_NO_AREA && failure->nr_pages.known &&
	       failure->err.known && failure->err.val == EBUSY &&
	       lt_area_full_errno(&report->snap->areas.v[failure->area]) != LT_FULL_EBUSY &&
	       lt_failure_find(report, failure, is_untold);
}

/* From the first to the last of them; an end that is not known of one is not known. */
static struct lt_when when_of(const struct lt_report *report, const struct lt_failure *failure)
{
	struct lt_when all = lt_when_between(UINT64_MAX, 0);

	for (size_t i = 0; i < report->causes.nr; i++) {
		const struct lt_attempt *attempt = &report->snap->attempts.v[i];
		struct lt_when when = { attempt->ts_ns, lt_attempt_last_ns(attempt) };

		if (!lt_failure_has(report, failure, i))
			continue;
		when = lt_moment(&report->snap->clock, attempt->source, when);
		all.earliest_ns.known = all.earliest_ns.known && when.earliest_ns.known;
		all.latest_ns.known = all.latest_ns.known && when.latest_ns.known;
		if (when.earliest_ns.val < all.earliest_ns.val)
			all.earliest_ns.val = when.earliest_ns.val;
		if (when.latest_ns.val > all.latest_ns.val)
			all.latest_ns.val = when.latest_ns.val;
	}
	return all;
}

/* The module reads the clock of the log; probes are trace events. */
static struct lt_when pinned_when(const struct lt_report *report, const struct lt_pin *pin)
{
	return lt_moment(&report->snap->clock,
			 pin->pinned_by.is_ours ? LT_ATTEMPT_LOG : LT_ATTEMPT_TRACE,
			 lt_when_at(pin->pinned_by.ts_ns));
}

static bool is_later(const struct lt_report *report, const struct lt_pin *pin, struct lt_when when)
{
	return (pin->has_owner && lt_when_is_before(when, lt_when_at(pin->allocated_by.ts_ns))) ||
	       (pin->has_pinner && lt_when_is_before(when, pinned_when(report, pin)));
}

static int collect(const struct lt_report *report, size_t area, const struct lt_pfns *explained,
		   struct lt_suspects *out)
{
	int err = 0;

	lt_vec_each(pin, &report->snap->pins) {
		if (err || pin->kind != LT_PIN_PINNED || pin->area != area ||
		    lt_pfns_has_any(explained, (struct lt_range){ pin->pfn, pin->pfn + 1 }) ||
		    is_later(report, pin, out->when))
			continue;
		err = lt_pfns_add(&out->pages, pin->pfn);
	}
	return err;
}

/* The longest run of @area in which no suspect is known to have been allocated before, in pages. */
static uint64_t longest_run_without(const struct lt_report *report, const struct lt_area *area,
				    const struct lt_suspects *suspects)
{
	uint64_t longest = 0;

	lt_vec_each(range, &area->ranges) {
		uint64_t from = range->pfns.start_pfn;
		const struct lt_pin *pin = lt_pins_from(&report->snap->pins, from);
		const struct lt_pins *pins = &report->snap->pins;

		for (; pin && pin < pins->v + pins->nr && pin->pfn < range->pfns.end_pfn; pin++) {
			if (!lt_suspects_have(suspects, pin) ||
			    !lt_pin_is_older(pin, suspects->when))
				continue;
			if (pin->pfn > from && pin->pfn - from > longest)
				longest = pin->pfn - from;
			from = pin->pfn + pin->nr_pages;
		}
		if (range->pfns.end_pfn > from && range->pfns.end_pfn - from > longest)
			longest = range->pfns.end_pfn - from;
	}
	return longest;
}

int lt_suspects_find(const struct lt_report *report, const struct lt_failure *failure,
		     const struct lt_pfns *explained, struct lt_suspects *out)
{
	struct lt_suspects found = { 0 };
	const struct lt_area *area;
	int err = 0;

	if (may_be_pins(report, failure)) {
		area = &report->snap->areas.v[failure->area];
		found.when = when_of(report, failure);
		err = collect(report, failure->area, explained, &found);
		found.is_everywhere =
			!err && found.pages.nr &&
			longest_run_without(report, area, &found) < failure->nr_pages.val;
	}
	if (err)
		lt_suspects_free(&found);
	else
		*out = found;
	return err;
}

void lt_suspects_free(struct lt_suspects *suspects)
{
	lt_vec_free(&suspects->pages);
}

bool lt_suspects_have(const struct lt_suspects *suspects, const struct lt_pin *pin)
{
	return lt_pfns_has_any(&suspects->pages, (struct lt_range){ pin->pfn, pin->pfn + 1 });
}

bool lt_suspects_may_name(const struct lt_suspects *suspects, const struct lt_pin *pin,
			  const struct lt_mapper *mapper)
{
	return !lt_when_is_before(suspects->when, mapper->start) ||
	       lt_pin_is_older(pin, suspects->when);
}
