// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds elements of an array by a hash of what they hold. */
#include "base/index.h"

#include <errno.h>
#include <stdlib.h>

#define NR_SLOTS_MIN 64

size_t lt_index_find(const struct lt_index *index, uint64_t hash, lt_index_match *is_match,
		     const void *arg)
{
	const size_t mask = index->nr_slots - 1;

	if (!index->nr_slots)
		return LT_INDEX_NONE;
	for (size_t i = hash & mask; index->slots[i].place; i = (i + 1) & mask)
		if (index->slots[i].hash == hash && is_match(arg, index->slots[i].place - 1))
			return index->slots[i].place - 1;
	return LT_INDEX_NONE;
}

static void put(struct lt_index *index, struct lt_index_slot slot)
{
	size_t i = slot.hash & (index->nr_slots - 1);

	while (index->slots[i].place)
		i = (i + 1) & (index->nr_slots - 1);
	index->slots[i] = slot;
}

/* In the order of the slots from a free one on, so that equal hashes stay in their order. */
static void move_all(const struct lt_index *from, struct lt_index *to)
{
	size_t first = 0;

	while (first < from->nr_slots && from->slots[first].place)
		first++;
	for (size_t n = 0; n < from->nr_slots; n++) {
		const struct lt_index_slot *slot = &from->slots[(first + n) & (from->nr_slots - 1)];

		if (slot->place)
			put(to, *slot);
	}
}

static int grow(struct lt_index *index)
{
	struct lt_index grown = { .nr = index->nr };

	grown.nr_slots = index->nr_slots ? index->nr_slots * 2 : NR_SLOTS_MIN;
	grown.slots = calloc(grown.nr_slots, sizeof(*grown.slots));
	if (!grown.slots)
		return -ENOMEM;
	move_all(index, &grown);
	free(index->slots);
	*index = grown;
	return 0;
}

int lt_index_add(struct lt_index *index, uint64_t hash, size_t place)
{
	if (index->nr * 2 >= index->nr_slots && grow(index))
		return -ENOMEM;
	put(index, (struct lt_index_slot){ hash, place + 1 });
	index->nr++;
	return 0;
}

void lt_index_free(struct lt_index *index)
{
	free(index->slots);
	*index = (struct lt_index){ 0 };
}
