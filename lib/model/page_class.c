// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names what a page is. */
#include "model/page_class.h"

#include <stddef.h>
#include <string.h>
#include <string.h>

#include "base/array_size.h"

static const char *const names[] = {
	[LT_PAGE_UNKNOWN] = NULL,	 [LT_PAGE_NOPAGE] = "nopage",
	[LT_PAGE_BUDDY] = "buddy",	 [LT_PAGE_HWPOISON] = "hwpoison",
	[LT_PAGE_OFFLINE] = "offline",	 [LT_PAGE_PGTABLE] = "pgtable",
	[LT_PAGE_SLAB] = "slab",	 [LT_PAGE_ZERO] = "zero",
	[LT_PAGE_RESERVED] = "reserved", [LT_PAGE_HUGE] = "huge",
	[LT_PAGE_KSM] = "ksm",		 [LT_PAGE_THP] = "thp",
	[LT_PAGE_ANON] = "anon",	 [LT_PAGE_SHMEM] = "shmem",
	[LT_PAGE_FILE] = "file",	 [LT_PAGE_MAPPED] = "mapped",
	[LT_PAGE_OTHER] = "other",
};

const char *lt_page_class_name(enum lt_page_class class)
{
	return names[class];
}

enum lt_page_class lt_page_class_find(const char *name)
{
	for (size_t i = LT_PAGE_UNKNOWN + 1; name && i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return (enum lt_page_class)i;
	return LT_PAGE_UNKNOWN;
}
