/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_KPAGEFLAGS_H
#define LT_SOURCE_PAGE_KPAGEFLAGS_H

#include <stdint.h>

#include "model/page_class.h"

/*
 * /proc/kpageflags is an array of these, one per PFN. The bits are an ABI
 * (KPF_* of linux/kernel-page-flags.h), unlike those of struct page.
 */
enum lt_page_class lt_kpageflags_class(uint64_t flags);

#endif
