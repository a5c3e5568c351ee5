/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_SEARCH_H
#define LT_ANALYSE_SEARCH_H

#include "analyse/search_fate.h"
#include "base/compiler.h"
#include "model/area.h"

/*
 * One byte a page: enum lt_fate, and LT_SEARCH_TAIL for a page that is not the
 * first of a large folio. A window that begins with such a page fails, though
 * the folio could be moved: the kernel isolates folios from their first page.
 */
#define LT_SEARCH_TAIL 0x80

static inline enum lt_fate lt_search_fate(uint8_t page)
{
	return (enum lt_fate)(page & ~LT_SEARCH_TAIL);
}

/* A range of the area, as the search sees it. */
struct lt_search_range {
	struct lt_range pfns;
	uint8_t *pages; /* lt_range_nr_pages(pfns) of them */
};

LT_VEC_OF(lt_search_ranges, struct lt_search_range);

/**
 * struct lt_search_memory - free pages that migration may use, all of them; CMA's are among them
 * @sure: at least so many
 * @most: at most so many, whatever is reclaimed
 *
 * Free pages in the blocks that an attempt isolates do not count for it.
 */
struct lt_search_memory {
	struct lt_num sure, most;
};

/**
 * struct lt_search - a request, and the area that it is made to
 * @nr_pages:	   wanted
 * @align:	   order of the alignment
 * @order_per_bit: of the area
 * @block_order:   alloc_contig_range() isolates whole blocks of this order
 */
struct lt_search {
	struct lt_search_ranges ranges;
	uint64_t nr_pages;
	unsigned int align, order_per_bit, block_order;
	struct lt_search_memory memory;
};

/* What an attempt at one window comes to. */
enum lt_window_verdict {
	LT_WINDOW_FITS,
	LT_WINDOW_BUSY,	     /* -EBUSY: the next one is tried */
	LT_WINDOW_NO_MEMORY, /* -ENOMEM: the search ends */
	LT_WINDOW_UNSURE,
};

/**
 * struct lt_window - pages that cma_alloc() tries
 * @pfns:	     the window
 * @nr:		     its pages, by fate
 * @blocker:	     the first page that makes it fail, which is what test_pages_isolated names
 * @is_tail:	     it begins inside a large folio, which is the blocker
 * @nr_free_around:  free pages in the blocks that are isolated, the window's among them
 * @may_lack_memory: it may end with -ENOMEM instead
 */
struct lt_window {
	struct lt_range pfns;
	uint64_t nr[LT_NR_FATES];
	enum lt_window_verdict verdict;
	struct lt_num blocker;
	bool is_tail;
	uint64_t nr_free_around;
	bool may_lack_memory;
};

LT_VEC_OF(lt_windows, struct lt_window);

/* Windows kept; more are counted. */
#define LT_SEARCH_KEPT 1000

/**
 * struct lt_search_result - how the search ends
 * @windows:	     the first LT_SEARCH_KEPT that are tried, and the last
 * @nr_windows:	     tried
 * @last:	     the one it ended with; meaningless if @nr_windows is 0
 * @may_lack_memory: one before the last may already have ended it with -ENOMEM
 */
struct lt_search_result {
	struct lt_windows windows;
	uint64_t nr_windows;
	struct lt_window last;
	bool may_lack_memory;
};

/**
 * lt_search_run() - replay cma_alloc()
 *
 * The time is linear in the pages of the area.
 *
 * Return: 0, or -ENOMEM. @out->windows is freed with lt_vec_free().
 */
int lt_search_run(const struct lt_search *search, struct lt_search_result *out)
	__must_check __nonnull_all;

/* The first PFN from @pfn on that a window of alignment @align may begin with; see search.c. */
uint64_t lt_search_align(const struct lt_search *search, const struct lt_search_range *range,
			 uint64_t pfn, unsigned int align);

/* Pages by which windows of alignment @align are apart. */
uint64_t lt_search_step(const struct lt_search *search, unsigned int align);

#endif
