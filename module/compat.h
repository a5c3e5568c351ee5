/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All differences between kernels, from 5.10 on. LTPIN_HAVE_* come from Kbuild,
 * which looks into the kernel's headers.
 */
#ifndef LTPIN_MODULE_COMPAT_H
#define LTPIN_MODULE_COMPAT_H

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <net/genetlink.h>

/* Largest order of a free block. Where it is MAX_ORDER that may be one more. */
#ifdef MAX_PAGE_ORDER
#define LT_MAX_ORDER MAX_PAGE_ORDER
#else
#define LT_MAX_ORDER MAX_ORDER
#endif

/* No check of indirect calls in this function; 5.10 has none. */
#ifndef __nocfi
#define __nocfi
#endif

/*
 * The scope in which a long-term pin allocates the page that another moves to:
 * up to 5.12 it forbids CMA, then it clears __GFP_MOVABLE.
 */
#ifdef LTPIN_HAVE_PIN_SCOPE
#define LT_PIN_SCOPE_CAP LTPIN_CAP_BENCH_PIN
#define lt_pin_scope_save memalloc_pin_save
#define lt_pin_scope_restore memalloc_pin_restore
#else
#define LT_PIN_SCOPE_CAP 0
#define lt_pin_scope_save memalloc_nocma_save
#define lt_pin_scope_restore memalloc_nocma_restore
#endif

/* pin_user_pages() on the current mm; the caller holds mmap_lock. */
static inline long lt_pin_user_pages(unsigned long start, unsigned long nr_pages,
				     unsigned int gup_flags, struct page **pages)
{
#ifdef LTPIN_HAVE_GUP_VMAS
	return pin_user_pages(start, nr_pages, gup_flags, pages, NULL);
#else
	return pin_user_pages(start, nr_pages, gup_flags, pages);
#endif
}

/* Of the bits that the page allocator keeps of a pageblock, those of its MIGRATE_* type. */
#ifdef PAGEBLOCK_MIGRATETYPE_MASK
#define LT_BLOCK_TYPE_MASK PAGEBLOCK_MIGRATETYPE_MASK
#else
#define LT_BLOCK_TYPE_MASK ((1UL << PB_migratetype_bits) - 1)
#endif

/*
 * Pages that one call may pin for long. 5.10 makes a table of its own for that, of a pointer a
 * page, which has to be one piece of memory, and warns if there is none
 * (__gup_longterm_locked()): so it gets as much as fills a page, as drivers do it (ib_umem_get()).
 */
#ifdef LTPIN_HAVE_GUP_VMAS
#define LT_PIN_AT_ONCE (PAGE_SIZE / sizeof(void *))
#else
#define LT_PIN_AT_ONCE ((unsigned long)INT_MAX)
#endif

/* Attributes of a dump request, by type. Only in the start callback. */
static inline struct nlattr **lt_dump_attrs(struct netlink_callback *cb)
{
#ifdef LTPIN_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/*
 * The pages of a folio that describe it: the head, and the first two tails of
 * a folio that has them. A copy of these, see scan.c.
 */
union lt_folio_copy {
	struct page page[3];
#ifdef LTPIN_HAVE_FOLIO_PINCOUNT
	struct folio folio;
#endif
};

/* An unsigned long; on 7.2 in a structure of its own. */
static inline unsigned long lt_page_flags(const struct page *page)
{
	BUILD_BUG_ON(sizeof(page->flags) != sizeof(unsigned long));
	return READ_ONCE(*(const unsigned long *)&page->flags);
}

/*
 * Pins of a folio of 2^@order pages, -1 if the kernel does not count them:
 * never for a small folio. On 5.10 the counter is in the second tail page, which
 * an order-1 folio lacks; on 6.1 and 6.12 in the first; on 7.2 in the first, or
 * on 32-bit in the second.
 */
static inline int lt_folio_pincount(const union lt_folio_copy *copy, unsigned int order)
{
#ifdef LTPIN_HAVE_FOLIO_PINCOUNT
	const size_t first_tail_end = 2 * sizeof(struct page);
	const unsigned int min_order = offsetof(struct folio, _pincount) < first_tail_end ? 1 : 2;

	return order >= min_order ? atomic_read(&copy->folio._pincount) : -1;
#else
	return order > 1 ? atomic_read(&copy->page[2].hpage_pinned_refcount) : -1;
#endif
}

#ifndef LTPIN_HAVE_LARGE_MAPCOUNT
static inline int lt_folio_entire_mapcount(const union lt_folio_copy *copy)
{
#ifdef LTPIN_HAVE_COMPOUND_MAPCOUNT
	return atomic_read(&copy->page[1].compound_mapcount) + 1;
#else
	return atomic_read(&copy->folio._entire_mapcount) + 1;
#endif
}
#endif

/*
 * Page table entries that map the large folio at @head, or any page of it.
 * Older kernels add them up, in total_mapcount() or folio_mapcount(); neither is
 * exported. With PG_double_map a mapping of the whole folio counts in every page
 * too: always for files, and for anonymous memory once that flag is set.
 */
static inline int lt_folio_mapcount(const union lt_folio_copy *copy, const struct page *head,
				    unsigned int order, bool is_hugetlb)
{
#ifdef LTPIN_HAVE_LARGE_MAPCOUNT
	return atomic_read(&copy->folio._large_mapcount) + 1;
#else
	int nr_pages = 1 << order, entire = lt_folio_entire_mapcount(copy), sum = entire, i;

	if (is_hugetlb || order > LT_MAX_ORDER)
		return entire;
	for (i = 0; i < nr_pages; i++)
		sum += atomic_read(&head[i]._mapcount) + 1;
#ifdef LTPIN_HAVE_DOUBLE_MAP
	if (!((unsigned long)copy->page[0].mapping & PAGE_MAPPING_ANON))
		sum -= entire * nr_pages;
	else if (lt_page_flags(&copy->page[1]) & BIT(PG_double_map))
		sum -= nr_pages;
#endif
	return sum;
#endif
}

/* Whether a driver (zsmalloc, balloon) lets the page migrate. */
static inline bool lt_page_has_movable_ops(const struct page *page)
{
#ifdef LTPIN_HAVE_PAGE_MOVABLE_OPS
	return page_has_movable_ops(page);
#else
	return ((unsigned long)page->mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_MOVABLE;
#endif
}

/* Where in its file the folio begins: in pages, of hugetlbfs up to 6.6 in huge pages. */
static inline pgoff_t lt_folio_index(const union lt_folio_copy *copy)
{
#ifdef LTPIN_HAVE_FOLIO_PINCOUNT
	return copy->folio.index;
#else
	return copy->page[0].index;
#endif
}

/* The lock that buffers of a mapping's pages do not change under. */
#ifdef LTPIN_HAVE_I_PRIVATE_LOCK
#define lt_private_lock i_private_lock
#else
#define lt_private_lock private_lock
#endif

#ifdef LTPIN_HAVE_BUFFER_HEAD_OPTION
#define LT_HAS_BUFFERS IS_ENABLED(CONFIG_BUFFER_HEAD)
#else
#define LT_HAS_BUFFERS IS_ENABLED(CONFIG_BLOCK)
#endif

/* What links a dentry to the others of its inode. */
#ifdef LTPIN_HAVE_DENTRY_D_U
#define lt_d_alias d_u.d_alias
#else
#define lt_d_alias d_alias
#endif

/* Whether the inode has begun to be freed. The caller holds i_lock. */
static inline bool lt_inode_is_freeing(struct inode *inode)
{
#ifdef LTPIN_HAVE_INODE_STATE_READ
	return inode_state_read(inode) & I_FREEING;
#else
	return inode->i_state & I_FREEING;
#endif
}

#endif /* LTPIN_MODULE_COMPAT_H */
