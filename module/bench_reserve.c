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

#include "bench.h"

#define NR_PAGES_MAX 512

static bool dirty_probe = true;
module_param(dirty_probe, bool, 0644);
MODULE_PARM_DESC(dirty_probe, "Measure the reserve by a probe on node_dirty_ok() (default Y)");

static unsigned int max_walk = 16384;
module_param(max_walk, uint, 0644);
MODULE_PARM_DESC(max_walk, "Free blocks of the reserve to count at a time (default 16384)");

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

static struct page *ask(u32 flags)
{
	const gfp_t gfp = (GFP_ATOMIC & ~__GFP_RECLAIM) | __GFP_HIGHMEM | __GFP_MOVABLE |
			  __GFP_WRITE | __GFP_NOWARN;
	unsigned int saved = lt_bench_enter(flags);
	struct page *page;

	WRITE_ONCE(asking, current);
	page = alloc_page(gfp);
	WRITE_ONCE(asking, NULL);
	lt_bench_leave(flags, saved);
	return page;
}

/*
 * Adds the pages of one zone's free blocks of one order. The zone's lock is held with interrupts
 * off, so a list that is longer than the parameter allows is given up: -E2BIG.
 */
static int add_free_of(struct zone *zone, unsigned int order, u64 *nr)
{
	unsigned int left = READ_ONCE(max_walk);
	struct list_head *block;
	unsigned long irq;
	int err = 0;

	spin_lock_irqsave(&zone->lock, irq);
	list_for_each(block, &zone->free_area[order].free_list[MIGRATE_HIGHATOMIC]) {
		if (!left--) {
			err = -E2BIG;
			break;
		}
		*nr += 1UL << order;
	}
	spin_unlock_irqrestore(&zone->lock, irq);
	return err;
}

static int add_free(struct zone *zone, u64 *nr)
{
	unsigned int order;
	int err;

	if (!zone->present_pages)
		return 0;
	for (order = 0; order < ARRAY_SIZE(zone->free_area); order++) {
		err = add_free_of(zone, order, nr);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

/*
 * Pages that are free in the reserve: of each zone at most 1%, and that can be single pages.
 * The kernel exports no list of zones, so the zones of each node are gone through.
 */
static int nr_free(u64 *out)
{
	u64 nr = 0;
	int nid, i, err;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			err = add_free(NODE_DATA(nid)->node_zones + i, &nr);
			if (err)
				return err;
		}
	}
	*out = nr;
	return 0;
}

/* Counts the reserve while @arg->nr_pages single pages are held. */
static int measure(struct ltpin_ioc_bench_reserve *arg)
{
	struct page **pages = kvcalloc(arg->nr_pages, sizeof(*pages), GFP_KERNEL_ACCOUNT);
	u32 nr;
	int err = 0;

	if (!pages)
		return -ENOMEM;
	for (nr = 0; nr < arg->nr_pages && !err; nr++) {
		pages[nr] = ask(arg->flags);
		if (!pages[nr])
			err = -ENOMEM;
		else if (fatal_signal_pending(current))
			err = -EINTR;
	}
	if (!err)
		err = nr_free(&arg->during);
	while (nr) {
		if (pages[--nr])
			__free_page(pages[nr]);
	}
	kvfree(pages);
	return err;
}

/*
 * What is measured is the kernel's own reserve. None is made for it: that would be writing to what
 * the page allocator counts for itself.
 */
static int count_and_measure(struct ltpin_ioc_bench_reserve *arg)
{
	int err = nr_free(&arg->before);

	if (err)
		return err;
	return arg->before ? measure(arg) : -ENODATA;
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
		err = count_and_measure(arg);
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
	return LTPIN_CAP_BENCH_RESERVE;
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
	if (!arg.nr_pages || arg.nr_pages > NR_PAGES_MAX || arg.flags & ~LTPIN_BENCH_SCOPE)
		return -EINVAL;
	if (!READ_ONCE(dirty_probe))
		return -EOPNOTSUPP;
	err = run(&arg);
	if (!err && copy_to_user(user, &arg, sizeof(arg)))
		err = -EFAULT;
	return err;
}
