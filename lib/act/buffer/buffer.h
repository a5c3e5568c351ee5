/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_BUFFER_BUFFER_H
#define LT_ACT_BUFFER_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "model/area.h"

/* What backs memory, which the kernel pins and places by rules of their own. */
enum lt_backing {
	LT_BACKING_ANON,  /* anonymous, in small pages */
	LT_BACKING_THP,	  /* anonymous, in transparent huge pages */
	LT_BACKING_MEMFD, /* shmem */
	LT_BACKING_FILE,  /* page cache of a file system on a disk */
	LT_BACKING_HUGETLB,
};

#define LT_NR_BACKINGS (LT_BACKING_HUGETLB + 1)

/**
 * struct lt_buffer - memory of our own, and where in memory it lies
 * @nr_unit: pages that are allocated as one: 1, or those of a huge page
 * @fd:	     what is mapped, from its begin; -1 for anonymous memory
 */
struct lt_buffer {
	char *addr;
	size_t nr_pages, page_size, nr_unit;
	enum lt_backing backing;
	int fd;
};

/**
 * lt_backing_check() - whether there is such memory here
 * @nr_unit: as in struct lt_buffer
 * @diag:    why not, and what would help
 *
 * Return: 0, or -EOPNOTSUPP.
 */
int lt_backing_check(enum lt_backing backing, size_t *nr_unit, struct lt_diag *diag)
	__must_check __nonnull_at(2);

/**
 * lt_buffer_map() - map memory that has page tables but no page yet
 * @nr_pages: rounded up to whole units
 *
 * Files have no name, so nothing is left of them whatever happens.
 *
 * Return: 0; -ENOMEM, for huge pages also if the pool has too few; -EOPNOTSUPP
 * there is no such memory here.
 */
int lt_buffer_map(enum lt_backing backing, size_t nr_pages, struct lt_buffer *out)
	__must_check __nonnull_all;
void lt_buffer_unmap(struct lt_buffer *buffer);

/* Write to every page, so that each is allocated, on this CPU. */
void lt_buffer_touch(const struct lt_buffer *buffer);

/* Open /proc/self/pagemap: a descriptor, or negative errno. -EPERM: it does not tell us PFNs. */
int lt_pagemap_open(void) __must_check;

/* PFN of each page, 0 for one that is not in memory. Returns 0 or negative errno. */
int lt_buffer_pfns(const struct lt_buffer *buffer, int pagemap, uint64_t *pfns)
	__must_check __nonnull_all;

/* How many of @pfns are units in one piece: all but those of huge pages that came in small ones. */
size_t lt_buffer_count_whole(const struct lt_buffer *buffer, const uint64_t *pfns);

/* How many of @pfns lie in one of @areas. */
size_t lt_areas_count_pfns(const struct lt_areas *areas, const uint64_t *pfns, size_t nr);

#endif
