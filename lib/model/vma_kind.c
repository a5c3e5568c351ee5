// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names the kinds of memory that mappings are of. */
#include "model/vma_kind.h"

#include <stddef.h>
#include <string.h>

#include "base/array_size.h"

static const char *const names[] = {
	[LT_VMA_ANONYMOUS] = "anonymous", [LT_VMA_SHARED] = "shared",
	[LT_VMA_MEMFD] = "memfd",	  [LT_VMA_HUGETLB] = "hugetlb",
	[LT_VMA_DMA_BUF] = "dma-buf",	  [LT_VMA_IO_URING] = "io_uring",
	[LT_VMA_ANON_FILE] = "anon-file", [LT_VMA_DEVICE] = "device",
	[LT_VMA_KERNEL] = "kernel",	  [LT_VMA_FILE] = "file",
};

const char *lt_vma_kind_name(enum lt_vma_kind kind)
{
	return names[kind];
}

enum lt_vma_kind lt_vma_kind_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (name && names[i] && !strcmp(name, names[i]))
			return (enum lt_vma_kind)i;
	return LT_VMA_UNKNOWN;
}
