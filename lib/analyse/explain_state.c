// SPDX-License-Identifier: LGPL-2.1-or-later
/* The area, the memory beside it and the kernel as a snapshot shows them, made ready to search. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/explain_part.h"

/* MAX_ORDER - 1 of 5.10, unless the architecture or CONFIG_FORCE_MAX_ZONEORDER says otherwise. */
#define USUAL_MAX_ORDER 10

/*
 * Without debugfs nothing tells 7.2 from 6.1: they differ in the errno of a
 * request that finds no window.
 */
static enum lt_search_kernel kernel_of(const struct lt_snapshot *snap, const struct lt_area *area)
{
	const struct lt_source_state *vmstat = lt_snapshot_source(snap, "vmstat");
	bool has_debugfs = area->source && !strcmp(area->source, "cma-debugfs");

	if (area->has_ranges_dir)
		return LT_SEARCH_7_2;
	if (snap->memory.cma_alloc_success.known)
		return has_debugfs ? LT_SEARCH_6_1 : LT_SEARCH_UNKNOWN;
	return vmstat && vmstat->status == LT_STATUS_OK ? LT_SEARCH_5_10 : LT_SEARCH_UNKNOWN;
}

static unsigned int max_order_of(const struct lt_snapshot *snap)
{
	lt_vec_each(zone, &snap->zones)
		if (zone->free_blocks.nr_orders)
			return zone->free_blocks.nr_orders - 1;
	return USUAL_MAX_ORDER;
}

static unsigned int block_order_of(const struct lt_snapshot *snap, enum lt_search_kernel kernel)
{
	const struct lt_num pageblock = snap->kernel.pageblock_order;
	unsigned int max_order = max_order_of(snap);

	if (!pageblock.known || pageblock.val > LT_ALIGN_MAX)
		return max_order;
	if (kernel == LT_SEARCH_6_1 || kernel == LT_SEARCH_7_2 || pageblock.val > max_order)
		return (unsigned int)pageblock.val;
	return max_order;
}

static void set_fate(struct lt_search_range *range, struct lt_range pfns, uint8_t page)
{
	const uint64_t base = range->pfns.start_pfn;

	if (pfns.start_pfn < base)
		pfns.start_pfn = base;
	if (pfns.end_pfn > range->pfns.end_pfn)
		pfns.end_pfn = range->pfns.end_pfn;
	if (pfns.start_pfn < pfns.end_pfn)
		memset(range->pages + (pfns.start_pfn - base), page, lt_range_nr_pages(pfns));
}

static void set_folio(struct lt_search_range *range, const struct lt_folio *folio,
		      enum lt_search_kernel kernel)
{
	const struct lt_range pfns = { folio->pfn, folio->pfn + folio->nr_pages };
	enum lt_fate fate = lt_fate_of(folio, kernel);

	set_fate(range, pfns, (uint8_t)fate);
	if (folio->nr_pages > 1 && (fate == LT_FATE_MOVED || fate == LT_FATE_RECLAIMED))
		set_fate(range, (struct lt_range){ pfns.start_pfn + 1, pfns.end_pfn },
			 (uint8_t)fate | LT_SEARCH_TAIL);
}

/* What cma_alloc() gave out counts whatever the pages look like. */
static void set_allocated(struct lt_search_range *out, const struct lt_area_range *range,
			  unsigned int order)
{
	for (size_t bit = 0; bit < range->bitmap.nr_bits; bit++) {
		uint64_t pfn = range->pfns.start_pfn + ((uint64_t)bit << order);

		if (!range->bitmap.words[bit / 32])
			bit |= 31; /* none of this word */
		else if (range->bitmap.words[bit / 32] >> (bit % 32) & 1)
			set_fate(out, (struct lt_range){ pfn, pfn + (UINT64_C(1) << order) },
				 LT_FATE_ALLOCATED);
	}
}

static int read_range(struct lt_explain *explain, const struct lt_area_range *range)
{
	struct lt_search_range *out = lt_vec_push(&explain->search.ranges);

	if (!out)
		return -ENOMEM;
	out->pfns = range->pfns;
	out->pages = calloc(lt_range_nr_pages(range->pfns) + 1, 1);
	if (!out->pages)
		return -ENOMEM;
	lt_vec_each(folio, &explain->snap->folios)
		set_folio(out, folio, explain->kernel);
	if (range->bitmap.words)
		set_allocated(out, range, explain->search.order_per_bit);
	return 0;
}

/* Pages that reclaim could give at most; unknown if one part is. */
static struct lt_num reclaimable(const struct lt_snapshot *snap)
{
	const struct lt_memory *memory = &snap->memory;
	struct lt_num kib =
		lt_num_add(lt_num_add(memory->active_file_kib, memory->inactive_file_kib),
			   lt_num_add(memory->slab_reclaimable_kib, memory->swap_free_kib));
	struct lt_num pages = { 0 };

	if (kib.known && snap->kernel.page_size.known && snap->kernel.page_size.val >= 1024)
		pages = lt_num(kib.val / (snap->kernel.page_size.val / 1024));
	return pages;
}

static const struct lt_zone *zone_at(const struct lt_zones *zones, uint64_t pfn)
{
	lt_vec_each(zone, zones) {
		struct lt_num end = lt_num_add(zone->start_pfn, zone->nr_spanned);

		if (end.known && pfn >= zone->start_pfn.val && pfn < end.val)
			return zone;
	}
	return NULL;
}

/* Pages in blocks that only allocations that cannot wait may use. At most 1% where not told. */
static uint64_t highatomic_pages(const struct lt_zone *zone, const struct lt_num block_order)
{
	lt_vec_each(type, &zone->types)
		if (!strcmp(type->name, "HighAtomic") && type->nr_pageblocks.known &&
		    block_order.known && block_order.val <= LT_ALIGN_MAX)
			return type->nr_pageblocks.val << block_order.val;
	return zone->nr_managed.val / 100;
}

/* What @zone gives at once: down to its low watermark no reclaim is needed. 0 if not known. */
static uint64_t given_at_once(const struct lt_snapshot *snap, const struct lt_zone *zone)
{
	uint64_t kept;

	if (!zone->nr_free.known || !zone->watermark.low.known || !zone->nr_protected.known)
		return 0;
	kept = zone->watermark.low.val + zone->nr_protected.val +
	       highatomic_pages(zone, snap->kernel.pageblock_order);
	return zone->nr_free.val > kept ? zone->nr_free.val - kept : 0;
}

/* Zones above the normal one take only what was there before. */
static bool may_be_target(const struct lt_zone *zone, const struct lt_zone *from)
{
	return zone == from || (zone->node == from->node && strcmp(zone->name, "HighMem") &&
				strcmp(zone->name, "Movable") && strcmp(zone->name, "Device"));
}

/*
 * At most all that is free or can be made so, but for half of the watermark
 * "min", which is where even a real-time task stops. At least what is given at
 * once on the area's own node; a cpuset may keep the caller from others.
 */
static void read_memory(struct lt_explain *explain, uint64_t pfn)
{
	const struct lt_snapshot *snap = explain->snap;
	const struct lt_zone *from = zone_at(&snap->zones, pfn);
	struct lt_num most = reclaimable(snap);
	uint64_t sure = 0, kept = 0;

	lt_vec_each(zone, &snap->zones) {
		most = lt_num_add(most, zone->nr_free);
		lt_vec_each(pcp, &zone->pcp)
			most = lt_num_add(most, pcp->count);
		kept += zone->watermark.min.val / 2;
		if (from && may_be_target(zone, from))
			sure += given_at_once(snap, zone);
	}
	if (from)
		explain->search.memory.sure = lt_num(sure);
	if (snap->zones.nr && most.known)
		explain->search.memory.most = lt_num(most.val > kept ? most.val - kept : 0);
}

int lt_explain_read_state(struct lt_explain *explain)
{
	const struct lt_area *area = &explain->snap->areas.v[explain->area];
	const struct lt_num order = area->order_per_bit;
	int err = 0;

	explain->kernel = kernel_of(explain->snap, area);
	explain->search.order_per_bit = order.known && order.val < 32 ? (unsigned int)order.val : 0;
	explain->search.block_order = block_order_of(explain->snap, explain->kernel);
	read_memory(explain, area->ranges.v[0].pfns.start_pfn);
	lt_vec_each(range, &area->ranges)
		if (!err)
			err = read_range(explain, range);
	return err;
}
