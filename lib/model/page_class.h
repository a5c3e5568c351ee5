/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PAGE_CLASS_H
#define LT_MODEL_PAGE_CLASS_H

/* What a page is, from its flags; the field's own words. */
enum lt_page_class {
	LT_PAGE_UNKNOWN,  /* nobody looked */
	LT_PAGE_NOPAGE,	  /* no memory is there */
	LT_PAGE_BUDDY,	  /* free */
	LT_PAGE_HWPOISON, /* broken memory */
	LT_PAGE_OFFLINE,  /* given back, to a hypervisor for one */
	LT_PAGE_PGTABLE,
	LT_PAGE_SLAB,
	LT_PAGE_ZERO,	  /* the page that all reads of untouched memory share */
	LT_PAGE_RESERVED, /* the kernel's from boot on */
	LT_PAGE_HUGE,	  /* hugetlb */
	LT_PAGE_KSM,
	LT_PAGE_THP, /* part of a large folio that is mapped as such */
	LT_PAGE_ANON,
	LT_PAGE_SHMEM,
	LT_PAGE_FILE,
	LT_PAGE_MAPPED, /* mapped, but neither anonymous nor cached: a driver's */
	LT_PAGE_OTHER,	/* a driver's or the kernel's own, or free on a per-CPU list */
};

/* "anon", "file", ...; NULL for LT_PAGE_UNKNOWN. */
const char *lt_page_class_name(enum lt_page_class class);

/* LT_PAGE_UNKNOWN for a name that is none, or NULL. */
enum lt_page_class lt_page_class_find(const char *name);

#endif
