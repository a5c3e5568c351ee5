// SPDX-License-Identifier: LGPL-2.1-or-later
/* What bounds an allocation, and whose it is. */
#include <errno.h>

#include "analyse/explain_part.h"
#include "base/hash.h"
#include "model/holder.h"

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

struct wanted {
	const struct lt_obstacle_owners *owners;
	const struct lt_obstacle_owner *like;
};

static bool is_same(const void *arg, size_t place)
{
	const struct wanted *wanted = arg;
	const struct lt_obstacle_owner *a = &wanted->owners->v[place], *b = wanted->like;

	return a->by == b->by && a->comm == b->comm && a->pid.known == b->pid.known &&
	       (!a->pid.known || a->pid.val == b->pid.val);
}

static uint64_t hash_of(const struct lt_obstacle_owner *owner)
{
	uint64_t hash = lt_hash_word(owner->by, (uintptr_t)owner->comm);

	return lt_hash_end(lt_hash_word(hash, owner->pid.known ? owner->pid.val + 1 : 0));
}

static int find_owner(struct lt_explain *explain, const struct lt_pin *pin, size_t *out)
{
	struct lt_obstacle_owner like, *owner;
	const struct wanted wanted = { &explain->owners, &like };
	int err = name_owner(explain, pin, &like);

	if (err)
		return err;
	*out = lt_index_find(&explain->owner_index, hash_of(&like), is_same, &wanted);
	if (*out != LT_INDEX_NONE)
		return 0;
	owner = lt_vec_push(&explain->owners);
	if (!owner)
		return -ENOMEM;
	*owner = like;
	owner->id = explain->owners.nr - 1;
	*out = owner->id;
	return lt_index_add(&explain->owner_index, hash_of(&like), owner->id);
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
	*obstacle = (struct lt_obstacle){ .pfns = pfns, .fate = fate };
	return set_owner(explain, obstacle, folio);
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
		if (lt_fate_is_blocking(fate))
			err = add(explain, (struct lt_range){ pfn, end }, fate, folio);
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

void lt_obstacle_walk_enter(struct lt_obstacle_walk *walk, const struct lt_explain *explain,
			    const struct lt_search_range *range)
{
	walk->explain = explain;
	walk->range = range;
	walk->pfn = range->pfns.start_pfn;
}

bool lt_obstacle_walk_next(struct lt_obstacle_walk *walk, struct lt_obstacle *out)
{
	const struct lt_range pfns = walk->range->pfns;
	enum lt_fate fate = LT_FATE_FREE;

	while (walk->pfn < pfns.end_pfn) {
		fate = lt_search_fate(walk->range->pages[walk->pfn - pfns.start_pfn]);
		if (lt_fate_is_obstacle(fate))
			break;
		walk->pfn++;
	}
	if (walk->pfn == pfns.end_pfn)
		return false;
	if (lt_fate_is_blocking(fate))
		*out = walk->explain->obstacles.v[walk->next++];
	else
		*out = (struct lt_obstacle){
			.pfns = { walk->pfn, run_end(walk->range, walk->pfn, pfns.end_pfn) },
			.fate = fate,
			.owner = LT_NO_OWNER,
		};
	walk->pfn = out->pfns.end_pfn;
	return true;
}

/* The kept obstacle that has @pfn, which blocks. */
static const struct lt_obstacle *find_kept(const struct lt_explain *explain, uint64_t pfn)
{
	size_t low = 0, high = explain->obstacles.nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (explain->obstacles.v[mid].pfns.end_pfn <= pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return low < explain->obstacles.nr ? &explain->obstacles.v[low] : NULL;
}

static bool is_at(const struct lt_explain *explain, const struct lt_search_range *range,
		  uint64_t pfn, struct lt_obstacle *out)
{
	enum lt_fate fate = lt_search_fate(range->pages[pfn - range->pfns.start_pfn]);
	const struct lt_obstacle *kept = lt_fate_is_blocking(fate) ? find_kept(explain, pfn) : NULL;

	if (!lt_fate_is_obstacle(fate))
		return false;
	*out = (struct lt_obstacle){ .pfns = { pfn, pfn + 1 }, .fate = fate, .owner = LT_NO_OWNER };
	if (kept)
		*out = *kept;
	return true;
}

bool lt_explain_obstacle_at(const struct lt_explain *explain, uint64_t pfn, struct lt_obstacle *out)
{
	lt_vec_each(range, &explain->search.ranges)
		if (lt_range_has(range->pfns, pfn))
			return is_at(explain, range, pfn, out);
	return false;
}
