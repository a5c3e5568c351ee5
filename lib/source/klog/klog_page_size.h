/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_PAGE_SIZE_H
#define LT_SOURCE_KLOG_KLOG_PAGE_SIZE_H

#include "base/num.h"
#include "base/text.h"

/* What the message @text proves of the size of a page, in bytes; unknown if nothing. */
struct lt_num lt_klog_page_size_of(struct lt_text text);

/* @bytes are @nr_pages pages of a size that kernels have; unknown if they cannot be. */
struct lt_num lt_klog_page_size_by(uint64_t bytes, uint64_t nr_pages);

#endif
