/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_OWNER_GROUPS_H
#define LT_MODEL_OWNER_GROUPS_H

#include "base/compiler.h"
#include "model/owner.h"

/* What records have in common in a group. Any subset, also none: one group of all. */
enum lt_owner_key {
	LT_OWNER_BY_STACK = 1 << 0,
	LT_OWNER_BY_TASK = 1 << 1, /* pid, tgid and comm */
	LT_OWNER_BY_GFP = 1 << 2,
	LT_OWNER_BY_MIGRATETYPE = 1 << 3,
	LT_OWNER_BY_AREA = 1 << 4,
};

/* What records of a group have in common; the rest is empty. As struct lt_owner has it. */
struct lt_owner_group_key {
	const struct lt_stack *stack;
	const char *comm, *gfp, *migratetype;
	struct lt_num pid, tgid;
};

/**
 * struct lt_owner_group - records that agree in the keys
 * @key:	fields of the keys are the group's, all others are empty
 * @area:	index of the CMA area, LT_NO_AREA if outside of all or not a key
 * @seq:	rank of its first record among those of all groups
 * @nr_records: how many
 * @nr_pages:	of all of them
 */
struct lt_owner_group {
	uint64_t nr_records, nr_pages; /* first, with the stack: what each record needs */
	struct lt_owner_group_key key;
	size_t area, seq;
};

LT_VEC_OF(lt_owner_group_list, struct lt_owner_group);

/**
 * struct lt_owner_groups - page_owner records, summed up as they stream by
 * @keys:	 LT_OWNER_BY_*, ored
 * @list:	 the groups in the order of their first record, until sorted
 * @slots:	 hash table: 1 + index into @list, 0 if empty, and the high half of the hash
 * @nr_slots:	 a power of two
 *
 * Memory follows the number of groups, not of records. Zero-initialised but
 * for @keys is empty.
 */
struct lt_owner_groups {
	unsigned int keys;
	struct lt_owner_group_list list;
	struct lt_owner_group_slot {
		uint32_t hash, index;
	} * slots;
	size_t nr_slots;
};

/**
 * lt_owner_groups_add() - count one record
 * @owner: its strings and stack must stay; equal ones must be one pointer
 * @area:  the CMA area it lies in, LT_NO_AREA if in none
 *
 * Return: 0 or -ENOMEM. Not to be called once sorted.
 */
int lt_owner_groups_add(struct lt_owner_groups *groups, const struct lt_owner *owner, size_t area)
	__must_check __nonnull_at(1);

enum lt_owner_rank {
	LT_OWNER_RANK_PAGES,
	LT_OWNER_RANK_RECORDS,
};

/* Largest first; equal ones in the order of their first records. */
void lt_owner_groups_sort(struct lt_owner_groups *groups, enum lt_owner_rank rank);

void lt_owner_groups_fini(struct lt_owner_groups *groups);

#endif
