// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a page, read without a lock and without a reference: a reference
 * would be the very thing that a failing allocation trips over.
 *
 * Nothing keeps the page from being freed, split, merged or allocated under our
 * eyes. So the structures that describe its folio are copied, the copy counts
 * only if what it says of the head was the same after, and all tests run on the
 * copy. The pointers in it are values, never followed.
 *
 * Memory may be taken out of the machine, and the structures with it. It goes offline
 * first, and whoever is told of that waits for us: what was found online stays while
 * rcu_read_lock() is held.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/notifier.h>
#include <linux/page-flags.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "compat.h"
#include "ltpin.h"

#define NR_TRIES 3

/* No folio is larger; a larger order was read while it changed. */
#define MAX_ORDER_SEEN 30

/* Low bits of page->mapping: PAGE_MAPPING_*, on 7.2 FOLIO_MAPPING_*. */
/* clang-format off */
#define MAPPING_ANON	1UL
#define MAPPING_KSM	3UL
#define MAPPING_MASK	3UL

/* A page without references and without any of these may be in a free block. */
#define NOT_INSIDE_FREE	(LTPIN_PAGE_BUDDY | LTPIN_PAGE_RESERVED | LTPIN_PAGE_OFFLINE | \
			 LTPIN_PAGE_SLAB | LTPIN_PAGE_PGTABLE | LTPIN_PAGE_COMPOUND)

static const struct {
	u64 flag;
	unsigned int bit;
} page_bits[] = {
	{ LTPIN_PAGE_RESERVED,		PG_reserved },
	{ LTPIN_PAGE_COMPOUND,		PG_head },
#ifdef CONFIG_MEMORY_FAILURE
	{ LTPIN_PAGE_HWPOISON,		PG_hwpoison },
#endif
	{ LTPIN_PAGE_LRU,		PG_lru },
	{ LTPIN_PAGE_ACTIVE,		PG_active },
	{ LTPIN_PAGE_UNEVICTABLE,	PG_unevictable },
#ifdef CONFIG_MMU
	{ LTPIN_PAGE_MLOCKED,		PG_mlocked },
#endif
	{ LTPIN_PAGE_SWAPBACKED,	PG_swapbacked },
	{ LTPIN_PAGE_PRIVATE,		PG_private },
	{ LTPIN_PAGE_PRIVATE,		PG_private_2 },
	{ LTPIN_PAGE_UPTODATE,		PG_uptodate },
	{ LTPIN_PAGE_DIRTY,		PG_dirty },
	{ LTPIN_PAGE_WRITEBACK,		PG_writeback },
	{ LTPIN_PAGE_LOCKED,		PG_locked },
	{ LTPIN_PAGE_REFERENCED,	PG_referenced },
};
/* clang-format on */

/*
 * Whether @page still is what @copy says. The reference count alone does not show it: from before
 * it is freed until it is in a free block, and back, that is 0 throughout.
 */
static bool is_same(struct page *page, struct page *copy)
{
	return lt_page_flags(page) == lt_page_flags(copy) &&
	       READ_ONCE(page->mapping) == copy->mapping &&
	       READ_ONCE(page->private) == copy->private &&
	       atomic_read(&page->_mapcount) == atomic_read(&copy->_mapcount) &&
	       page_ref_count(page) == page_ref_count(copy);
}

/* Whether the folio of @page still is the one that was copied, and as it was. */
bool lt_folio_is_same(struct page *page, struct page *head, union lt_folio_copy *copy)
{
	return compound_head(page) == head && is_same(head, copy->page);
}

/**
 * lt_folio_take() - copies what describes the folio of a page
 * @page: online, while rcu_read_lock() is held
 * @head: receives the address of the folio's first page
 * @copy: receives the copy
 *
 * Return: whether the copy is consistent.
 */
bool lt_folio_take(struct page *page, struct page **head, union lt_folio_copy *copy)
{
	*head = compound_head(page);
	memset(copy, 0, sizeof(*copy));
	memcpy(&copy->page[0], *head, sizeof(struct page));
	if (lt_page_flags(&copy->page[0]) & BIT(PG_head)) {
		memcpy(&copy->page[1], *head + 1, sizeof(struct page));
		/* A folio of two may be the last in its memory map. */
		if (compound_order(copy->page) > 1)
			memcpy(&copy->page[2], *head + 2, sizeof(struct page));
	}

	smp_rmb(); /* after the copy */
	return lt_folio_is_same(page, *head, copy) && !PageTail(copy->page);
}

static u64 flags_of_mapping(const struct page *page)
{
	unsigned long mapping = (unsigned long)page->mapping;

	switch (mapping & MAPPING_MASK) {
	case MAPPING_ANON:
		return LTPIN_PAGE_ANON;
	case MAPPING_KSM:
		return LTPIN_PAGE_ANON | LTPIN_PAGE_KSM;
	case 0:
		return mapping ? LTPIN_PAGE_FILE : 0;
	default: /* a driver's, see lt_page_has_movable_ops() */
		return 0;
	}
}

/* LTPIN_PAGE_* about the memory, from a copy that is not a tail page. */
u64 lt_folio_flags(union lt_folio_copy *copy)
{
	struct page *page = copy->page;
	unsigned long bits = lt_page_flags(page);
	u64 flags = 0;
	size_t i;

	/* A free page's other bits have other meanings (PG_reported). */
	if (PageBuddy(page))
		return LTPIN_PAGE_BUDDY;

	for (i = 0; i < ARRAY_SIZE(page_bits); i++) {
		if (bits & BIT(page_bits[i].bit))
			flags |= page_bits[i].flag;
	}
	if (PageOffline(page))
		flags |= LTPIN_PAGE_OFFLINE;
	if (PageTable(page))
		return flags | LTPIN_PAGE_PGTABLE;
	if (PageSlab(page))
		return flags | LTPIN_PAGE_SLAB;

	/* Page tables and slabs keep other things where page->mapping is. */
	flags |= flags_of_mapping(page);
	if (PageHuge(page))
		flags |= LTPIN_PAGE_HUGETLB;
	if (lt_page_has_movable_ops(page))
		flags |= LTPIN_PAGE_MOVABLE_OPS;
	/* The bit means something else to file systems. */
	if (bits & BIT(PG_swapbacked) && bits & BIT(PG_swapcache))
		flags |= LTPIN_PAGE_SWAPCACHE;
	return flags;
}

static unsigned int order_of(union lt_folio_copy *copy)
{
	return PageBuddy(copy->page) ? copy->page[0].private : compound_order(copy->page);
}

static int mapcount_of(union lt_folio_copy *copy, const struct page *head, unsigned int order,
		       u64 flags)
{
	if (flags & (LTPIN_PAGE_BUDDY | LTPIN_PAGE_SLAB | LTPIN_PAGE_PGTABLE))
		return 0;
	if (flags & LTPIN_PAGE_COMPOUND)
		return lt_folio_mapcount(copy, head, order, flags & LTPIN_PAGE_HUGETLB);
	/* The page's type is kept in the same field. */
	return page_has_type(copy->page) ? 0 : atomic_read(&copy->page[0]._mapcount) + 1;
}

/* References that somebody accounts for; -1 if nothing can be said of such memory. */
static int expected_refs(const struct ltpin_page_state *state)
{
	const u64 without = LTPIN_PAGE_BUDDY | LTPIN_PAGE_RESERVED | LTPIN_PAGE_OFFLINE |
			    LTPIN_PAGE_SLAB | LTPIN_PAGE_PGTABLE | LTPIN_PAGE_MOVABLE_OPS |
			    LTPIN_PAGE_UNSTABLE;
	int refs = state->mapcount;

	if (state->flags & without || !(state->flags & (LTPIN_PAGE_ANON | LTPIN_PAGE_FILE)))
		return -1;
	/* hugetlbfs holds one reference of a page in its cache, whatever its size. */
	if (state->flags & LTPIN_PAGE_HUGETLB)
		return refs + !!(state->flags & LTPIN_PAGE_FILE);
	if (state->flags & (LTPIN_PAGE_FILE | LTPIN_PAGE_SWAPCACHE))
		refs += state->nr_pages;
	return refs + !!(state->flags & LTPIN_PAGE_PRIVATE);
}

static u8 zone_of(const struct page *page)
{
	switch (page_zonenum(page)) {
#ifdef CONFIG_ZONE_DMA
	case ZONE_DMA:
		return LTPIN_ZONE_DMA;
#endif
#ifdef CONFIG_ZONE_DMA32
	case ZONE_DMA32:
		return LTPIN_ZONE_DMA32;
#endif
#ifdef CONFIG_HIGHMEM
	case ZONE_HIGHMEM:
		return LTPIN_ZONE_HIGHMEM;
#endif
#ifdef CONFIG_ZONE_DEVICE
	case ZONE_DEVICE:
		return LTPIN_ZONE_DEVICE;
#endif
	case ZONE_NORMAL:
		return LTPIN_ZONE_NORMAL;
	case ZONE_MOVABLE:
		return LTPIN_ZONE_MOVABLE;
	default:
		return LTPIN_ZONE_UNKNOWN;
	}
}

static u8 block_of(const struct page *page)
{
	switch (lt_block_type(page)) {
	case MIGRATE_UNMOVABLE:
		return LTPIN_BLOCK_UNMOVABLE;
	case MIGRATE_MOVABLE:
		return LTPIN_BLOCK_MOVABLE;
	case MIGRATE_RECLAIMABLE:
		return LTPIN_BLOCK_RECLAIMABLE;
	case MIGRATE_HIGHATOMIC:
		return LTPIN_BLOCK_HIGHATOMIC;
#ifdef CONFIG_CMA
	case MIGRATE_CMA:
		return LTPIN_BLOCK_CMA;
#endif
#ifdef CONFIG_MEMORY_ISOLATION
	case MIGRATE_ISOLATE:
		return LTPIN_BLOCK_ISOLATED;
#endif
	default:
		return LTPIN_BLOCK_UNKNOWN;
	}
}

/* Where the page is: that does not change while its memory is online. */
static void place(const struct page *page, struct ltpin_page_state *state)
{
	state->nid = page_to_nid(page);
	state->zone = zone_of(page);
	state->block = block_of(page);
	if (lt_block_is_isolated(page))
		state->flags |= LTPIN_PAGE_BLOCK_ISOLATED;
}

/*
 * Fills in @state about the folio or free block of @page. Nothing more than
 * "unstable" is said about a page whose description makes no sense.
 */
static void read_folio(struct page *page, struct ltpin_page_state *state)
{
	union lt_folio_copy copy;
	struct page *head;
	unsigned int order, tries = 0;
	int pins;

	*state = (struct ltpin_page_state){
		.pfn = page_to_pfn(page),
		.nr_pages = 1,
		.flags = LTPIN_PAGE_UNSTABLE,
	};
	while (!lt_folio_take(page, &head, &copy)) {
		if (++tries == NR_TRIES)
			break;
	}
	if (PageTail(copy.page))
		return;
	order = order_of(&copy);
	if (order > MAX_ORDER_SEEN || !IS_ALIGNED(page_to_pfn(head), 1UL << order))
		return;

	state->pfn = page_to_pfn(head);
	state->nr_pages = 1U << order;
	state->flags = lt_folio_flags(&copy);
	state->refcount = page_ref_count(copy.page);
	state->mapcount = mapcount_of(&copy, head, order, state->flags);
	if (state->flags & LTPIN_PAGE_BUDDY)
		pins = 0;
	else
		pins = lt_folio_pincount(&copy, order);
	if (pins >= 0)
		state->flags |= LTPIN_PAGE_PINS_EXACT;
	else
		pins = max(state->refcount, 0) / GUP_PIN_COUNTING_BIAS;
	state->pins = pins;
	if (tries == NR_TRIES)
		state->flags |= LTPIN_PAGE_UNSTABLE;
}

/*
 * The first page of the free block that covers @pfn, which only that page
 * tells; NULL if there is none.
 */
static struct page *find_free_block(unsigned long pfn)
{
	unsigned int order;

	for (order = 1; order <= LT_MAX_ORDER; order++) {
		unsigned long start = round_down(pfn, 1UL << order);
		struct page *page = pfn_to_online_page(start);

		if (page && PageBuddy(page) && READ_ONCE(page->private) <= LT_MAX_ORDER &&
		    pfn - start < 1UL << READ_ONCE(page->private))
			return page;
	}
	return NULL;
}

static void scan(unsigned long pfn, struct ltpin_page_state *state)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page || PagePoisoned(page)) {
		memset(state, 0, sizeof(*state));
		return;
	}
	read_folio(page, state);
	if (!state->refcount && !(state->flags & NOT_INSIDE_FREE)) {
		page = find_free_block(pfn);
		if (page)
			read_folio(page, state);
	}
	/* It was split, or freed: what was read is not about @pfn any more. */
	if (pfn < state->pfn || pfn - state->pfn >= state->nr_pages) {
		*state = (struct ltpin_page_state){
			.pfn = pfn,
			.nr_pages = 1,
			.flags = LTPIN_PAGE_UNSTABLE,
		};
	}
	state->expected = expected_refs(state);
	page = pfn_to_online_page(state->pfn);
	if (page)
		place(page, state);
}

/**
 * lt_scan() - the state of one page
 * @pfn:   any PFN below lt_scan_end()
 * @state: receives the state of the folio or free block that covers @pfn;
 *         nr_pages is 0 if @pfn is in a hole or offline
 *
 * Return: the first PFN after what @state describes, above @pfn.
 */
unsigned long lt_scan(unsigned long pfn, struct ltpin_page_state *state)
{
	rcu_read_lock();
	scan(pfn, state);
	rcu_read_unlock();
	return state->nr_pages ? state->pfn + state->nr_pages : pfn + 1;
}

/* Pages just went offline: nobody finds them online any more. Those who did may still look. */
static int memory_changed(struct notifier_block *block, unsigned long action, void *arg)
{
	if (action == MEM_OFFLINE)
		synchronize_rcu();
	return NOTIFY_OK;
}

static struct notifier_block memory_notifier = { .notifier_call = memory_changed };

int lt_scan_init(void)
{
	return register_memory_notifier(&memory_notifier);
}

void lt_scan_exit(void)
{
	unregister_memory_notifier(&memory_notifier);
}

/* The first PFN after all memory that is online now. */
unsigned long lt_scan_end(void)
{
	unsigned long end = 0;
	int nid;

	for_each_online_node(nid)
		end = max(end, node_end_pfn(nid));
	return end;
}
