// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a folio's reference count is made of.
 *
 *   each mapping             1
 *   page cache, swap cache   1 for each page of the folio
 *   private data             1 (buffer heads; file systems that use it so)
 *   a pin, small folio       LT_PIN_BIAS
 *   a pin, counted           1 (and 1 in the pin count): large folios; on 5.10
 *                            those of order 2 and up
 *   isolated from the LRU    1, for whoever took it off: migration, reclaim
 *   in a per-CPU LRU batch   1
 *
 * The batches are where a reference can stay for long and mean nothing, as a
 * batch is worked off when it is full; cma_alloc() itself empties them first
 * (lru_add_drain_all()). A page on its way to the LRU has no LRU flag yet. One
 * that waits to be activated keeps it up to 6.10; mark_page_accessed() takes
 * the referenced flag away then, so such a page is neither active nor
 * referenced. get_user_pages() leaves the page referenced or active, which is
 * why its references are told all the same. mlock() and munlock() have a batch
 * of their own from 5.18 on.
 *
 * The error is always to one side: a reference that one of these states could
 * explain is not reported.
 */
#include "model/folio.h"

#include "uapi/ltpin_netlink.h"

static bool has(const struct lt_folio *folio, uint64_t flags)
{
	return folio->flags & flags;
}

/* References that belong to the folio's place in memory management, pins and batches aside. */
static int64_t cached_refs(const struct lt_folio *folio)
{
	int64_t refs = folio->mapcount;

	if (has(folio, LTPIN_PAGE_FILE))
		refs += folio->nr_pages;
	if (has(folio, LTPIN_PAGE_SWAPCACHE))
		refs += folio->nr_pages;
	if (has(folio, LTPIN_PAGE_PRIVATE))
		refs++;
	return refs;
}

int64_t lt_folio_other_refs(const struct lt_folio *folio)
{
	return folio->refcount - cached_refs(folio);
}

int32_t lt_folio_pins(const struct lt_folio *folio)
{
	int64_t rest = folio->refcount - cached_refs(folio);

	if (has(folio, LTPIN_PAGE_UNSTABLE) || folio->pins <= 0)
		return 0;
	if (has(folio, LTPIN_PAGE_PINS_EXACT))
		return folio->pins;
	return rest > 0 ? (int32_t)(rest / LT_PIN_BIAS) : 0;
}

bool lt_folio_is_in_lru_batch(const struct lt_folio *folio)
{
	return has(folio, LTPIN_PAGE_ANON | LTPIN_PAGE_FILE) && !has(folio, LTPIN_PAGE_LRU);
}

/* References that batches and isolation may hold at this moment. */
static int64_t passing_refs(const struct lt_folio *folio)
{
	int64_t refs = 0;

	if (lt_folio_is_in_lru_batch(folio))
		refs++;
	else if (!has(folio, LTPIN_PAGE_ACTIVE | LTPIN_PAGE_REFERENCED))
		refs++;
	if (has(folio, LTPIN_PAGE_MLOCKED | LTPIN_PAGE_UNEVICTABLE))
		refs++;
	return refs;
}

int32_t lt_folio_extra_refs(const struct lt_folio *folio)
{
	int64_t cost = has(folio, LTPIN_PAGE_PINS_EXACT) ? 1 : LT_PIN_BIAS;
	int64_t extra;

	/*
	 * Without a mapping of its own the first reference is the owner's, and who that is
	 * nothing tells. A locked page, or one under writeback, is being worked on by somebody
	 * who holds references as a matter of course.
	 */
	if (!has(folio, LTPIN_PAGE_ANON | LTPIN_PAGE_FILE) ||
	    has(folio, LTPIN_PAGE_UNSTABLE | LTPIN_PAGE_LOCKED | LTPIN_PAGE_WRITEBACK |
			       LTPIN_PAGE_HWPOISON))
		return 0;
	extra = folio->refcount - cached_refs(folio) - passing_refs(folio) -
		cost * lt_folio_pins(folio);
	return extra > 0 ? (int32_t)extra : 0;
}

bool lt_folio_may_be_pinned(const struct lt_folio *folio)
{
	return folio->pins < 0 && has(folio, LTPIN_PAGE_ANON | LTPIN_PAGE_FILE) &&
	       folio->refcount > cached_refs(folio) && !lt_folio_extra_refs(folio);
}

bool lt_folio_is_unheld(const struct lt_folio *folio)
{
	if (has(folio, LTPIN_PAGE_UNSTABLE))
		return false;
	if (has(folio, LTPIN_PAGE_BUDDY) || !folio->refcount)
		return true;
	/* Private data may be buffers, and a buffer that is held does not show in the counts. */
	return has(folio, LTPIN_PAGE_ANON | LTPIN_PAGE_FILE) && has(folio, LTPIN_PAGE_LRU) &&
	       !has(folio, LTPIN_PAGE_PRIVATE | LTPIN_PAGE_LOCKED | LTPIN_PAGE_WRITEBACK) &&
	       !lt_folio_other_refs(folio);
}

bool lt_folio_is_unmovable(const struct lt_folio *folio)
{
	return has(folio, LTPIN_PAGE_SLAB | LTPIN_PAGE_PGTABLE) && folio->refcount > 0 &&
	       !has(folio, LTPIN_PAGE_UNSTABLE);
}
