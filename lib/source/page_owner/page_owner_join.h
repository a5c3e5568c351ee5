/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_OWNER_PAGE_OWNER_JOIN_H
#define LT_SOURCE_PAGE_OWNER_PAGE_OWNER_JOIN_H

#include "base/compiler.h"
#include "model/snapshot.h"

/*
 * What page_owner records mean for a snapshot: who allocated its pins, which
 * allocations in an area are unmovable, how many pages of it are lent, and which
 * drivers hold those that cma_alloc() gave out.
 */
struct lt_page_owner_join {
	struct lt_snapshot *snap;
	uint64_t *nr_lent; /* per area */
	struct lt_pins unmovable;
	struct lt_holders holders;
	const struct lt_stack *named_stack; /* neighbours tend to share it */
	const char *named_driver;	    /* of named_stack */
	uint64_t first_pfn, last_pfn;
	bool has_records, is_ordered, is_committed;
};

/* What the records that were seen are, for totals. */
enum lt_page_owner_extent {
	LT_PAGE_OWNER_DAMAGED, /* some text was not understood: no totals */
	LT_PAGE_OWNER_PAGES,   /* of some pages alone: no totals */
	LT_PAGE_OWNER_TEXT,    /* maybe a part: whole for areas that it reaches across */
	LT_PAGE_OWNER_WHOLE,   /* every record of every area */
};

/* 0 or -ENOMEM. */
int lt_page_owner_join_init(struct lt_page_owner_join *join, struct lt_snapshot *snap)
	__must_check __nonnull_all;

/* Take one record; @arg is the join. 0 or -ENOMEM. */
int lt_page_owner_join_add(const struct lt_owner *owner, void *arg) __must_check __nonnull_at(1);

/* Put totals and unmovable pages into the snapshot. 0 or -ENOMEM. */
int lt_page_owner_join_commit(struct lt_page_owner_join *join, enum lt_page_owner_extent extent)
	__must_check __nonnull_all;

/* Without a commit, this takes back what was said of the snapshot's pins. */
void lt_page_owner_join_fini(struct lt_page_owner_join *join);

#endif
