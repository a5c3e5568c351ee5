// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers questions about the kernel and its memory. */
#include "model/kernel.h"

#include <stddef.h>
#include <string.h>

const char *lt_kernel_option(const struct lt_kernel *kernel, const char *name)
{
	lt_vec_each(option, &kernel->options)
		if (!strcmp(option->name, name))
			return option->value;
	return NULL;
}

/* A member summed over all zones; unknown unless every zone tells it. */
static struct lt_num sum_zones(const struct lt_zones *zones, size_t offset)
{
	struct lt_num sum = { .known = zones->nr };

	lt_vec_each(zone, zones)
		sum = lt_num_add(sum, *(const struct lt_num *)((const char *)zone + offset));
	return sum;
}

/* The page size in KiB, a power of two from 4 to 64, by which @pages make @total_kib within 2%. */
static struct lt_num page_size_kib(struct lt_num total_kib, struct lt_num pages)
{
	if (!total_kib.known || !pages.known || !pages.val || pages.val > UINT64_MAX / 64 / 50)
		return (struct lt_num){ 0 };
	for (uint64_t size = 4; size <= 64; size *= 2) {
		uint64_t kib = pages.val * size;
		uint64_t off = kib > total_kib.val ? kib - total_kib.val : total_kib.val - kib;

		if (off <= kib / 50)
			return lt_num(size);
	}
	return (struct lt_num){ 0 };
}

void lt_kernel_infer_page_size(struct lt_kernel *kernel, const struct lt_memory *memory,
			       const struct lt_zones *zones)
{
	struct lt_num cma = sum_zones(zones, offsetof(struct lt_zone, nr_cma));
	struct lt_num by_total = page_size_kib(
		memory->mem_total_kib, sum_zones(zones, offsetof(struct lt_zone, nr_managed)));

	if (kernel->page_size.known || !by_total.known)
		return;
	if (memory->cma_total_kib.known && cma.known && cma.val) {
		struct lt_num by_cma = page_size_kib(memory->cma_total_kib, cma);

		if (!by_cma.known || by_cma.val != by_total.val)
			return;
	}
	kernel->page_size = lt_num(by_total.val * 1024);
}
