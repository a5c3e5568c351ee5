// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds who holds device memory, from page_owner stacks and dma-bufs. */
#include "model/holder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"

const char *lt_holder_kind_name(enum lt_holder_kind kind)
{
	return kind == LT_HOLDER_DRIVER ? "driver" : "dma-buf";
}

void lt_holders_free(struct lt_holders *holders)
{
	lt_vec_each(holder, holders)
		lt_vec_free(&holder->devices);
	lt_vec_free(holders);
}

static bool is_same(const struct lt_holder *a, const struct lt_holder *b)
{
	return a->kind == b->kind && a->name == b->name && a->area == b->area &&
	       a->comm == b->comm && a->pid.known == b->pid.known &&
	       (!a->pid.known || a->pid.val == b->pid.val);
}

struct lt_holder *lt_holders_get(struct lt_holders *holders, const struct lt_holder *like)
{
	struct lt_holder want = {
		.kind = like->kind,
		.name = like->name,
		.pid = like->pid,
		.comm = like->comm,
		.area = like->area,
	};
	struct lt_holder *holder;

	for (int turn = 0; turn < 2; turn++) {
		lt_vec_each(old, holders)
			if (is_same(old, &want))
				return old;
		if (holders->nr < LT_HOLDERS_MAX)
			break;
		want = (struct lt_holder){ .kind = like->kind, .area = like->area };
	}
	holder = lt_vec_push(holders);
	if (holder)
		*holder = want;
	return holder;
}

static int compare_strings(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int compare_nums(struct lt_num a, struct lt_num b)
{
	uint64_t left = a.known ? a.val : 0, right = b.known ? b.val : 0;

	return (left > right) - (left < right);
}

static int by_size(const void *a, const void *b)
{
	const struct lt_holder *left = a, *right = b;
	int order = (left->kind == LT_HOLDER_DMA_BUF) - (right->kind == LT_HOLDER_DMA_BUF);

	if (!order && left->kind == LT_HOLDER_DMA_BUF)
		order = left->pid.known - right->pid.known;
	if (!order)
		order = compare_nums(right->nr_pages, left->nr_pages);
	if (!order)
		order = compare_strings(left->name, right->name);
	return order ? order : compare_nums(left->pid, right->pid);
}

void lt_holders_sort(struct lt_holders *holders)
{
	if (holders->nr)
		qsort(holders->v, holders->nr, sizeof(*holders->v), by_size);
}

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

static bool is_infrastructure(struct lt_span symbol)
{
	for (size_t i = 0; i < ARRAY_SIZE(infrastructure); i++) {
		size_t len = strlen(infrastructure[i]);

		if (symbol.len >= len && !memcmp(symbol.p, infrastructure[i], len))
			return true;
	}
	return false;
}

/*
 * "sym.part.0+0x1/0x2 [mod]" is "sym" of "mod"; kernels before 4.11 put
 * "[<address>] " before it. False for what is no symbol: an address, a hash.
 */
static bool split_frame(const char *frame, struct lt_span *symbol, struct lt_span *module)
{
	struct lt_text text;
	struct lt_span rest;
	size_t len = 0;

	lt_text_init(&text, frame, strlen(frame));
	if (lt_text_literal(&text, "[<") && !lt_text_find(&text, ">] "))
		return false;
	rest = lt_text_rest(&text);
	if (!rest.len || rest.p[0] == '(' || (rest.p[0] >= '0' && rest.p[0] <= '9'))
		return false;
	while (len < rest.len && rest.p[len] != '+' && rest.p[len] != '.' && rest.p[len] != ' ')
		len++;
	*symbol = (struct lt_span){ rest.p, len };
	*module = (struct lt_span){ NULL, 0 };
	if (lt_text_find(&text, " [") && lt_text_until(&text, "]", &rest)) {
		lt_text_init(&text, rest.p, rest.len); /* a build ID may follow */
		lt_text_word(&text, module);
	}
	return len > 0;
}

int lt_holder_name_of(const struct lt_stack *stack, struct lt_strings *strings, const char **out)
{
	struct lt_span symbol, module;

	*out = NULL;
	for (size_t i = 0; stack && i < stack->nr; i++) {
		if (!split_frame(stack->frames[i], &symbol, &module) || is_infrastructure(symbol))
			continue;
		if (module.len)
			symbol = module;
		/* a part of an interned string: safe already */
		*out = lt_strings_format(strings, "%.*s", (int)symbol.len, symbol.p);
		return *out ? 0 : -ENOMEM;
	}
	return 0;
}
