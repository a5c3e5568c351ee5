// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/owner_groups.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array_size.h"
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

static bool is_same(const struct lt_owner_group *a, const struct lt_owner_group *b)
{
	return a->key.stack == b->key.stack && num_is(a->key.pid, b->key.pid) &&
	       num_is(a->key.tgid, b->key.tgid) && a->key.comm == b->key.comm &&
	       a->key.gfp == b->key.gfp && a->key.migratetype == b->key.migratetype &&
	       a->area == b->area;
}

static size_t hash_group(const struct lt_owner_group *group)
{
	const uint64_t parts[] = {
		(uintptr_t)group->key.stack,
		group->key.pid.known ? group->key.pid.val : UINT64_MAX,
		group->key.tgid.known ? group->key.tgid.val : UINT64_MAX,
		(uintptr_t)group->key.comm,
		(uintptr_t)group->key.gfp,
		(uintptr_t)group->key.migratetype,
		group->area,
	};
	uint64_t hash = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		hash = (hash ^ parts[i]) * 0x9e3779b97f4a7c15u;
	return (size_t)(hash >> 32);
}

static size_t *find_slot(const struct lt_owner_groups *groups, const struct lt_owner_group *group)
{
	size_t i = hash_group(group) & (groups->nr_slots - 1);

	while (groups->slots[i] && !is_same(&groups->list.v[groups->slots[i] - 1], group))
		i = (i + 1) & (groups->nr_slots - 1);
	return &groups->slots[i];
}

static int grow_slots(struct lt_owner_groups *groups)
{
	size_t nr_slots = groups->nr_slots ? groups->nr_slots * 2 : 64;
	size_t *slots = calloc(nr_slots, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	free(groups->slots);
	groups->slots = slots;
	groups->nr_slots = nr_slots;
	for (size_t i = 0; i < groups->list.nr; i++)
		*find_slot(groups, &groups->list.v[i]) = i + 1;
	return 0;
}

int lt_owner_groups_add(struct lt_owner_groups *groups, const struct lt_owner *owner, size_t area)
{
	struct lt_owner_group want = group_of(groups->keys, owner, area), *group;
	size_t *slot;

	if (groups->list.nr * 4 >= groups->nr_slots * 3 && grow_slots(groups))
		return -ENOMEM;
	slot = find_slot(groups, &want);
	if (!*slot) {
		group = lt_vec_push(&groups->list);
		if (!group)
			return -ENOMEM;
		*group = want;
		*slot = groups->list.nr;
		group->seq = groups->list.nr;
	}
	group = &groups->list.v[*slot - 1];
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
