// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a page is, by its flags. */
#include "source/page/kpageflags.h"

#include <linux/kernel-page-flags.h>
#include <stddef.h>

#include "base/array_size.h"

#define BIT(nr) (UINT64_C(1) << (nr))

/* The kernel's own header, not for user space; the number is stable. */
#define KPF_RESERVED 32

/* The first that a page has. */
static const struct {
	uint64_t flags; /* one of them */
	enum lt_page_class class;
} classes[] = {
	{ BIT(KPF_NOPAGE), LT_PAGE_NOPAGE },	 { BIT(KPF_BUDDY), LT_PAGE_BUDDY },
	{ BIT(KPF_HWPOISON), LT_PAGE_HWPOISON }, { BIT(KPF_OFFLINE), LT_PAGE_OFFLINE },
	{ BIT(KPF_PGTABLE), LT_PAGE_PGTABLE },	 { BIT(KPF_SLAB), LT_PAGE_SLAB },
	{ BIT(KPF_ZERO_PAGE), LT_PAGE_ZERO },	 { BIT(KPF_RESERVED), LT_PAGE_RESERVED },
	{ BIT(KPF_HUGE), LT_PAGE_HUGE },	 { BIT(KPF_KSM), LT_PAGE_KSM },
	{ BIT(KPF_THP), LT_PAGE_THP },		 { BIT(KPF_ANON), LT_PAGE_ANON },
	{ BIT(KPF_SWAPBACKED), LT_PAGE_SHMEM },	 { BIT(KPF_LRU), LT_PAGE_FILE },
	{ BIT(KPF_MMAP), LT_PAGE_MAPPED },
};

enum lt_page_class lt_kpageflags_class(uint64_t flags)
{
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
		if (flags & classes[i].flags)
			return classes[i].class;
	return LT_PAGE_OTHER;
}
