// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether atomic requests for one page eat the reserve for atomic requests of
 * many: LTPIN_IOC_BENCH_RESERVE. Such requests must pass the allocator's fast
 * path by, see ltpin_ioctl.h for the trick.
 */
#include <linux/gfp.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "bench.h"

#define NR_PAGES_MAX 512

static bool dirty_probe = true;
module_param(dirty_probe, bool, 0644);
MODULE_PARM_DESC(dirty_probe, "Measure the reserve by a probe on node_dirty_ok() (default Y)");

#if defined(CONFIG_KRETPROBES) && defined(CONFIG_HAVE_FUNCTION_ERROR_INJECTION)

static DEFINE_MUTEX(lock); /* guards what follows */
static struct task_struct *asking;
static unsigned long nr_refused;

/* node_dirty_ok() is asked by the fast path only, and only about __GFP_WRITE. */
static int refuse(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (current == READ_ONCE(asking)) {
		regs_set_return_value(regs, 0);
		nr_refused++;
	}
	return 0;
}
NOKPROBE_SYMBOL(refuse);

static struct page *ask(u32 flags, unsigned int order)
{
	const gfp_t gfp = (GFP_ATOMIC & ~__GFP_RECLAIM) | __GFP_HIGHMEM | __GFP_MOVABLE |
			  __GFP_WRITE | __GFP_NOWARN;
	unsigned int saved = lt_bench_enter(flags);
	struct page *page;

	WRITE_ONCE(asking, current);
	page = alloc_pages(gfp, order);
	WRITE_ONCE(asking, NULL);
	lt_bench_leave(flags, saved);
	return page;
}

/* Every zone that may have memory: of all nodes, as the kernel exports no better list. */
#define for_each_zone_here(nid, zone)                                                      \
	for_each_online_node(nid) for ((zone) = NODE_DATA(nid)->node_zones;                \
				       (zone) < NODE_DATA(nid)->node_zones + MAX_NR_ZONES; \
				       (zone)++)

/* Pages in one zone's free blocks of the reserve, which has at most 1% of its pages. */
static u64 nr_free_in(struct zone *zone)
{
	unsigned long irq;
	unsigned int order;
	u64 nr = 0;

	spin_lock_irqsave(&zone->lock, irq);
	for (order = 0; order < ARRAY_SIZE(zone->free_area); order++) {
		struct list_head *block;

		list_for_each(block, &zone->free_area[order].free_list[MIGRATE_HIGHATOMIC]) nr +=
			1UL << order;
	}
	spin_unlock_irqrestore(&zone->lock, irq);
	return nr;
}

static u64 nr_free(void)
{
	struct zone *zone;
	u64 nr = 0;
	int nid;

	for_each_zone_here(nid, zone)
	{
		if (zone->present_pages)
			nr += nr_free_in(zone);
	}
	return nr;
}

/**
 * struct reserved - what was reserved because of us
 * @page:  first page of the block
 * @order: its size
 * @nr:    pages that the kernel counts as reserved for it; 0: none are
 * @work:  gives it back
 */
struct reserved {
	struct work_struct work;
	struct page *page;
	unsigned int order;
	unsigned long nr;
};

#ifdef LT_CONTIG_MIGRATETYPE
#define BLOCK_MAX (16UL << 20) /* bytes: with large pages, pageblocks are larger */

/* Pages that the kernel counts as reserved, free or not. */
static unsigned long nr_reserved(void)
{
	unsigned long nr = 0;
	struct zone *zone;
	int nid;

	for_each_zone_here(nid, zone) nr += READ_ONCE(zone->nr_reserved_highatomic);
	return nr;
}

/*
 * One atomic request for a block makes the kernel reserve the pageblock it is
 * in. We ask for the largest block there is: then nobody else has a page of the
 * pageblocks that are set back later.
 */
static void build(struct reserved *reserved)
{
	struct zone *zone;
	unsigned long nr;

	reserved->order = ARRAY_SIZE(zone->free_area) - 1;
	if (reserved->order < pageblock_order || PAGE_SIZE << reserved->order > BLOCK_MAX)
		return;
	/* Which zone it comes from is seen after. One at a time: see lock. */
	nr = nr_reserved();
	reserved->page = ask(LTPIN_BENCH_SCOPE, reserved->order);
	if (!reserved->page)
		return;
	reserved->nr = nr_reserved() - nr;
	__free_pages(reserved->page, reserved->order);
	lt_bench_drain();
}

/*
 * Allocating a range leaves its pageblocks with the type that is given: movable,
 * which these were, as they served a movable request. The kernel's own sum of
 * what is reserved does not follow that.
 */
static void unbuild(struct work_struct *work)
{
	struct reserved *reserved = container_of(work, struct reserved, work);
	unsigned long pfn = page_to_pfn(reserved->page), nr = 1UL << reserved->order, irq;
	struct zone *zone = page_zone(reserved->page);

	lt_bench_drain();
	if (alloc_contig_range(pfn, pfn + nr, MIGRATE_MOVABLE, GFP_KERNEL))
		return;
	spin_lock_irqsave(&zone->lock, irq);
	zone->nr_reserved_highatomic -= min(zone->nr_reserved_highatomic, reserved->nr);
	spin_unlock_irqrestore(&zone->lock, irq);
	free_contig_range(pfn, nr);
	lt_bench_drain();
	reserved->nr = 0;
}

/* By a worker: a task that is being killed gets no range. */
static void give_back(struct reserved *reserved)
{
	INIT_WORK_ONSTACK(&reserved->work, unbuild);
	schedule_work(&reserved->work);
	flush_work(&reserved->work);
	destroy_work_on_stack(&reserved->work);
}
#else
static void build(struct reserved *reserved)
{
}

static void give_back(struct reserved *reserved)
{
}
#endif

/* Counts the reserve while @arg->nr_pages single pages are held. */
static int measure(struct ltpin_ioc_bench_reserve *arg)
{
	struct page **pages = kvcalloc(arg->nr_pages, sizeof(*pages), GFP_KERNEL_ACCOUNT);
	u32 nr;
	int err = 0;

	if (!pages)
		return -ENOMEM;
	for (nr = 0; nr < arg->nr_pages && !err; nr++) {
		pages[nr] = ask(arg->flags, 0);
		if (!pages[nr])
			err = -ENOMEM;
		else if (fatal_signal_pending(current))
			err = -EINTR;
	}
	arg->during = nr_free();
	while (nr) {
		if (pages[--nr])
			__free_page(pages[nr]);
	}
	kvfree(pages);
	return err;
}

static int build_and_measure(struct ltpin_ioc_bench_reserve *arg)
{
	struct reserved reserved = { .nr = 0 };
	int err = -ENODATA;

	arg->before = nr_free();
	if (!arg->before && arg->flags & LTPIN_BENCH_BUILD) {
		build(&reserved);
		arg->before = nr_free();
	}
	if (arg->before)
		err = measure(arg);
	arg->built = reserved.nr;
	if (reserved.nr)
		give_back(&reserved);
	arg->left = reserved.nr;
	return err;
}

/*
 * The kernel has the address of @probe while it is registered. Should this task die in between,
 * of a bug, the probe stays: so it does not live on the task's stack, and keeps the module.
 */
static int run(struct ltpin_ioc_bench_reserve *arg)
{
	static struct kretprobe probe; /* guarded by lock */
	int err = mutex_lock_killable(&lock);

	if (err)
		return err;
	nr_refused = 0;
	probe = (struct kretprobe){
		.kp.symbol_name = "node_dirty_ok",
		.handler = refuse,
		.maxactive = 64,
	};
	__module_get(THIS_MODULE);
	err = register_kretprobe(&probe);
	if (err) {
		err = -EOPNOTSUPP;
	} else {
		err = build_and_measure(arg);
		unregister_kretprobe(&probe);
		/* If nobody asked, then our requests were not atomic ones. */
		if (!err && !nr_refused)
			err = -EOPNOTSUPP;
	}
	module_put(THIS_MODULE);
	mutex_unlock(&lock);
	return err;
}

u64 lt_bench_reserve_caps(void)
{
	if (!READ_ONCE(dirty_probe))
		return 0;
	return LTPIN_CAP_BENCH_RESERVE | LT_CONTIG_CAP;
}

#else

static int run(struct ltpin_ioc_bench_reserve *arg)
{
	return -EOPNOTSUPP;
}

u64 lt_bench_reserve_caps(void)
{
	return 0;
}

#endif

long lt_bench_reserve(struct ltpin_ioc_bench_reserve __user *user)
{
	struct ltpin_ioc_bench_reserve arg;
	int err;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (!arg.nr_pages || arg.nr_pages > NR_PAGES_MAX ||
	    arg.flags & ~(LTPIN_BENCH_SCOPE | LTPIN_BENCH_BUILD))
		return -EINVAL;
	if (!READ_ONCE(dirty_probe))
		return -EOPNOTSUPP;
	err = run(&arg);
	if (!err && copy_to_user(user, &arg, sizeof(arg)))
		err = -EFAULT;
	return err;
}
