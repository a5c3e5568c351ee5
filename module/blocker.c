// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page that an allocation fails on, at the instant it fails. Any later look may
 * find it gone, or others in its place.
 *
 * When a range was isolated and emptied, test_pages_isolated() looks for a page that
 * is still there, and its tracepoint tells which. We stand on that tracepoint. While
 * nobody listens that costs a call and two comparisons for each range that is tried.
 *
 * A probe must not sleep, and with PREEMPT_RT neither allocate nor send. So it only
 * fills a ring, and a worker sends what is in there. The ring overwrites its oldest
 * records: memory and work are bounded, and the numbers that are missing are told.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "ltpin.h"

#if defined(CONFIG_TRACEPOINTS) && defined(LTPIN_HAVE_TEST_PAGES_ISOLATED) && defined(LT_MCGRP)

#include <trace/events/page_isolation.h>

#define NR_RECORDS 256	/* a power of two; an allocation may try that many ranges */

static DEFINE_RAW_SPINLOCK(lock);	/* guards what follows */
static struct lt_blocker ring[NR_RECORDS];
static u64 nr_seen;	/* number of the next one */
static u64 next_sent;	/* number of the next one to send */

static struct tracepoint *tracepoint;

/* Takes the oldest record that is still there. */
static bool take(struct lt_blocker *out)
{
	bool found;

	raw_spin_lock_irq(&lock);
	if (nr_seen - next_sent > NR_RECORDS)
		next_sent = nr_seen - NR_RECORDS;
	found = next_sent < nr_seen;
	if (found)
		*out = ring[next_sent++ % NR_RECORDS];
	raw_spin_unlock_irq(&lock);
	return found;
}

static void send_all(struct work_struct *work)
{
	struct lt_blocker blocker;

	while (take(&blocker)) {
		lt_netlink_send(&blocker);
		cond_resched();
	}
}

static DECLARE_WORK(sender, send_all);

/* Called by whoever allocates, after the zone's lock was dropped. Must not sleep. */
static void probe(void *data, unsigned long start_pfn, unsigned long end_pfn, unsigned long fin_pfn)
{
	struct lt_blocker blocker = {
		.start_pfn = start_pfn, .end_pfn = end_pfn, .pfn = fin_pfn,
		.tgid = current->tgid, .tid = current->pid,
	};
	unsigned long flags;

	if (fin_pfn >= end_pfn || !lt_netlink_has_listeners())
		return;
	lt_scan(fin_pfn, &blocker.state);
	blocker.ts_ns = local_clock();
	memcpy(blocker.comm, current->comm, sizeof(blocker.comm));
	blocker.comm[sizeof(blocker.comm) - 1] = '\0';	/* it may be changing */

	raw_spin_lock_irqsave(&lock, flags);
	blocker.seq = nr_seen++;
	ring[blocker.seq % NR_RECORDS] = blocker;
	raw_spin_unlock_irqrestore(&lock, flags);
	schedule_work(&sender);
}

static void find_tracepoint(struct tracepoint *tp, void *data)
{
	if (!strcmp(tp->name, "test_pages_isolated"))
		tracepoint = tp;
}

/* Without it the module does all the rest. */
void lt_blockers_init(void)
{
	check_trace_callback_type_test_pages_isolated(probe);
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	if (tracepoint && tracepoint_probe_register(tracepoint, (void *)probe, NULL))
		tracepoint = NULL;
}

void lt_blockers_exit(void)
{
	if (!tracepoint)
		return;
	tracepoint_probe_unregister(tracepoint, (void *)probe, NULL);
	tracepoint_synchronize_unregister();
	cancel_work_sync(&sender);
}

u64 lt_blockers_caps(void)
{
	return tracepoint ? LTPIN_CAP_BLOCKERS : 0;
}

u64 lt_blockers_next_seq(void)
{
	u64 next;

	raw_spin_lock_irq(&lock);
	next = nr_seen;
	raw_spin_unlock_irq(&lock);
	return next;
}

#else

void lt_blockers_init(void)
{
}

void lt_blockers_exit(void)
{
}

u64 lt_blockers_caps(void)
{
	return 0;
}

u64 lt_blockers_next_seq(void)
{
	return 0;
}

#endif
