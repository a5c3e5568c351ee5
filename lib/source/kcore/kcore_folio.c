// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Struct pages as the helper module would tell them.
 *
 * VMCOREINFO does not tell what the bits of page.flags are, and they differ
 * from kernel to kernel. /proc/kpageflags does, with numbers that are stable
 * (fs/proc/page.c: alike in 5.10, 6.1, 6.12 and 7.2), and it knows head and
 * tail pages, and pages inside a free block, whatever the kernel keeps of them.
 *
 * How often a large folio is mapped is the sum of how often all of it is
 * (a counter whose place is not told) and of page._mapcount + 1 of its pages.
 * /proc/kpagecount tells the first plus the page's own, so the difference is
 * the first. On 5.10 page._mapcount of file pages contains it already, so the
 * sum is too large there; that hides references, and invents none. 7.2 with
 * CONFIG_NO_PAGE_MAPCOUNT has no count per page and kpagecount is an average:
 * then it is taken as if each page were mapped as often.
 *
 * The pin count of a large folio is not told: -1. A pin on one is a reference
 * that nothing explains.
 */
#include "source/kcore/kcore_folio.h"

#include <linux/kernel-page-flags.h>

#include "base/array_size.h"
#include "uapi/ltpin_netlink.h"

#define BIT(nr) (UINT64_C(1) << (nr))

/* The kernel's own header, not for user space; the numbers are stable. */
#define KPF_RESERVED 32
#define KPF_MLOCKED 33
#define KPF_PRIVATE 35
#define KPF_PRIVATE_2 36

/* Low bits of page.mapping, alike in 5.10 to 7.2. */
#define MAPPING_MASK 3
#define MAPPING_ANON 1
#define MAPPING_KSM 3

static const struct {
	unsigned int bit;
	uint64_t flag;
} page_flags[] = {
	{ KPF_RESERVED, LTPIN_PAGE_RESERVED },
	{ KPF_OFFLINE, LTPIN_PAGE_OFFLINE },
	{ KPF_SLAB, LTPIN_PAGE_SLAB },
	{ KPF_PGTABLE, LTPIN_PAGE_PGTABLE },
	{ KPF_COMPOUND_HEAD, LTPIN_PAGE_COMPOUND },
	{ KPF_HUGE, LTPIN_PAGE_HUGETLB },
	{ KPF_HWPOISON, LTPIN_PAGE_HWPOISON },
	{ KPF_LRU, LTPIN_PAGE_LRU },
	{ KPF_ACTIVE, LTPIN_PAGE_ACTIVE },
	{ KPF_UNEVICTABLE, LTPIN_PAGE_UNEVICTABLE },
	{ KPF_MLOCKED, LTPIN_PAGE_MLOCKED },
	{ KPF_SWAPBACKED, LTPIN_PAGE_SWAPBACKED },
	{ KPF_SWAPCACHE, LTPIN_PAGE_SWAPCACHE },
	{ KPF_PRIVATE, LTPIN_PAGE_PRIVATE },
	{ KPF_PRIVATE_2, LTPIN_PAGE_PRIVATE },
	{ KPF_UPTODATE, LTPIN_PAGE_UPTODATE },
	{ KPF_DIRTY, LTPIN_PAGE_DIRTY },
	{ KPF_WRITEBACK, LTPIN_PAGE_WRITEBACK },
	{ KPF_LOCKED, LTPIN_PAGE_LOCKED },
	{ KPF_REFERENCED, LTPIN_PAGE_REFERENCED },
};

static uint64_t flags_of_mapping(uint64_t mapping)
{
	switch (mapping & MAPPING_MASK) {
	case MAPPING_ANON:
		return LTPIN_PAGE_ANON;
	case MAPPING_KSM:
		return LTPIN_PAGE_ANON | LTPIN_PAGE_KSM;
	case 0:
		return mapping ? LTPIN_PAGE_FILE : 0;
	default: /* a driver's */
		return 0;
	}
}

static uint64_t flags_of(const struct lt_kcore_page *page)
{
	uint64_t flags = 0;

	if (page->kpf & BIT(KPF_BUDDY))
		return LTPIN_PAGE_BUDDY;
	for (size_t i = 0; i < ARRAY_SIZE(page_flags); i++)
		if (page->kpf & BIT(page_flags[i].bit))
			flags |= page_flags[i].flag;
	/* Page tables and slabs keep other things where page.mapping is. */
	if (!(flags & (LTPIN_PAGE_SLAB | LTPIN_PAGE_PGTABLE)))
		flags |= flags_of_mapping(page->mapping);
	return flags;
}

/* Mappings of this page alone; a value below -1 is a type, or an underflow. */
static int64_t own_mappings(const struct lt_kcore_page *page)
{
	return page->mapcount >= -1 ? (int64_t)page->mapcount + 1 : 0;
}

static void add_mappings(struct lt_kcore_folios *folios, const struct lt_kcore_page *page)
{
	int64_t own = own_mappings(page), shared = (int64_t)page->kpagecount - own;

	folios->parts += own;
	if (folios->no_mapcount)
		folios->parts += (int64_t)page->kpagecount;
	else if (shared > folios->entire && page->kpagecount <= INT32_MAX)
		folios->entire = shared;
}

static void begin(struct lt_kcore_folios *folios, uint64_t pfn, const struct lt_kcore_page *page)
{
	folios->folio = (struct lt_folio){
		.pfn = pfn,
		.nr_pages = 1,
		.refcount = page->refcount,
		.flags = flags_of(page),
	};
	folios->entire = folios->parts = 0;
	if (!page->is_stable)
		folios->folio.flags |= LTPIN_PAGE_UNSTABLE;
	if (folios->folio.flags & LTPIN_PAGE_COMPOUND)
		add_mappings(folios, page);
	else
		folios->parts = own_mappings(page);
}

static void count_mappings(struct lt_kcore_folios *folios)
{
	const uint64_t unmappable = LTPIN_PAGE_BUDDY | LTPIN_PAGE_SLAB | LTPIN_PAGE_PGTABLE;
	int64_t sum = folios->entire + folios->parts;

	folios->folio.mapcount = sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
	if (folios->folio.flags & unmappable)
		folios->folio.mapcount = 0;
}

/* As many references as pins would add look the same. */
static void estimate_pins(struct lt_folio *folio)
{
	if (folio->flags & LTPIN_PAGE_COMPOUND)
		folio->pins = -1;
	else if (!(folio->flags & LTPIN_PAGE_BUDDY) && folio->refcount > 0)
		folio->pins = folio->refcount / LT_PIN_BIAS;
}

int lt_kcore_folios_end(struct lt_kcore_folios *folios, bool is_cut)
{
	struct lt_folio *folio = &folios->folio;
	int ret;

	if (!folio->nr_pages)
		return 0;
	if (is_cut && folio->flags & LTPIN_PAGE_COMPOUND)
		folio->flags |= LTPIN_PAGE_UNSTABLE; /* its size is not known */
	count_mappings(folios);
	estimate_pins(folio);
	ret = folios->each(folio, folios->arg);
	folio->nr_pages = 0;
	return ret;
}

/* Whether @page only lengthens the folio or free block that was begun. */
static bool is_more_of_it(const struct lt_kcore_folios *folios, uint64_t pfn,
			  const struct lt_kcore_page *page)
{
	const struct lt_folio *folio = &folios->folio;

	if (!folio->nr_pages || folio->pfn + folio->nr_pages != pfn || !page->is_there)
		return false;
	if (folio->flags & LTPIN_PAGE_COMPOUND)
		return page->kpf & BIT(KPF_COMPOUND_TAIL);
	return folio->flags == LTPIN_PAGE_BUDDY && page->kpf & BIT(KPF_BUDDY) && page->is_stable;
}

int lt_kcore_folios_add(struct lt_kcore_folios *folios, uint64_t pfn,
			const struct lt_kcore_page *page)
{
	int ret;

	if (is_more_of_it(folios, pfn, page)) {
		folios->folio.nr_pages++;
		if (folios->folio.flags & LTPIN_PAGE_COMPOUND)
			add_mappings(folios, page);
		return 0;
	}
	ret = lt_kcore_folios_end(folios, false);
	if (ret || !page->is_there)
		return ret;
	begin(folios, pfn, page);
	/* A tail without its head: what folio it belongs to is not known. */
	if (page->kpf & BIT(KPF_COMPOUND_TAIL))
		folios->folio.flags |= LTPIN_PAGE_UNSTABLE;
	return 0;
}
