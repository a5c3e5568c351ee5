// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds: pins and allocations from the moment they exist until they are let go.
 *
 * A hold is made in two steps, so that no lock is held while pages are pinned
 * or allocated: lt_hold_new() counts its pages against the limit, then the
 * caller gets the pages, then lt_hold_publish() gives it an id and an opener.
 * Releasing takes it out of the table under the lock, and gives the pages back
 * after.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched/clock.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "ltpin.h"

static unsigned long max_pages;
module_param(max_pages, ulong, 0644);
MODULE_PARM_DESC(max_pages, "Limit on pages pinned (default 0: 1/8 of memory, max. 256 MiB)");

static unsigned long max_alloc_pages;
module_param(max_alloc_pages, ulong, 0644);
MODULE_PARM_DESC(max_alloc_pages,
		 "Limit on pages allocated (default 0: 1/2 of memory, max. 256 MiB)");

DEFINE_MUTEX(lt_holds_lock); /* guards all that follows */
unsigned int lt_holds_generation = 1;
unsigned long lt_holds_pages[LTPIN_KIND_ALLOC + 1];

/*
 * By id. A tree of nodes inside the holds: a pin must not cost an allocation
 * for its id, nor fail for want of it.
 */
static struct rb_root holds = RB_ROOT;
static u32 last_id;

/*
 * What is held belongs to no process that the OOM killer could choose: pins outlive the
 * mapping, and allocations never had one. So the defaults leave a small device its memory.
 * Allocations come from CMA first, and must be able to ask for all of an area.
 */
void __init lt_holds_init(void)
{
	if (!max_pages)
		max_pages = min_t(unsigned long, SZ_256M >> PAGE_SHIFT, totalram_pages() / 8);
	if (!max_alloc_pages)
		max_alloc_pages = min_t(unsigned long, SZ_256M >> PAGE_SHIFT, totalram_pages() / 2);
}

unsigned long lt_max_pages(enum ltpin_kind kind)
{
	return kind == LTPIN_KIND_PIN ? READ_ONCE(max_pages) : READ_ONCE(max_alloc_pages);
}

/* INT_MAX, because pin_user_pages_fast() takes an int. */
static int count_pages(enum ltpin_kind kind, u32 nr_pages)
{
	unsigned long used, max = min_t(unsigned long, lt_max_pages(kind), INT_MAX);
	int err = 0;

	mutex_lock(&lt_holds_lock);
	used = lt_holds_pages[kind];
	if (used > max || nr_pages > max - used)
		err = -EDQUOT;
	else
		lt_holds_pages[kind] += nr_pages;
	mutex_unlock(&lt_holds_lock);
	return err;
}

static void uncount_pages(enum ltpin_kind kind, u32 nr_pages)
{
	mutex_lock(&lt_holds_lock);
	lt_holds_pages[kind] -= nr_pages;
	mutex_unlock(&lt_holds_lock);
}

/**
 * lt_hold_new() - a hold without pages
 * @kind:     what it will be
 * @flags:    to remember
 * @nr_pages: pages to count against the limit of @kind
 *
 * Return: the hold, to be given to lt_hold_publish() or lt_hold_free();
 * -EDQUOT above the limit; -ENOMEM.
 */
struct lt_hold *lt_hold_new(enum ltpin_kind kind, u32 flags, u32 nr_pages)
{
	struct lt_hold *hold;
	int err = count_pages(kind, nr_pages);

	if (err)
		return ERR_PTR(err);
	hold = kzalloc(sizeof(*hold), GFP_KERNEL_ACCOUNT);
	if (!hold) {
		uncount_pages(kind, nr_pages);
		return ERR_PTR(-ENOMEM);
	}
	INIT_LIST_HEAD(&hold->node);
	hold->kind = kind;
	hold->flags = flags;
	hold->nr_pages = nr_pages;
	hold->tgid = task_tgid_nr(current);
	get_task_comm(hold->comm, current);
	return hold;
}

/* Gives the pages back, if there are any. The hold must not be published. */
void lt_hold_free(struct lt_hold *hold)
{
	if (hold->kind == LTPIN_KIND_PIN)
		lt_pin_put(hold);
	else
		lt_alloc_put(hold);
	uncount_pages(hold->kind, hold->nr_pages);
	kfree(hold);
}

static bool insert(struct lt_hold *hold)
{
	struct rb_node **link = &holds.rb_node, *parent = NULL;

	while (*link) {
		struct lt_hold *other = rb_entry(*link, struct lt_hold, by_id);

		if (hold->id == other->id)
			return false;
		parent = *link;
		link = hold->id < other->id ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&hold->by_id, parent, link);
	rb_insert_color(&hold->by_id, &holds);
	return true;
}

/* The hold with the smallest id that is at least @id, or NULL. */
struct lt_hold *lt_holds_from(u32 id)
{
	struct rb_node *node = holds.rb_node;
	struct lt_hold *found = NULL;

	lockdep_assert_held(&lt_holds_lock);
	while (node) {
		struct lt_hold *hold = rb_entry(node, struct lt_hold, by_id);

		if (hold->id >= id) {
			found = hold;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/**
 * lt_hold_publish() - make a hold known
 * @hold:  has its pages. From here on another thread may release it: do not
 *         touch it again.
 * @opener: who may release it
 *
 * Ids are not used again soon, so that a late release does not hit a new hold.
 *
 * Return: its id.
 */
u32 lt_hold_publish(struct lt_hold *hold, struct lt_opener *opener)
{
	u32 id;

	hold->opener = opener;
	hold->ts_ns = local_clock();
	mutex_lock(&lt_holds_lock);
	do {
		if (++last_id == LTPIN_ID_ALL)
			last_id = 1;
		hold->id = last_id;
	} while (!insert(hold));
	list_add_tail(&hold->node, &opener->holds);
	lt_holds_generation += 2;
	id = hold->id;
	mutex_unlock(&lt_holds_lock);
	return id;
}

static void unpublish(struct lt_hold *hold, struct list_head *gone)
{
	lockdep_assert_held(&lt_holds_lock);
	rb_erase(&hold->by_id, &holds);
	list_move_tail(&hold->node, gone);
	lt_holds_generation += 2;
}

static void free_list(struct list_head *gone)
{
	struct lt_hold *hold, *next;

	list_for_each_entry_safe(hold, next, gone, node) {
		lt_hold_free(hold);
		cond_resched();
	}
}

/**
 * lt_hold_release() - let go of one hold of a kind, or of all
 * @opener: whose
 * @kind:  pin or allocation
 * @id:    which, or LTPIN_ID_ALL
 *
 * Return: 0, or -ENOENT if @opener has no such hold.
 */
int lt_hold_release(struct lt_opener *opener, enum ltpin_kind kind, u32 id)
{
	struct lt_hold *hold, *next;
	LIST_HEAD(gone);
	int err = 0;

	mutex_lock(&lt_holds_lock);
	if (id == LTPIN_ID_ALL) {
		list_for_each_entry_safe(hold, next, &opener->holds, node) {
			if (hold->kind == kind)
				unpublish(hold, &gone);
		}
	} else {
		hold = lt_holds_from(id);
		if (hold && hold->id == id && hold->opener == opener && hold->kind == kind)
			unpublish(hold, &gone);
		else
			err = -ENOENT;
	}
	mutex_unlock(&lt_holds_lock);
	free_list(&gone);
	return err;
}

void lt_hold_release_all(struct lt_opener *opener)
{
	lt_hold_release(opener, LTPIN_KIND_PIN, LTPIN_ID_ALL);
	lt_hold_release(opener, LTPIN_KIND_ALLOC, LTPIN_ID_ALL);
}

/* PFN of the page at @index, which must be below @hold->nr_pages. */
unsigned long lt_hold_pfn(const struct lt_hold *hold, unsigned long index)
{
	if (hold->kind == LTPIN_KIND_PIN)
		return page_to_pfn(hold->pages[index]);
	return page_to_pfn(hold->page) + index;
}
