// SPDX-License-Identifier: GPL-2.0-only
/* Pins, made the way a driver makes them: by one call of pin_user_pages*(). */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "ltpin.h"

static unsigned int gup_flags(u32 flags)
{
	return (flags & LTPIN_PIN_LONGTERM ? FOLL_LONGTERM : 0) |
	       (flags & LTPIN_PIN_WRITE ? FOLL_WRITE : 0);
}

/*
 * Without FAST always the slow path, under mmap_lock, as the long-lived users
 * in the kernel do it. pin_user_pages_unlocked() would be shorter, but refuses
 * FOLL_LONGTERM on 5.10.
 */
static long pin_pages(unsigned long addr, unsigned long nr_pages, u32 flags, struct page **pages)
{
	long nr_pinned;

	if (flags & LTPIN_PIN_FAST)
		return pin_user_pages_fast(addr, nr_pages, gup_flags(flags), pages);

	if (mmap_read_lock_killable(current->mm))
		return -EINTR;
	nr_pinned = lt_pin_user_pages(addr, nr_pages, gup_flags(flags), pages);
	mmap_read_unlock(current->mm);
	return nr_pinned;
}

/*
 * Counts as drivers do (ib_umem_get()). Before the pages are pinned, so that threads cannot
 * pass the limit together.
 */
static int account(struct mm_struct *mm, unsigned long nr_pages)
{
	u64 sum = atomic64_add_return(nr_pages, &mm->pinned_vm);

	if (sum <= rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT || capable(CAP_IPC_LOCK))
		return 0;
	atomic64_sub(nr_pages, &mm->pinned_vm);
	return -ENOBUFS;
}

/* All pages or none. */
static int pin_all(unsigned long addr, const struct lt_hold *hold, struct page **pages)
{
	long nr_pinned = pin_pages(addr, hold->nr_pages, hold->flags, pages);

	if (nr_pinned == hold->nr_pages)
		return 0;
	if (nr_pinned < 0)
		return nr_pinned;
	unpin_user_pages(pages, nr_pinned);
	/* A short count: the error that stopped it is lost. */
	return fatal_signal_pending(current) ? -EINTR : -EFAULT;
}

/**
 * lt_pin_get() - pin pages of the calling process
 * @hold: receives the pages; its nr_pages and flags say how many and how
 * @addr: where they start in the caller's address space
 *
 * Must run in the caller's task and without a lock of ours: on a kernel that
 * breaks its promise the call may loop until a fatal signal ends it.
 *
 * Return: 0 if all pages are pinned; else nothing is, and a negative errno:
 * -ENOBUFS over RLIMIT_MEMLOCK.
 */
int lt_pin_get(struct lt_hold *hold, unsigned long addr)
{
	struct mm_struct *mm = current->mm;
	struct page **pages;
	int err;

	pages = kvmalloc_array(hold->nr_pages, sizeof(*pages), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!pages)
		return -ENOMEM;
	err = account(mm, hold->nr_pages);
	if (err)
		goto free_pages;
	err = pin_all(addr, hold, pages);
	if (err)
		goto unaccount;
	hold->pages = pages;
	hold->mm = mm;
	mmgrab(mm); /* for pinned_vm; does not keep its memory */
	return 0;

unaccount:
	atomic64_sub(hold->nr_pages, &mm->pinned_vm);
free_pages:
	kvfree(pages);
	return err;
}

/* Nothing wrote to the pages through the pins, so they need not be dirtied. */
void lt_pin_put(struct lt_hold *hold)
{
	if (!hold->pages)
		return;
	unpin_user_pages(hold->pages, hold->nr_pages);
	kvfree(hold->pages);
	atomic64_sub(hold->nr_pages, &hold->mm->pinned_vm);
	mmdrop(hold->mm);
}
