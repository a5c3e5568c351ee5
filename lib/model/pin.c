// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers questions about pages that cannot move. */
#include "model/pin.h"

#include <errno.h>
#include <stdlib.h>

#include "uapi/ltpin_netlink.h"

const char *lt_pin_kind_name(enum lt_pin_kind kind)
{
	switch (kind) {
	case LT_PIN_PINNED:
		return "pin";
	case LT_PIN_EXTRA_REF:
		return "extra-ref";
	case LT_PIN_UNMOVABLE:
		return "unmovable";
	case LT_PIN_UNKNOWN:
		break;
	}
	return NULL;
}

enum lt_pin_kind lt_pin_kind_of(const struct lt_folio *folio)
{
	if (lt_folio_pins(folio) > 0)
		return LT_PIN_PINNED;
	if (lt_folio_is_unmovable(folio))
		return LT_PIN_UNMOVABLE;
	return lt_folio_extra_refs(folio) > 0 ? LT_PIN_EXTRA_REF : LT_PIN_UNKNOWN;
}

void lt_pin_set_folio(struct lt_pin *pin, const struct lt_folio *folio)
{
	pin->pfn = folio->pfn;
	pin->nr_pages = folio->nr_pages;
	pin->kind = lt_pin_kind_of(folio);
	pin->has_passed = lt_folio_is_unheld(folio);
	if (folio->refcount >= 0)
		pin->refcount = lt_num((uint64_t)folio->refcount);
	if (pin->kind == LT_PIN_UNMOVABLE)
		return;
	if (folio->pins >= 0)
		pin->pins = lt_num((uint64_t)lt_folio_pins(folio));
	pin->pins_estimated = pin->kind == LT_PIN_PINNED && !(folio->flags & LTPIN_PAGE_PINS_EXACT);
	if (folio->mapcount >= 0)
		pin->mapcount = lt_num((uint64_t)folio->mapcount);
}

int lt_mapper_pids_add(struct lt_mapper_pids **pids, int pid)
{
	struct lt_mapper_pids *all = *pids ? *pids : calloc(1, sizeof(*all));
	int *slot;

	if (!all)
		return -ENOMEM;
	*pids = all;
	if (all->nr == LT_MAPPER_PIDS_MAX || (all->nr && all->v[all->nr - 1] == pid))
		return 0;
	slot = lt_vec_push(all);
	if (!slot)
		return -ENOMEM;
	*slot = pid;
	return 0;
}

void lt_mapper_pids_free(struct lt_mapper_pids *pids)
{
	if (pids)
		lt_vec_free(pids);
	free(pids);
}

void lt_pins_free(struct lt_pins *pins)
{
	lt_vec_each(pin, pins) {
		lt_vec_free(&pin->mapped_by);
		lt_mapper_pids_free(pin->mapped_by_more);
	}
	lt_vec_free(pins);
}

bool lt_pin_is_mapped_by(const struct lt_pin *pin, int pid)
{
	lt_vec_each(mapper, &pin->mapped_by)
		if (mapper->pid == pid)
			return true;
	for (size_t i = 0; pin->mapped_by_more && i < pin->mapped_by_more->nr; i++)
		if (pin->mapped_by_more->v[i] == pid)
			return true;
	return false;
}

struct lt_pin *lt_pins_from(const struct lt_pins *pins, uint64_t pfn)
{
	size_t low = 0, high = pins->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (pins->v[mid].pfn + pins->v[mid].nr_pages > pfn)
			high = mid;
		else
			low = mid + 1;
	}
	return low < pins->nr ? &pins->v[low] : NULL;
}

struct lt_pin *lt_pins_find(const struct lt_pins *pins, uint64_t pfn)
{
	struct lt_pin *pin = lt_pins_from(pins, pfn);

	return pin && pin->pfn <= pfn ? pin : NULL;
}

static int by_pfn(const void *a, const void *b)
{
	const struct lt_pin *left = a, *right = b;

	return (left->pfn > right->pfn) - (left->pfn < right->pfn);
}

void lt_pins_sort(struct lt_pins *pins)
{
	if (pins->nr)
		qsort(pins->v, pins->nr, sizeof(*pins->v), by_pfn);
}

bool lt_pin_is_older(const struct lt_pin *pin, struct lt_when when)
{
	return pin->has_owner && !pin->allocated_by.migrate_reason &&
	       lt_when_is_before(lt_when_at(pin->allocated_by.ts_ns), when);
}
