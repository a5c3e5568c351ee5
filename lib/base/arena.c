// SPDX-License-Identifier: LGPL-2.1-or-later
/* Gives memory for many small things that are freed together. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>

#define CHUNK_SIZE ((size_t)64 * 1024)

struct lt_arena_chunk {
	struct lt_arena_chunk *next;
	size_t used, size;
	_Alignas(uint64_t) char bytes[];
};

void lt_arena_free(struct lt_arena *arena)
{
	struct lt_arena_chunk *chunk, *next;

	for (chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	arena->chunks = NULL;
}

void *lt_arena_reserve(struct lt_arena *arena, size_t size)
{
	struct lt_arena_chunk *chunk = arena->chunks;

	if (!chunk || chunk->size - chunk->used < size) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		chunk = malloc(sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		*chunk = (struct lt_arena_chunk){ .next = arena->chunks, .size = room };
		arena->chunks = chunk;
	}
	return chunk->bytes + chunk->used;
}

void lt_arena_keep(struct lt_arena *arena, size_t size)
{
	arena->chunks->used += size;
}

void *lt_arena_new(struct lt_arena *arena, size_t size)
{
	const size_t step = sizeof(uint64_t), whole = (size + step - 1) / step * step;
	void *room = lt_arena_reserve(arena, whole);

	if (room)
		lt_arena_keep(arena, whole);
	return room;
}
