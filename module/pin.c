// SPDX-License-Identifier: GPL-2.0-only
/* Pins, made the way a driver makes them: by one call of pin_user_pages*(). */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
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

#ifndef LTPIN_HAVE_PIN_SCOPE

/*
 * Up to 5.12 a long-term pin tries again and again, deaf to signals and with mmap_lock held, while
 * a page in CMA cannot be taken off an LRU list (check_and_migrate_cma_pages(), mm/gup.c). A page
 * that a driver has of CMA and maps, as a dma-heap does, never is on one: that pin would never end,
 * nor the process, nor could the module be unloaded.
 */
static bool is_never_movable(struct page *page)
{
	struct page *head = compound_head(page);

	return lt_block_type(head) == MIGRATE_CMA && !PageHuge(head) && !READ_ONCE(head->mapping);
}

/* Page cache and anonymous memory go to a list sooner or later; a special file may map anything. */
static bool is_special(const struct vm_area_struct *vma)
{
	return vma->vm_ops && vma->vm_file && !S_ISREG(file_inode(vma->vm_file)->i_mode);
}

static int check_special(unsigned long addr, unsigned long end, unsigned int flags)
{
	struct page *page;
	bool is_stuck;

	for (; addr < end; addr += PAGE_SIZE) {
		if (fatal_signal_pending(current))
			return -EINTR;
		/* What cannot be pinned at all is for the real call to say. */
		if (lt_pin_user_pages(addr, 1, flags, &page) != 1)
			return 0;
		is_stuck = is_never_movable(page);
		unpin_user_page(page);
		if (is_stuck)
			return -EOPNOTSUPP;
	}
	return 0;
}

static int refuse_endless(unsigned long addr, const struct lt_hold *hold)
{
	unsigned long end = addr + hold->nr_pages * PAGE_SIZE;
	unsigned int flags = gup_flags(hold->flags) & ~FOLL_LONGTERM;
	struct vm_area_struct *vma;
	int err = 0;

	if (!(hold->flags & LTPIN_PIN_LONGTERM))
		return 0;
	if (mmap_read_lock_killable(current->mm))
		return -EINTR;
	while (!err && addr < end) {
		vma = find_vma(current->mm, addr);
		if (!vma)
			break;
		if (is_special(vma))
			err = check_special(max(addr, vma->vm_start), min(end, vma->vm_end), flags);
		addr = vma->vm_end;
	}
	mmap_read_unlock(current->mm);
	return err;
}

#else

/* A fatal signal ends it. */
static int refuse_endless(unsigned long addr, const struct lt_hold *hold)
{
	return 0;
}

#endif

/* All pages or none. */
static int pin_all(unsigned long addr, const struct lt_hold *hold, struct page **pages)
{
	unsigned long nr_wanted = hold->nr_pages, nr = 0;
	unsigned long at_once = hold->flags & LTPIN_PIN_LONGTERM ? LT_PIN_AT_ONCE : nr_wanted;
	long got = 0;

	while (nr < nr_wanted) {
		got = pin_pages(addr + nr * PAGE_SIZE, min(nr_wanted - nr, at_once), hold->flags,
				pages + nr);
		if (got <= 0)
			break;
		nr += got;
		cond_resched();
	}
	if (nr == nr_wanted)
		return 0;
	unpin_user_pages(pages, nr);
	return got < 0 ? got : -EFAULT;
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
	err = refuse_endless(addr, hold);
	if (!err)
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
