// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What alloc_contig_range() does with a page of its range, from the state of
 * the page's folio (mm/page_alloc.c, mm/compaction.c, mm/migrate.c):
 *
 * - It empties the per-CPU lists of free pages and the LRU batches first, so
 *   neither is in the way.
 * - isolate_migratepages_block() takes folios from the LRU, hugetlb pages (not
 *   on 5.10) and driver pages that can migrate. It passes over an anonymous
 *   folio with more references than mappings. One in the swap cache, or in the
 *   page cache, is isolated, but then migrate_pages() counts its references.
 *   Either way it stays, and the window fails.
 * - reclaim_clean_pages_from_list() drops what is clean and not swap-backed.
 * - Whatever else has references stays.
 *
 * A page that was faulted in a moment ago waits in an LRU batch, and is known
 * for it by the LRU flag that it does not have yet. Other batches, of pages to
 * be activated or locked, do not show: one more reference may be theirs, or
 * somebody's. Such a page may move or not.
 *
 * On 5.10 the isolation compares the references of a huge page with the
 * mappings of its first page, which leaves out what page tables map in parts:
 * the counts of the whole folio do not tell, unless it is mapped once.
 *
 * Private data of a page in the page cache may be buffers. Migration and reclaim give up on a buffer
 * that somebody holds, the one of a mounted file system's superblock for as long as it is mounted,
 * and that does not show in the page's counts.
 *
 * A hugetlb page of later kernels goes away if another one can be allocated
 * in its place (isolate_or_dissolve_huge_page()): nothing here tells.
 */
#include "analyse/search_fate.h"

#include <stddef.h>

#include "uapi/ltpin_netlink.h"

const char *lt_fate_name(enum lt_fate fate)
{
	static const char *const names[LT_NR_FATES] = {
		[LT_FATE_UNKNOWN] = "unknown",	   [LT_FATE_FREE] = "free",
		[LT_FATE_RECLAIMED] = "reclaimed", [LT_FATE_MOVED] = "moved",
		[LT_FATE_ALLOCATED] = "allocated", [LT_FATE_PINNED] = "pinned",
		[LT_FATE_HELD] = "held",	   [LT_FATE_UNMOVABLE] = "unmovable",
	};

	return fate < LT_NR_FATES ? names[fate] : NULL;
}

static enum lt_fate fate_of_cached(const struct lt_folio *folio, enum lt_search_kernel kernel)
{
	const int64_t other = lt_folio_other_refs(folio);
	const uint64_t flags = folio->flags;

	if (lt_folio_pins(folio) > 0)
		return LT_FATE_PINNED;
	if (lt_folio_extra_refs(folio) > 0)
		return LT_FATE_HELD;
	if (flags & LTPIN_PAGE_FILE && flags & LTPIN_PAGE_PRIVATE)
		return LT_FATE_UNKNOWN;
	/* Pins that were not told, or a reference that may be passing, as long as that takes. */
	if (folio->mapcount < 0 || other < 0 || other > lt_folio_is_in_lru_batch(folio))
		return LT_FATE_UNKNOWN;
	if (kernel == LT_SEARCH_5_10 && folio->nr_pages > 1 && folio->refcount > 1 &&
	    !(flags & (LTPIN_PAGE_FILE | LTPIN_PAGE_SWAPCACHE)))
		return LT_FATE_UNKNOWN;
	if (!(flags & (LTPIN_PAGE_SWAPBACKED | LTPIN_PAGE_DIRTY | LTPIN_PAGE_WRITEBACK |
		       LTPIN_PAGE_UNEVICTABLE)))
		return LT_FATE_RECLAIMED;
	return LT_FATE_MOVED;
}

enum lt_fate lt_fate_of(const struct lt_folio *folio, enum lt_search_kernel kernel)
{
	const uint64_t flags = folio->flags;

	if (flags & LTPIN_PAGE_UNSTABLE)
		return LT_FATE_UNKNOWN;
	if (flags & LTPIN_PAGE_BUDDY)
		return LT_FATE_FREE;
	if (flags & LTPIN_PAGE_HUGETLB)
		return kernel == LT_SEARCH_5_10 ? LT_FATE_UNMOVABLE : LT_FATE_UNKNOWN;
	/* Slabs of new kernels have no reference count. */
	if (flags & (LTPIN_PAGE_RESERVED | LTPIN_PAGE_OFFLINE | LTPIN_PAGE_HWPOISON |
		     LTPIN_PAGE_SLAB | LTPIN_PAGE_PGTABLE))
		return LT_FATE_UNMOVABLE;
	if (folio->refcount < 0)
		return LT_FATE_UNKNOWN;
	if (!folio->refcount) /* between two states, unless it is a single page on a list */
		return flags & LTPIN_PAGE_COMPOUND ? LT_FATE_UNKNOWN : LT_FATE_FREE;
	if (flags & (LTPIN_PAGE_ANON | LTPIN_PAGE_FILE))
		return fate_of_cached(folio, kernel);
	return flags & LTPIN_PAGE_MOVABLE_OPS ? LT_FATE_MOVED : LT_FATE_UNMOVABLE;
}
