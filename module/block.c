// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pageblock that a page is in. The page allocator keeps a few bits about each; the function
 * that reads them is not exported, but where they are and what they mean is in the kernel's
 * headers. They are read without a lock: by the time we look at them, another allocation may
 * have changed them.
 */
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pageblock-flags.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "ltpin.h"

#ifdef CONFIG_SPARSEMEM

static const unsigned long *bitmap_of(const struct page *page, unsigned long *pfn)
{
	*pfn &= PAGES_PER_SECTION - 1;
	return section_to_usemap(__pfn_to_section(page_to_pfn(page)));
}

#else

static const unsigned long *bitmap_of(const struct page *page, unsigned long *pfn)
{
	const struct zone *zone = page_zone(page);

	if (!zone_spans_pfn(zone, *pfn))
		return NULL;
	*pfn -= round_down(zone->zone_start_pfn, pageblock_nr_pages);
	return zone->pageblock_flags;
}

#endif

/* The bits; 0, which is an unmovable block, if there are none. Never more than a word has. */
static unsigned long bits_of(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page), word = 0, index;
	const unsigned long *bitmap = bitmap_of(page, &pfn);

	index = (pfn >> pageblock_order) * NR_PAGEBLOCK_BITS;
	if (!bitmap ||
	    copy_from_kernel_nofault(&word, bitmap + index / BITS_PER_LONG, sizeof(word)))
		return 0;
	return word >> index % BITS_PER_LONG;
}

/* MIGRATE_*. Where isolation has a bit of its own (7.2), it does not hide the type. */
unsigned int lt_block_type(const struct page *page)
{
	return bits_of(page) & LT_BLOCK_TYPE_MASK;
}

/* Whether an allocation, or memory that goes offline, has it to itself now. */
bool lt_block_is_isolated(const struct page *page)
{
#ifdef CONFIG_MEMORY_ISOLATION
#ifdef PAGEBLOCK_ISO_MASK
	return bits_of(page) & PAGEBLOCK_ISO_MASK;
#else
	return lt_block_type(page) == MIGRATE_ISOLATE;
#endif
#else
	return false;
#endif
}
