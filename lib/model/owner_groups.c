// SPDX-License-Identifier: LGPL-2.1-or-later
/* Groups page_owner records by the keys that were asked for. */
#include "model/owner_groups.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "model/area.h"

void lt_owner_groups_fini(struct lt_owner_groups *groups)
{
	lt_vec_free(&groups->list);
	free(groups->slots);
	groups->slots = NULL;
	groups->nr_slots = 0;
}

/* What of a record the group has to agree with. */
static struct lt_owner_group group_of(unsigned int keys, const struct lt_owner *owner, size_t area)
{
	struct lt_owner_group group = { .area = LT_NO_AREA };

	if (keys & LT_OWNER_BY_STACK)
		group.key.stack = owner->stack;
	if (keys & LT_OWNER_BY_TASK) {
		group.key.pid = owner->pid;
		group.key.tgid = owner->tgid;
		group.key.comm = owner->comm;
	}
	if (keys & LT_OWNER_BY_GFP)
		group.key.gfp = owner->gfp;
	if (keys & LT_OWNER_BY_MIGRATETYPE)
		group.key.migratetype = owner->migratetype;
	if (keys & LT_OWNER_BY_AREA)
		group.area = area;
	return group;
}

static bool num_is(struct lt_num a, struct lt_num b)
{
	return a.known == b.known && (!a.known || a.val == b.val);
}

/* Whether a record agrees with a group in all keys. */
static bool is_of(unsigned int keys, const struct lt_owner_group *group,
		  const struct lt_owner *owner, size_t area)
{
	const struct lt_owner_group_key *key = &group->key;

	if (keys & LT_OWNER_BY_STACK && key->stack != owner->stack)
		return false;
	if (keys & LT_OWNER_BY_TASK && (key->comm != owner->comm || !num_is(key->pid, owner->pid) ||
					!num_is(key->tgid, owner->tgid)))
		return false;
	if (keys & LT_OWNER_BY_GFP && key->gfp != owner->gfp)
		return false;
	if (keys & LT_OWNER_BY_MIGRATETYPE && key->migratetype != owner->migratetype)
		return false;
	return !(keys & LT_OWNER_BY_AREA) || group->area == area;
}

static uint64_t hash_num(uint64_t hash, struct lt_num num)
{
	return lt_hash_word(hash, num.known ? num.val : UINT64_MAX);
}

static uint32_t hash_of(unsigned int keys, const struct lt_owner *owner, size_t area)
{
	uint64_t hash = keys;

	if (keys & LT_OWNER_BY_STACK)
		hash = lt_hash_word(hash, (uintptr_t)owner->stack);
	if (keys & LT_OWNER_BY_TASK) {
		hash = hash_num(hash_num(hash, owner->pid), owner->tgid);
		hash = lt_hash_word(hash, (uintptr_t)owner->comm);
	}
	if (keys & LT_OWNER_BY_GFP)
		hash = lt_hash_word(hash, (uintptr_t)owner->gfp);
	if (keys & LT_OWNER_BY_MIGRATETYPE)
		hash = lt_hash_word(hash, (uintptr_t)owner->migratetype);
	if (keys & LT_OWNER_BY_AREA)
		hash = lt_hash_word(hash, area);
	return (uint32_t)(hash >> 32);
}

static int grow_slots(struct lt_owner_groups *groups)
{
	size_t nr_slots = groups->nr_slots ? groups->nr_slots * 2 : 64;
	struct lt_owner_group_slot *slots = calloc(nr_slots, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < groups->nr_slots; i++) {
		size_t to = groups->slots[i].hash & (nr_slots - 1);

		if (!groups->slots[i].index)
			continue;
		while (slots[to].index)
			to = (to + 1) & (nr_slots - 1);
		slots[to] = groups->slots[i];
	}
	free(groups->slots);
	groups->slots = slots;
	groups->nr_slots = nr_slots;
	return 0;
}

int lt_owner_groups_add(struct lt_owner_groups *groups, const struct lt_owner *owner, size_t area)
{
	const uint32_t hash = hash_of(groups->keys, owner, area);
	struct lt_owner_group_slot *slot;
	struct lt_owner_group *group;

	if (groups->list.nr * 4 >= groups->nr_slots * 3 && grow_slots(groups))
		return -ENOMEM;
	for (size_t i = hash;; i++) {
		slot = &groups->slots[i & (groups->nr_slots - 1)];
		group = slot->index ? &groups->list.v[slot->index - 1] : NULL;
		if (!group || (slot->hash == hash && is_of(groups->keys, group, owner, area)))
			break;
	}
	if (!group) {
		group = groups->list.nr < UINT32_MAX ? lt_vec_push(&groups->list) : NULL;
		if (!group)
			return -ENOMEM;
		*group = group_of(groups->keys, owner, area);
		*slot = (struct lt_owner_group_slot){ hash, (uint32_t)groups->list.nr };
		group->seq = groups->list.nr;
	}
	group->nr_records++;
	group->nr_pages += (uint64_t)1 << owner->order;
	return 0;
}

/* Negative if @a is larger. */
static int by_size(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int by_seq(const struct lt_owner_group *a, const struct lt_owner_group *b)
{
	return by_size(b->seq, a->seq);
}

static int by_pages(const void *a, const void *b)
{
	const struct lt_owner_group *left = a, *right = b;
	int order = by_size(left->nr_pages, right->nr_pages);

	return order ? order : by_seq(left, right);
}

static int by_records(const void *a, const void *b)
{
	const struct lt_owner_group *left = a, *right = b;
	int order = by_size(left->nr_records, right->nr_records);

	return order ? order : by_seq(left, right);
}

void lt_owner_groups_sort(struct lt_owner_groups *groups, enum lt_owner_rank rank)
{
	if (groups->list.nr)
		qsort(groups->list.v, groups->list.nr, sizeof(*groups->list.v),
		      rank == LT_OWNER_RANK_RECORDS ? by_records : by_pages);
}
