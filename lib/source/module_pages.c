// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the pages that the helper module reports mean for their CMA area. */
#include "source/module_pages.h"

#include <errno.h>
#include <string.h>

#include "uapi/ltpin_netlink.h"

static enum lt_pin_kind kind_of(const struct lt_folio *folio)
{
	if (lt_folio_pins(folio) > 0)
		return LT_PIN_PINNED;
	if (lt_folio_is_unmovable(folio))
		return LT_PIN_UNMOVABLE;
	return lt_folio_extra_refs(folio) > 0 ? LT_PIN_EXTRA_REF : LT_PIN_UNKNOWN;
}

static int add_pin(const struct lt_folio *folio, enum lt_pin_kind kind, size_t area,
		   struct lt_pins *pins)
{
	struct lt_pin *pin;

	/* A folio that reaches from one range into the next is scanned with both. */
	if (pins->nr && pins->v[pins->nr - 1].pfn == folio->pfn)
		return 0;
	pin = lt_vec_push(pins);
	if (!pin)
		return -ENOMEM;
	pin->pfn = folio->pfn;
	pin->nr_pages = folio->nr_pages;
	pin->kind = kind;
	pin->area = area;
	pin->refcount = lt_num((uint64_t)folio->refcount);
	if (kind != LT_PIN_UNMOVABLE) {
		pin->pins = lt_num((uint64_t)lt_folio_pins(folio));
		pin->pins_at_least =
			kind == LT_PIN_PINNED && !(folio->flags & LTPIN_PAGE_PINS_EXACT);
		if (folio->mapcount >= 0)
			pin->mapcount = lt_num((uint64_t)folio->mapcount);
	}
	return 0;
}

int lt_module_tally_folio(const struct lt_area *area, size_t i, const struct lt_area_range *range,
			  const struct lt_folio *folio, struct lt_module_tally *tally,
			  struct lt_pins *pins)
{
	const uint64_t no_page = LTPIN_PAGE_RESERVED | LTPIN_PAGE_OFFLINE;
	uint64_t start = folio->pfn, end = folio->pfn + folio->nr_pages, nr_lent = 0;
	enum lt_pin_kind kind;

	if (start < range->pfns.start_pfn)
		start = range->pfns.start_pfn;
	if (end > range->pfns.end_pfn)
		end = range->pfns.end_pfn;
	if (start >= end)
		return 0;
	if (folio->flags & LTPIN_PAGE_BUDDY) {
		tally->nr_free += end - start;
		return 0;
	}
	/* Not free, but not in use either: on a per-CPU list, or frozen for a moment. */
	if (folio->refcount <= 0 || folio->flags & no_page)
		return 0;
	for (uint64_t pfn = start; pfn < end; pfn++)
		nr_lent += !lt_area_is_allocated(area, range, pfn);
	tally->nr_lent += nr_lent;
	/* What a driver does with its own buffer is no obstacle to others. */
	kind = nr_lent ? kind_of(folio) : LT_PIN_UNKNOWN;
	if (kind == LT_PIN_UNKNOWN)
		return 0;
	if (kind == LT_PIN_PINNED)
		tally->nr_pinned += end - start;
	return add_pin(folio, kind, i, pins);
}

int lt_module_name_pinner(const struct lt_module_hold *hold, struct lt_pins *pins,
			  struct lt_strings *strings)
{
	const char *comm;

	if (hold->kind != LTPIN_KIND_PIN)
		return 0;
	comm = lt_strings_add(strings, hold->comm, strlen(hold->comm));
	if (!comm)
		return -ENOMEM;
	lt_vec_each(run, &hold->runs) {
		for (uint64_t pfn = run->start_pfn; pfn < run->end_pfn; pfn++) {
			struct lt_pin *pin = lt_pins_find(pins, pfn);

			if (!pin || pin->has_pinner)
				continue;
			pin->has_pinner = true;
			pin->pinned_by = (struct lt_pinner){
				.pid = lt_num(hold->pid),
				.comm = comm,
				.ts_ns = lt_num(hold->ts_ns),
			};
		}
	}
	return 0;
}
