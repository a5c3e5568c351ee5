// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page that an allocation fails on, at the instant it fails. Any later look may
 * find it gone, or others in its place.
 *
 * When a range was isolated and emptied, test_pages_isolated() looks for a page that
 * is still there, and its tracepoint tells which. We stand on that tracepoint. While
 * nobody listens that costs a call and two comparisons for each range that is tried.
 *
 * A probe must not sleep, and with PREEMPT_RT neither allocate nor wake. So it only
 * fills a ring, and a worker wakes the readers. Each reader has a place in the ring,
 * which overwrites its oldest records: memory and work are bounded, and a reader sees
 * from the numbers what it missed.
 *
 * Readers are descriptors of /dev/ltpin, whose openers were checked, and not members
 * of a multicast group: genl_bind() lets anybody join a group number that no family has
 * yet (net/netlink/genetlink.c, 5.10 to 7.2), and who is in stays in when we get it.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "ltpin.h"

#if defined(CONFIG_TRACEPOINTS) && defined(LTPIN_HAVE_TEST_PAGES_ISOLATED)

#include <trace/events/page_isolation.h>

#define NR_RECORDS 4096 /* a power of two; a storm may bring hundreds in a second */

static DEFINE_MUTEX(listen_lock); /* guards nr_listeners, and who makes the ring */
static unsigned int nr_listeners;

static DEFINE_RAW_SPINLOCK(lock);  /* guards what follows */
static struct ltpin_blocker *ring; /* NULL while nobody listens */
static u64 nr_seen;		   /* number of the next one */

static DECLARE_WAIT_QUEUE_HEAD(readers);
static struct tracepoint *tracepoint;

static void wake_readers(struct work_struct *work)
{
	wake_up_interruptible(&readers);
}

static DECLARE_WORK(waker, wake_readers);

/* Called by whoever allocates, after the zone's lock was dropped. Must not sleep. */
static void probe(void *data, unsigned long start_pfn, unsigned long end_pfn, unsigned long fin_pfn)
{
	struct ltpin_blocker blocker = {
		.start_pfn = start_pfn,
		.end_pfn = end_pfn,
		.pfn = fin_pfn,
		.pid = current->tgid,
		.tid = current->pid,
	};
	unsigned long flags;

	if (fin_pfn >= end_pfn || !READ_ONCE(nr_listeners))
		return;
	lt_scan(fin_pfn, &blocker.state);
	lt_attempts_describe(&blocker);
	blocker.ts_ns = local_clock();
	memcpy(blocker.comm, current->comm, sizeof(blocker.comm));
	blocker.comm[sizeof(blocker.comm) - 1] = '\0'; /* it may be changing */

	raw_spin_lock_irqsave(&lock, flags);
	if (ring) {
		blocker.seq = nr_seen++;
		ring[blocker.seq % NR_RECORDS] = blocker;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	schedule_work(&waker);
}

/* The oldest record that @opener has not had and that is still there. */
static bool take(struct lt_opener *opener, struct ltpin_blocker *out)
{
	bool found;

	raw_spin_lock_irq(&lock);
	if (nr_seen - opener->next_seq > NR_RECORDS)
		opener->next_seq = nr_seen - NR_RECORDS;
	found = opener->next_seq < nr_seen;
	if (found)
		*out = ring[opener->next_seq++ % NR_RECORDS];
	raw_spin_unlock_irq(&lock);
	return found;
}

static bool has_record(const struct lt_opener *opener)
{
	bool has;

	raw_spin_lock_irq(&lock);
	has = opener->next_seq < nr_seen;
	raw_spin_unlock_irq(&lock);
	return has;
}

static struct ltpin_blocker *exchange_ring(struct ltpin_blocker *new)
{
	struct ltpin_blocker *old;

	raw_spin_lock_irq(&lock);
	old = ring;
	ring = new;
	raw_spin_unlock_irq(&lock);
	return old;
}

/* The first listener makes the ring. */
static int add_listener(struct lt_opener *opener)
{
	if (!nr_listeners) {
		struct ltpin_blocker *new = kvcalloc(NR_RECORDS, sizeof(*new), GFP_KERNEL_ACCOUNT);

		if (!new)
			return -ENOMEM;
		exchange_ring(new);
	}
	WRITE_ONCE(nr_listeners, nr_listeners + 1);
	raw_spin_lock_irq(&lock);
	opener->next_seq = nr_seen;
	WRITE_ONCE(opener->listens, true);
	raw_spin_unlock_irq(&lock);
	return 0;
}

/**
 * lt_blockers_listen() - LTPIN_IOC_LISTEN
 * @opener: gets what blocks from now on. Asked again it goes on as it did.
 * @first: receives the number of the first record that may come
 */
long lt_blockers_listen(struct lt_opener *opener, u64 __user *first)
{
	int err = 0;

	if (!tracepoint)
		return -EOPNOTSUPP;
	mutex_lock(&listen_lock);
	if (!opener->listens)
		err = add_listener(opener);
	mutex_unlock(&listen_lock);
	if (!err && put_user(READ_ONCE(opener->next_seq), first))
		err = -EFAULT;
	return err;
}

/* @opener goes. The last one takes the ring along. */
void lt_blockers_unlisten(struct lt_opener *opener)
{
	if (!opener->listens)
		return;
	mutex_lock(&listen_lock);
	WRITE_ONCE(nr_listeners, nr_listeners - 1);
	if (!nr_listeners)
		kvfree(exchange_ring(NULL));
	mutex_unlock(&listen_lock);
}

/* Whole records, as many as are there; waits for the first. */
ssize_t lt_blockers_read(struct lt_opener *opener, char __user *to, size_t size, bool may_wait)
{
	struct ltpin_blocker blocker;
	ssize_t done = 0;

	if (!READ_ONCE(opener->listens) || size < sizeof(blocker))
		return -EINVAL;
	while (size - done >= sizeof(blocker)) {
		if (take(opener, &blocker)) {
			if (copy_to_user(to + done, &blocker, sizeof(blocker)))
				return done ? done : -EFAULT;
			done += sizeof(blocker);
		} else if (done) {
			break;
		} else if (!may_wait) {
			return -EAGAIN;
		} else if (wait_event_interruptible(readers, has_record(opener))) {
			return -ERESTARTSYS;
		}
	}
	return done;
}

__poll_t lt_blockers_poll(struct lt_opener *opener, struct file *file, poll_table *wait)
{
	poll_wait(file, &readers, wait);
	return READ_ONCE(opener->listens) && has_record(opener) ? EPOLLIN | EPOLLRDNORM : 0;
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

/* All descriptors are closed, so nobody listens. */
void lt_blockers_exit(void)
{
	if (!tracepoint)
		return;
	tracepoint_probe_unregister(tracepoint, (void *)probe, NULL);
	tracepoint_synchronize_unregister();
	cancel_work_sync(&waker);
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

long lt_blockers_listen(struct lt_opener *opener, u64 __user *first)
{
	return -EOPNOTSUPP;
}

void lt_blockers_unlisten(struct lt_opener *opener)
{
}

ssize_t lt_blockers_read(struct lt_opener *opener, char __user *to, size_t size, bool may_wait)
{
	return -EINVAL;
}

__poll_t lt_blockers_poll(struct lt_opener *opener, struct file *file, poll_table *wait)
{
	return 0;
}

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
