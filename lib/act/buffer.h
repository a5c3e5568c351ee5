/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_BUFFER_H
#define LT_ACT_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "model/area.h"

/* Anonymous memory of our own, in small pages, and where in memory it lies. */
struct lt_buffer {
	char *addr;
	size_t nr_pages, page_size;
};

/**
 * lt_buffer_map() - map @nr_pages that have page tables but no page yet
 *
 * Never huge pages: those are pinned and placed by other rules.
 *
 * Return: 0 or -ENOMEM.
 */
int lt_buffer_map(size_t nr_pages, struct lt_buffer *out);
void lt_buffer_unmap(struct lt_buffer *buffer);

/* Write to every page, so that each is allocated, on this CPU. */
void lt_buffer_touch(const struct lt_buffer *buffer);

/* Open /proc/self/pagemap: a descriptor, or negative errno. -EPERM: it does not tell us PFNs. */
int lt_pagemap_open(void);

/* PFN of each page, 0 for one that is not in memory. Returns 0 or negative errno. */
int lt_buffer_pfns(const struct lt_buffer *buffer, int pagemap, uint64_t *pfns);

/* How many of @pfns lie in one of @areas. */
size_t lt_areas_count_pfns(const struct lt_areas *areas, const uint64_t *pfns, size_t nr);

#endif
