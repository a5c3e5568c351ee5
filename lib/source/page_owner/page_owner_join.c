// SPDX-License-Identifier: LGPL-2.1-or-later
/* Joins page_owner records with pages that cannot move, and with areas. */
#include "source/page_owner/page_owner_join.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int lt_page_owner_join_init(struct lt_page_owner_join *join, struct lt_snapshot *snap)
{
	*join = (struct lt_page_owner_join){ .snap = snap, .is_ordered = true };
	join->nr_lent = calloc(snap->areas.nr + 1, sizeof(*join->nr_lent));
	return join->nr_lent ? 0 : -ENOMEM;
}

void lt_page_owner_join_fini(struct lt_page_owner_join *join)
{
	if (!join->is_committed)
		lt_vec_each(pin, &join->snap->pins)
			pin->has_owner = false;
	lt_pins_free(&join->unmovable);
	lt_holders_free(&join->holders);
	free(join->nr_lent);
	join->nr_lent = NULL;
}

static struct lt_range block_of(const struct lt_owner *owner)
{
	return (struct lt_range){ owner->pfn, owner->pfn + ((uint64_t)1 << owner->order) };
}

/* A folio is a block of pages, unless a block was split; then the head's record wins. */
static void name_pins(struct lt_pins *pins, const struct lt_owner *owner)
{
	struct lt_range block = block_of(owner);
	struct lt_pin *pin = lt_pins_from(pins, block.start_pfn);

	for (; pin && pin < pins->v + pins->nr && pin->pfn < block.end_pfn; pin++) {
		if (pin->has_owner && !lt_range_has(block, pin->pfn))
			continue;
		pin->has_owner = true;
		pin->allocated_by = *owner;
	}
}

/* How many pages of a block cma_alloc() gave out, and how many it did not. */
struct split {
	uint64_t nr_held, nr_lent;
};

/* A bit of the bitmap at a time. */
static struct split split_block(const struct lt_area *area, const struct lt_area_range *range,
				struct lt_range block)
{
	const struct lt_range pfns = range->pfns;
	const uint64_t per_bit = (uint64_t)1 << area->order_per_bit.val;
	uint64_t end = block.end_pfn < pfns.end_pfn ? block.end_pfn : pfns.end_pfn;
	uint64_t pfn = block.start_pfn > pfns.start_pfn ? block.start_pfn : pfns.start_pfn;
	struct split split = { 0 };

	while (pfn < end) {
		uint64_t next = pfn - (pfn - pfns.start_pfn) % per_bit + per_bit;

		if (next > end)
			next = end;
		*(lt_area_is_allocated(area, range, pfn) ? &split.nr_held : &split.nr_lent) +=
			next - pfn;
		pfn = next;
	}
	return split;
}

/* Whether the bitmap, which was read before, can speak of this allocation. */
static bool is_before(const struct lt_owner *owner, struct lt_num taken_ns)
{
	return !owner->ts_ns.known || !taken_ns.known || owner->ts_ns.val < taken_ns.val;
}

/*
 * Whether an allocation that the bitmap does not show accuses the kernel. Not
 * one made since the bitmap was read or in flight (its block is isolated), and
 * not the records that page_owner made up for pages older than itself, which
 * have no flags.
 */
static bool is_unmovable(const struct lt_owner *owner, struct lt_num taken_ns)
{
	if (strcmp(owner->migratetype, "Unmovable") && strcmp(owner->migratetype, "Reclaimable"))
		return false;
	if (!strcmp(owner->block_migratetype, "Isolate") || !strcmp(owner->gfp, "0x0"))
		return false;
	return is_before(owner, taken_ns);
}

static int add_unmovable(struct lt_page_owner_join *join, const struct lt_owner *owner, size_t area)
{
	struct lt_pin *pin = lt_vec_push(&join->unmovable);

	if (!pin)
		return -ENOMEM;
	pin->pfn = owner->pfn;
	pin->nr_pages = (uint64_t)1 << owner->order;
	pin->kind = LT_PIN_UNMOVABLE;
	pin->area = area;
	pin->has_owner = true;
	pin->allocated_by = *owner;
	return 0;
}

static int add_holder(struct lt_page_owner_join *join, const struct lt_owner *owner, size_t area,
		      uint64_t nr_pages)
{
	struct lt_holder like = {
		.kind = LT_HOLDER_DRIVER,
		/* The name is the thread's, so the number is. */
		.pid = owner->pid.known ? owner->pid : owner->tgid,
		.comm = owner->comm,
		.area = area,
	};
	struct lt_holder *holder;

	if (!is_before(owner, join->snap->taken_ns))
		return 0;
	if (owner->stack && owner->stack != join->named_stack) {
		if (lt_holder_name_of(owner->stack, join->snap->strings, &join->named_driver))
			return -ENOMEM;
		join->named_stack = owner->stack;
	}
	like.name = owner->stack ? join->named_driver : NULL;
	holder = lt_holders_get(&join->holders, &like);
	if (!holder)
		return -ENOMEM;
	if (!holder->stack)
		holder->stack = owner->stack;
	holder->nr_pages = lt_num(holder->nr_pages.val + nr_pages);
	return 0;
}

static int join_range(struct lt_page_owner_join *join, const struct lt_owner *owner, size_t area,
		      const struct lt_area_range *range)
{
	struct split split;
	int err = 0;

	if (!lt_area_has_bitmaps(&join->snap->areas.v[area]))
		return 0;
	split = split_block(&join->snap->areas.v[area], range, block_of(owner));
	join->nr_lent[area] += split.nr_lent;
	if (split.nr_held)
		err = add_holder(join, owner, area, split.nr_held);
	return !err && split.nr_lent && is_unmovable(owner, join->snap->taken_ns)
		       ? add_unmovable(join, owner, area)
		       : err;
}

int lt_page_owner_join_add(const struct lt_owner *owner, void *arg)
{
	struct lt_page_owner_join *join = arg;
	struct lt_snapshot *snap = join->snap;
	bool is_next = !join->has_records || owner->pfn > join->last_pfn;
	int err = 0;

	if (!join->has_records)
		join->first_pfn = owner->pfn;
	if (is_next)
		join->last_pfn = owner->pfn;
	join->has_records = true;
	join->is_ordered &= is_next;

	for (size_t i = 0; i < snap->areas.nr; i++) {
		lt_vec_each(range, &snap->areas.v[i].ranges) {
			if (!lt_range_is_overlapping(range->pfns, block_of(owner)))
				continue;
			name_pins(&snap->pins, owner);
			/* Out of order, the same page may come twice. */
			if (is_next && !err)
				err = join_range(join, owner, i, range);
		}
	}
	return err;
}

static bool is_area_whole(const struct lt_page_owner_join *join, const struct lt_area *area,
			  enum lt_page_owner_extent extent)
{
	if (extent != LT_PAGE_OWNER_TEXT)
		return extent == LT_PAGE_OWNER_WHOLE;
	lt_vec_each(range, &area->ranges)
		if (join->first_pfn >= range->pfns.start_pfn ||
		    join->last_pfn < range->pfns.end_pfn)
			return false;
	return join->has_records && join->is_ordered;
}

int lt_page_owner_join_commit(struct lt_page_owner_join *join, enum lt_page_owner_extent extent)
{
	struct lt_snapshot *snap = join->snap;
	const size_t nr_old = snap->pins.nr;

	lt_vec_each(found, &join->unmovable) {
		struct lt_pins old = { .v = snap->pins.v, .nr = nr_old };
		struct lt_pin *pin = lt_pins_find(&old, found->pfn);

		if (pin && pin->kind == LT_PIN_UNKNOWN)
			pin->kind = LT_PIN_UNMOVABLE;
		if (pin)
			continue;
		pin = lt_vec_push(&snap->pins);
		if (!pin) {
			snap->pins.nr = nr_old;
			return -ENOMEM;
		}
		*pin = *found;
	}
	lt_pins_sort(&snap->pins);
	lt_vec_each(holder, &join->holders) {
		struct lt_holder *added = lt_vec_push(&snap->holders);

		if (!added)
			return -ENOMEM;
		*added = *holder;
	}
	for (size_t i = 0; i < snap->areas.nr; i++) {
		struct lt_area *area = &snap->areas.v[i];

		if (!area->nr_lent.known && lt_area_has_bitmaps(area) &&
		    is_area_whole(join, area, extent))
			area->nr_lent = lt_num(join->nr_lent[i]);
	}
	join->is_committed = true;
	return 0;
}
