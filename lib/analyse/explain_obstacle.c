// SPDX-License-Identifier: LGPL-2.1-or-later
/* What bounds an allocation, and whose it is. */
#include <errno.h>

#include "analyse/explain_part.h"
#include "model/holder.h"

static bool is_obstacle(enum lt_fate fate)
{
	return lt_fate_is_blocking(fate) || fate == LT_FATE_ALLOCATED || fate == LT_FATE_UNKNOWN;
}

/* The end of the run of pages with one fate, no further than @end. */
static uint64_t run_end(const struct lt_search_range *range, uint64_t pfn, uint64_t end)
{
	const uint64_t base = range->pfns.start_pfn;
	const uint8_t page = range->pages[pfn - base];

	while (pfn < end && range->pages[pfn - base] == page)
		pfn++;
	return pfn;
}

/* Whose the pages of @pin are: the best of what is known, and how. */
static int name_owner(struct lt_explain *explain, const struct lt_pin *pin,
		      struct lt_obstacle_owner *out)
{
	*out = (struct lt_obstacle_owner){ 0 };
	if (!pin)
		return 0;
	if (pin->has_pinner) {
		out->by = LT_OWNED_PINNED;
		out->pid = pin->pinned_by.pid;
		out->comm = pin->pinned_by.comm;
	} else if (pin->mapped_by.nr) {
		out->by = LT_OWNED_MAPPED;
		out->pid = lt_num((uint64_t)pin->mapped_by.v[0].pid);
		out->comm = pin->mapped_by.v[0].comm;
	} else if (pin->has_owner) {
		const struct lt_owner *record = &pin->allocated_by;

		out->by = LT_OWNED_ALLOCATED;
		out->pid = record->pid.known ? record->pid : record->tgid; /* as @comm */
		out->comm = record->comm;
		/* 5.10 tells no process, but perhaps a driver. */
		if (!out->comm && lt_holder_name_of(record->stack, explain->strings, &out->comm))
			return -ENOMEM;
		if (!out->comm)
			out->by = LT_OWNED_UNKNOWN;
	}
	return 0;
}

static bool is_same(const struct lt_obstacle_owner *a, const struct lt_obstacle_owner *b)
{
	return a->by == b->by && a->comm == b->comm && a->pid.known == b->pid.known &&
	       (!a->pid.known || a->pid.val == b->pid.val);
}

static int find_owner(struct lt_explain *explain, const struct lt_pin *pin, size_t *out)
{
	struct lt_obstacle_owner like, *owner;
	int err = name_owner(explain, pin, &like);

	if (err)
		return err;
	/* Neighbours often have one owner. */
	for (size_t i = explain->owners.nr; i-- > 0;)
		if (is_same(&explain->owners.v[i], &like)) {
			*out = i;
			return 0;
		}
	owner = lt_vec_push(&explain->owners);
	if (!owner)
		return -ENOMEM;
	*owner = like;
	owner->id = explain->owners.nr - 1;
	*out = owner->id;
	return 0;
}

static int set_owner(struct lt_explain *explain, struct lt_obstacle *obstacle,
		     const struct lt_folio *folio)
{
	const struct lt_pin *pin = lt_pins_find(&explain->snap->pins, folio->pfn);
	struct lt_obstacle_owner *owner;
	int err = find_owner(explain, pin, &obstacle->owner);

	if (err)
		return err;
	owner = &explain->owners.v[obstacle->owner];
	owner->nr_folios++;
	owner->nr_pages += folio->nr_pages;
	owner->nr_unmovable += obstacle->fate == LT_FATE_UNMOVABLE;
	obstacle->pin = pin;
	return 0;
}

static int add(struct lt_explain *explain, struct lt_range pfns, enum lt_fate fate,
	       const struct lt_folio *folio)
{
	struct lt_obstacle *obstacle = lt_vec_push(&explain->obstacles);

	if (!obstacle)
		return -ENOMEM;
	*obstacle = (struct lt_obstacle){ .pfns = pfns, .fate = fate, .owner = LT_NO_OWNER };
	return folio ? set_owner(explain, obstacle, folio) : 0;
}

/*
 * Folios are told range by range, ascending in each: the first that reaches into @range, NULL if
 * none does.
 */
static const struct lt_folio *first_folio(const struct lt_folios *folios, struct lt_range range)
{
	lt_vec_each(folio, folios)
		if (lt_range_is_overlapping(
			    range, (struct lt_range){ folio->pfn, folio->pfn + folio->nr_pages }))
			return folio;
	return NULL;
}

static int find_in_range(struct lt_explain *explain, const struct lt_search_range *range)
{
	const struct lt_folios *folios = &explain->snap->folios;
	const struct lt_folio *folio = first_folio(folios, range->pfns);
	uint64_t pfn = range->pfns.start_pfn, end;
	int err = 0;

	for (; pfn < range->pfns.end_pfn && !err; pfn = end) {
		enum lt_fate fate = lt_search_fate(range->pages[pfn - range->pfns.start_pfn]);

		end = range->pfns.end_pfn;
		if (lt_fate_is_blocking(fate)) {
			while (folio->pfn + folio->nr_pages <= pfn)
				folio++;
			if (folio->pfn + folio->nr_pages < end)
				end = folio->pfn + folio->nr_pages;
		}
		end = run_end(range, pfn, end);
		if (is_obstacle(fate))
			err = add(explain, (struct lt_range){ pfn, end }, fate,
				  lt_fate_is_blocking(fate) ? folio : NULL);
	}
	return err;
}

int lt_explain_find_obstacles(struct lt_explain *explain)
{
	int err = 0;

	lt_vec_each(range, &explain->search.ranges)
		if (!err)
			err = find_in_range(explain, range);
	return err;
}
