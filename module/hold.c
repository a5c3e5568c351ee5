// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds: pins and allocations from the moment they exist until they are let go.
 *
 * A hold is made in two steps, so that no lock is held while pages are pinned
 * or allocated: lt_hold_new() counts its pages against max_pages, then the
 * caller gets the pages, then lt_hold_publish() gives it an id and an owner.
 * Releasing takes it out of the table under the lock, and gives the pages back
 * after.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>

#include "ltpin.h"

static unsigned long max_pages = 65536;
module_param(max_pages, ulong, 0644);
MODULE_PARM_DESC(max_pages, "Limit on pages pinned plus allocated, over all descriptors (default 65536)");

DEFINE_MUTEX(lt_holds_lock);	/* guards all that follows; ltpin.h */
DEFINE_XARRAY_ALLOC1(lt_holds);
unsigned int lt_holds_generation = 1;
unsigned long lt_holds_pages[LTPIN_KIND_ALLOC + 1];

static u32 next_id;

unsigned long lt_max_pages(void)
{
	return READ_ONCE(max_pages);
}

/* INT_MAX, because pin_user_pages_fast() takes an int. */
static int count_pages(enum ltpin_kind kind, u32 nr_pages)
{
	unsigned long used, max = min_t(unsigned long, lt_max_pages(), INT_MAX);
	int err = 0;

	mutex_lock(&lt_holds_lock);
	used = lt_holds_pages[LTPIN_KIND_PIN] + lt_holds_pages[LTPIN_KIND_ALLOC];
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
 * @nr_pages: pages to count against max_pages
 *
 * Return: the hold, to be given to lt_hold_publish() or lt_hold_free();
 * -EDQUOT above max_pages; -ENOMEM.
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

/**
 * lt_hold_publish() - make a hold known
 * @hold:  has its pages. From here on another thread may release it: do not
 *         touch it again.
 * @owner: who may release it
 * @id:    receives its id
 *
 * Ids are not used again soon, so that a late release does not hit a new hold.
 *
 * Return: 0, or -ENOMEM or -EBUSY (no id left); then @hold is still the
 * caller's.
 */
int lt_hold_publish(struct lt_hold *hold, struct lt_owner *owner, u32 *id)
{
	int err;

	hold->owner = owner;
	hold->ts_ns = local_clock();
	mutex_lock(&lt_holds_lock);
	err = xa_alloc_cyclic(&lt_holds, &hold->id, hold, XA_LIMIT(1, LTPIN_ID_ALL - 1), &next_id,
			      GFP_KERNEL_ACCOUNT);
	if (err >= 0) {
		*id = hold->id;
		list_add_tail(&hold->node, &owner->holds);
		lt_holds_generation += 2;
		err = 0;
	}
	mutex_unlock(&lt_holds_lock);
	return err;
}

static void unpublish(struct lt_hold *hold, struct list_head *gone)
{
	lockdep_assert_held(&lt_holds_lock);
	xa_erase(&lt_holds, hold->id);
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
 * @owner: whose
 * @kind:  pin or allocation
 * @id:    which, or LTPIN_ID_ALL
 *
 * Return: 0, or -ENOENT if @owner has no such hold.
 */
int lt_hold_release(struct lt_owner *owner, enum ltpin_kind kind, u32 id)
{
	struct lt_hold *hold, *next;
	LIST_HEAD(gone);
	int err = 0;

	mutex_lock(&lt_holds_lock);
	if (id == LTPIN_ID_ALL) {
		list_for_each_entry_safe(hold, next, &owner->holds, node) {
			if (hold->kind == kind)
				unpublish(hold, &gone);
		}
	} else {
		hold = xa_load(&lt_holds, id);
		if (hold && hold->owner == owner && hold->kind == kind)
			unpublish(hold, &gone);
		else
			err = -ENOENT;
	}
	mutex_unlock(&lt_holds_lock);
	free_list(&gone);
	return err;
}

void lt_hold_release_all(struct lt_owner *owner)
{
	lt_hold_release(owner, LTPIN_KIND_PIN, LTPIN_ID_ALL);
	lt_hold_release(owner, LTPIN_KIND_ALLOC, LTPIN_ID_ALL);
}

/* PFN of the page at @index, which must be below @hold->nr_pages. */
unsigned long lt_hold_pfn(const struct lt_hold *hold, unsigned long index)
{
	if (hold->kind == LTPIN_KIND_PIN)
		return page_to_pfn(hold->pages[index]);
	return page_to_pfn(hold->page) + index;
}
