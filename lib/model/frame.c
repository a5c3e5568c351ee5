// SPDX-License-Identifier: LGPL-2.1-or-later
/* Takes apart a frame of a call stack, and knows those of allocators. */
#include "model/frame.h"

#include <string.h>

#include "base/array_size.h"

/*
 * Functions that stand between a driver and its memory, by the beginning of
 * their names: each allocates on behalf of whoever calls it.
 */
/* clang-format off */
static const char *const infrastructure[] = {
	/* page_owner, taking the stack */
	"__set_page_owner", "set_page_owner", "__reset_page_owner", "__split_page_owner",
	"split_page_owner", "save_stack", "stack_trace_save", "arch_stack_walk",
	/* the page allocator */
	"post_alloc_hook", "prep_new_page", "prep_compound_page", "get_page_from_freelist",
	"rmqueue", "__alloc_pages", "__alloc_frozen_pages", "alloc_pages", "alloc_frozen_pages",
	"__get_free_pages", "get_free_pages", "__folio_alloc", "folio_alloc",
	/* its contiguous ranges: isolation, migration, splitting */
	"split_map_pages", "split_free_", "split_page", "isolate_freepages_range",
	"alloc_contig_", "__alloc_contig_", "compaction_alloc", "release_free", "__split_free_",
	/* CMA */
	"cma_alloc", "__cma_alloc", "cma_range_alloc", "__cma_range_alloc",
	/* DMA: the generic layer, then what architectures and the IOMMU put below it */
	"dma_alloc_", "__dma_alloc", "dmam_alloc_", "dma_direct_alloc", "__dma_direct_alloc",
	"dma_common_", "dma_contiguous_", "dma_generic_alloc", "dma_pool_alloc", "pool_alloc_page",
	"iommu_dma_alloc", "__iommu_dma_alloc", "iommu_alloc_", "arm_dma_alloc", "__arm_dma_alloc",
	"arm_coherent_dma_alloc", "arm_iommu_alloc", "__arm_iommu_alloc", "cma_allocator_alloc",
	"__alloc_from_contiguous", "simple_allocator_alloc", "remap_allocator_alloc",
	"__alloc_remap_buffer", "__alloc_simple_buffer", "x86_swiotlb_alloc", "swiotlb_alloc",
};
/* clang-format on */

bool lt_frame_begins(const struct lt_frame *frame, const char *const *prefixes, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		size_t len = strlen(prefixes[i]);

		if (frame->symbol.len >= len && !memcmp(frame->symbol.p, prefixes[i], len))
			return true;
	}
	return false;
}

bool lt_frame_is_allocator(const struct lt_frame *frame)
{
	return lt_frame_begins(frame, infrastructure, ARRAY_SIZE(infrastructure));
}

/* Kernels before 4.11 put "[<address>] " before it. */
bool lt_frame_split(const char *line, struct lt_frame *out)
{
	struct lt_text text;
	struct lt_span rest;
	size_t len = 0;

	lt_text_init(&text, line, strlen(line));
	if (lt_text_literal(&text, "[<") && !lt_text_find(&text, ">] "))
		return false;
	rest = lt_text_rest(&text);
	if (!rest.len || rest.p[0] == '(' || (rest.p[0] >= '0' && rest.p[0] <= '9'))
		return false;
	while (len < rest.len && rest.p[len] != '+' && rest.p[len] != '.' && rest.p[len] != ' ')
		len++;
	*out = (struct lt_frame){ .symbol = { rest.p, len } };
	if (lt_text_find(&text, " [") && lt_text_until(&text, "]", &rest)) {
		lt_text_init(&text, rest.p, rest.len); /* a build ID may follow */
		lt_text_word(&text, &out->module);
	}
	return len > 0;
}
