// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cma_alloc(), replayed (mm/cma.c and mm/page_alloc.c of 5.10, 6.1, 6.12, 7.2):
 *
 *	for each range of the area		one only, up to 6.12
 *		while there is a window: the next run of clear bits, aligned
 *			alloc_contig_range(window)
 *			0		done
 *			-EBUSY		begin again one alignment later
 *			another error	give up
 *
 * The bitmap is searched by bitmap_find_next_zero_area_off() with the offset of
 * the range's first PFN, so that windows are aligned by PFN; an alignment of
 * order_per_bit or less means every bit. After a set bit it goes on with the
 * next aligned one, after -EBUSY too: so in the end all aligned windows without
 * a set bit are tried, in ascending order.
 *
 * alloc_contig_range() isolates the blocks around the window: max(pageblock,
 * MAX_ORDER - 1) on 5.10, pageblocks later. Blocks of CMA are always taken for
 * movable (has_unmovable_pages()), whatever is in them; pages beside the window
 * are not touched. But free pages in those blocks cannot take what is migrated.
 * Without memory for that it returns -ENOMEM, even if a page would not have moved.
 *
 * 7.2 gives up as well if the request is larger than what the area has left,
 * which leaves no window anyway; and it passes over windows whose struct pages
 * are not contiguous, which sparse memory without a virtual memory map may have:
 * nothing shows that, and it is not replayed.
 *
 * Not replayed either, since it is not there to be seen: blocks that another
 * allocation has isolated at that moment (-EBUSY), and fatal signals (-EINTR).
 *
 * All cursors move forward only, so the time is linear in the pages.
 */
#include "analyse/search.h"

#include <errno.h>

/* Counts of the pages in a window that only moves forward. */
struct span {
	const struct lt_search_range *range;
	uint64_t start, end; /* PFNs; counted up to @end */
	uint64_t nr[LT_NR_FATES];
};

static uint8_t page_at(const struct lt_search_range *range, uint64_t pfn)
{
	return range->pages[pfn - range->pfns.start_pfn];
}

static void span_move(struct span *span, uint64_t start, uint64_t end)
{
	if (start > span->end) {
		for (int i = 0; i < LT_NR_FATES; i++)
			span->nr[i] = 0;
		span->start = start;
		span->end = start;
	}
	for (; span->start < start; span->start++)
		span->nr[lt_search_fate(page_at(span->range, span->start))]--;
	for (; span->end < end; span->end++)
		span->nr[lt_search_fate(page_at(span->range, span->end))]++;
}

/* The search in one range. */
struct cursor {
	const struct lt_search *search;
	const struct lt_search_range *range;
	uint64_t allocated; /* the first allocated page from the last window's start on */
	uint64_t blocker;   /* the first page that stays, likewise */
	struct span window, around;
};

static uint64_t align_up(uint64_t pfn, unsigned int order)
{
	const uint64_t mask = (UINT64_C(1) << order) - 1;

	return (pfn + mask) & ~mask;
}

uint64_t lt_search_step(const struct lt_search *search, unsigned int align)
{
	return UINT64_C(1) << (align > search->order_per_bit ? align : search->order_per_bit);
}

uint64_t lt_search_align(const struct lt_search *search, const struct lt_search_range *range,
			 uint64_t pfn, unsigned int align)
{
	const uint64_t base = range->pfns.start_pfn;

	if (align > search->order_per_bit)
		return align_up(pfn, align);
	return base + align_up(pfn - base, search->order_per_bit);
}

static uint64_t next_allocated(const struct cursor *cursor, uint64_t pfn)
{
	while (pfn < cursor->range->pfns.end_pfn &&
	       lt_search_fate(page_at(cursor->range, pfn)) != LT_FATE_ALLOCATED)
		pfn++;
	return pfn;
}

static uint64_t next_blocker(const struct cursor *cursor, uint64_t pfn)
{
	while (pfn < cursor->range->pfns.end_pfn &&
	       !lt_fate_is_blocking(lt_search_fate(page_at(cursor->range, pfn))))
		pfn++;
	return pfn;
}

/* The next window from @pfn on; false if the range has none. */
static bool next_window(struct cursor *cursor, uint64_t pfn, uint64_t *out)
{
	const struct lt_search *search = cursor->search;
	const uint64_t end = cursor->range->pfns.end_pfn;
	const uint64_t whole = UINT64_C(1) << search->order_per_bit;
	const uint64_t nr_pages = (search->nr_pages + whole - 1) & ~(whole - 1);

	for (;;) {
		pfn = lt_search_align(search, cursor->range, pfn, search->align);
		if (pfn > end || nr_pages > end - pfn)
			return false;
		if (cursor->allocated < pfn)
			cursor->allocated = next_allocated(cursor, pfn);
		if (cursor->allocated - pfn >= nr_pages)
			break;
		pfn = cursor->allocated + 1;
	}
	*out = pfn;
	return true;
}

static void count_around(struct cursor *cursor, struct lt_window *window)
{
	const struct lt_range all = cursor->range->pfns;
	const uint64_t mask = (UINT64_C(1) << cursor->search->block_order) - 1;
	uint64_t start = window->pfns.start_pfn & ~mask;
	uint64_t end = align_up(window->pfns.end_pfn, cursor->search->block_order);

	/* Areas are made of whole blocks; what is outside is not known. */
	span_move(&cursor->around, start > all.start_pfn ? start : all.start_pfn,
		  end < all.end_pfn ? end : all.end_pfn);
	window->nr_free_around = cursor->around.nr[LT_FATE_FREE];
}

enum supply { SUPPLY_ENOUGH, SUPPLY_UNSURE, SUPPLY_NONE };

/* Whether what is to be moved out of @window finds a place. */
static enum supply supply_for(const struct lt_search_memory *memory, const struct lt_window *window)
{
	const uint64_t least = window->nr[LT_FATE_MOVED];
	const uint64_t most = least + window->nr[LT_FATE_RECLAIMED] + window->nr[LT_FATE_UNKNOWN];

	if (!most || (memory->sure.known && memory->sure.val >= window->nr_free_around + most))
		return SUPPLY_ENOUGH;
	if (least && memory->most.known && memory->most.val < window->nr_free_around + least)
		return SUPPLY_NONE;
	return SUPPLY_UNSURE;
}

static void evaluate(struct cursor *cursor, struct lt_window *window)
{
	const uint64_t start = window->pfns.start_pfn;
	enum supply supply;

	span_move(&cursor->window, start, window->pfns.end_pfn);
	for (int i = 0; i < LT_NR_FATES; i++)
		window->nr[i] = cursor->window.nr[i];
	count_around(cursor, window);
	if (cursor->blocker < start)
		cursor->blocker = next_blocker(cursor, start);
	window->is_tail = page_at(cursor->range, start) & LT_SEARCH_TAIL;
	if (window->is_tail)
		window->blocker = lt_num(start);
	else if (cursor->blocker < window->pfns.end_pfn)
		window->blocker = lt_num(cursor->blocker);

	supply = supply_for(&cursor->search->memory, window);
	window->may_lack_memory = supply == SUPPLY_UNSURE;
	if (supply == SUPPLY_NONE)
		window->verdict = LT_WINDOW_NO_MEMORY;
	else if (window->blocker.known)
		window->verdict = LT_WINDOW_BUSY;
	else if (supply == SUPPLY_UNSURE || window->nr[LT_FATE_UNKNOWN])
		window->verdict = LT_WINDOW_UNSURE;
	else
		window->verdict = LT_WINDOW_FITS;
}

static int keep(struct lt_search_result *out, const struct lt_window *window)
{
	bool is_end = window->verdict != LT_WINDOW_BUSY;
	struct lt_window *kept;

	out->nr_windows++;
	out->last = *window;
	if (out->windows.nr >= LT_SEARCH_KEPT && !is_end)
		return 0;
	kept = lt_vec_push(&out->windows);
	if (!kept)
		return -ENOMEM;
	*kept = *window;
	return 0;
}

/* 0: on to the next range; 1: this was the end. */
static int run_range(const struct lt_search *search, const struct lt_search_range *range,
		     struct lt_search_result *out)
{
	const uint64_t base = range->pfns.start_pfn;
	struct cursor cursor = {
		.search = search,
		.range = range,
		.window = { .range = range, .start = base, .end = base },
		.around = { .range = range, .start = base, .end = base },
	};
	uint64_t pfn = base;

	cursor.allocated = next_allocated(&cursor, base);
	cursor.blocker = next_blocker(&cursor, base);
	while (next_window(&cursor, pfn, &pfn)) {
		struct lt_window window = { .pfns = { pfn, pfn + search->nr_pages } };

		evaluate(&cursor, &window);
		if (keep(out, &window))
			return -ENOMEM;
		if (window.verdict != LT_WINDOW_BUSY)
			return 1;
		out->may_lack_memory |= window.may_lack_memory;
		pfn += lt_search_step(search, search->align);
	}
	return 0;
}

int lt_search_run(const struct lt_search *search, struct lt_search_result *out)
{
	struct lt_search_result result = { 0 };
	int err = 0;

	if (search->nr_pages)
		lt_vec_each(range, &search->ranges)
			if (!err)
				err = run_range(search, range, &result);
	if (err < 0) {
		lt_vec_free(&result.windows);
		return err;
	}
	*out = result;
	return 0;
}
