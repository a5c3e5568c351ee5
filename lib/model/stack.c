// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeps each stack once. */
#include "model/stack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Open addressing; nr_slots is a power of two. */
struct lt_stacks {
	struct lt_stack **slots;
	size_t nr_slots, nr;
	struct lt_arena arena;
};

struct lt_stacks *lt_stacks_new(void)
{
	return calloc(1, sizeof(struct lt_stacks));
}

void lt_stacks_free(struct lt_stacks *pool)
{
	if (!pool)
		return;
	lt_arena_free(&pool->arena);
	free(pool->slots);
	free(pool);
}

/* Frames are interned, so their addresses stand for their contents. */
static size_t hash_frames(const char *const *frames, size_t nr)
{
	uint64_t hash = nr;

	for (size_t i = 0; i < nr; i++)
		hash = (hash ^ (uintptr_t)frames[i]) * 0x9e3779b97f4a7c15u;
	return (size_t)(hash >> 32);
}

static struct lt_stack **find_slot(const struct lt_stacks *pool, const char *const *frames,
				   size_t nr)
{
	size_t i = hash_frames(frames, nr) & (pool->nr_slots - 1);
	const struct lt_stack *stack;

	for (; (stack = pool->slots[i]); i = (i + 1) & (pool->nr_slots - 1))
		if (stack->nr == nr &&
		    (!nr || !memcmp(stack->frames, frames, nr * sizeof(*frames))))
			break;
	return &pool->slots[i];
}

static int grow_slots(struct lt_stacks *pool)
{
	struct lt_stacks grown = { .nr_slots = pool->nr_slots ? pool->nr_slots * 2 : 64 };

	grown.slots = calloc(grown.nr_slots, sizeof(struct lt_stack *));
	if (!grown.slots)
		return -1;
	for (size_t i = 0; i < pool->nr_slots; i++) {
		struct lt_stack *stack = pool->slots[i];

		if (stack)
			*find_slot(&grown, stack->frames, stack->nr) = stack;
	}
	free(pool->slots);
	pool->slots = grown.slots;
	pool->nr_slots = grown.nr_slots;
	return 0;
}

const struct lt_stack *lt_stacks_add(struct lt_stacks *pool, const char *const *frames, size_t nr)
{
	struct lt_stack **slot;

	if (pool->nr * 4 >= pool->nr_slots * 3 && grow_slots(pool))
		return NULL;
	slot = find_slot(pool, frames, nr);
	if (!*slot) {
		struct lt_stack *stack =
			lt_arena_new(&pool->arena, sizeof(*stack) + nr * sizeof(*frames));

		if (!stack)
			return NULL;
		stack->nr = nr;
		if (nr)
			memcpy(stack->frames, frames, nr * sizeof(*frames));
		*slot = stack;
		pool->nr++;
	}
	return *slot;
}
