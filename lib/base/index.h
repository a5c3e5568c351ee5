/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_INDEX_H
#define LT_BASE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct lt_index_slot {
	uint64_t hash;
	size_t place; /* + 1; 0: free */
};

/**
 * struct lt_index - finds elements of an array by what they hold, whatever their number
 *
 * It keeps hashes and places; the array is the caller's. Zero-initialised is empty.
 */
struct lt_index {
	struct lt_index_slot *slots; /* open addressing; nr_slots is a power of two */
	size_t nr_slots, nr;
};

#define LT_INDEX_NONE SIZE_MAX

/* Whether the element at @place is the one that is looked for. */
typedef bool lt_index_match(const void *arg, size_t place);

/* The first that was added of those with @hash that @is_match takes, or LT_INDEX_NONE. */
size_t lt_index_find(const struct lt_index *index, uint64_t hash, lt_index_match *is_match,
		     const void *arg) __nonnull_at(1, 3);

/* 0 or -ENOMEM. */
int lt_index_add(struct lt_index *index, uint64_t hash, size_t place) __must_check __nonnull_all;

void lt_index_free(struct lt_index *index);

#endif
