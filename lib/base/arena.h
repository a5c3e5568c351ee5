/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ARENA_H
#define LT_BASE_ARENA_H

#include <stddef.h>

#include "base/compiler.h"

/*
 * Memory for many small things that are freed together. Zero-initialised is empty; what it gave
 * stays until lt_arena_free(). malloc() takes longer, and more room.
 */
struct lt_arena {
	struct lt_arena_chunk *chunks;
};

void lt_arena_free(struct lt_arena *arena) __nonnull_all;

/**
 * lt_arena_reserve() - room for something whose size is not yet known, at most @size
 *
 * Return: the room, the same until lt_arena_keep(); NULL when out of memory. Aligned for pointers
 * if all that was taken before are multiples of their size.
 */
void *lt_arena_reserve(struct lt_arena *arena, size_t size) __nonnull_all;

/* Keep @size bytes of what was reserved last. */
void lt_arena_keep(struct lt_arena *arena, size_t size) __nonnull_all;

/* Both, aligned for pointers. */
void *lt_arena_new(struct lt_arena *arena, size_t size) __nonnull_all;

#endif
