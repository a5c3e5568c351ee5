// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to CMA: how many got their pages, how many failed with which error, and what they took.
 * CMA sysfs tells the first two from 6.1 on, and by pages; 5.10 has none of it.
 *
 * By the tracepoints of mm/cma.c, found by name: none of them is exported. Their arguments differ
 * between kernels, and Kbuild finds out which these are. A probe must not sleep.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "compat.h"
#include "ltpin.h"

#if defined(CONFIG_TRACEPOINTS) && defined(CONFIG_CMA)

#include <trace/events/cma.h>

static bool count_attempts;
module_param(count_attempts, bool, 0444);
MODULE_PARM_DESC(count_attempts, "Count the requests to each CMA area, by tracepoints (default N)");

static DEFINE_RAW_SPINLOCK(lock); /* guards what follows, and the attempts of all areas */

/* Requests under way, few at a time. One that finds no room takes that of the oldest. */
static struct request {
	const struct task_struct *task; /* whose; never followed */
	const char *area; /* the kernel's own name of it, there while the request is */
	unsigned long nr_pages;
	u64 start_ns; /* 0: free */
} requests[16];

static struct tracepoint *start_point, *end_point;

static struct request *find_request(const struct task_struct *task)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		if (requests[i].task == task && requests[i].start_ns)
			return &requests[i];
	}
	return NULL;
}

static struct lt_area *find_area(const char *name, unsigned long pfn)
{
	struct lt_area *area;

	if (!name)
		return lt_areas_find(pfn);
	list_for_each_entry(area, &lt_areas, node) {
		if (!strcmp(area->name, name))
			return area;
	}
	return NULL;
}

static void count_failure(struct ltpin_attempts *attempts, unsigned long nr_pages, int err)
{
	attempts->fail_ts_ns = local_clock();
	attempts->fail_pages = nr_pages;
	attempts->fail_tid = current->pid;
	attempts->fail_errno = -err;
	switch (err) {
	case 0:
		attempts->nr_unknown++;
		break;
	case -EBUSY:
		attempts->nr_ebusy++;
		break;
	case -ENOMEM:
		attempts->nr_enomem++;
		break;
	case -EINTR:
		attempts->nr_eintr++;
		break;
	default:
		attempts->nr_other++;
	}
}

/* @err is 0 where the kernel does not tell it. */
static void end_request(const char *name, unsigned long pfn, bool got_pages, unsigned long nr_pages,
			int err)
{
	struct lt_area *area = find_area(name, pfn);
	struct request *request;
	unsigned long flags;
	u64 took = 0;

	raw_spin_lock_irqsave(&lock, flags);
	request = find_request(current);
	if (request) {
		took = local_clock() - request->start_ns;
		request->start_ns = 0;
	}
	if (area && request) {
		area->attempts.nr_timed++;
		area->attempts.sum_ns += took;
		area->attempts.max_ns = max(area->attempts.max_ns, took);
	}
	if (area && got_pages)
		area->attempts.nr_success++;
	else if (area)
		count_failure(&area->attempts, nr_pages, err);
	raw_spin_unlock_irqrestore(&lock, flags);
}

#ifdef LTPIN_HAVE_CMA_START

static struct request *oldest_request(void)
{
	struct request *oldest = &requests[0];
	size_t i;

	for (i = 1; i < ARRAY_SIZE(requests); i++) {
		if (requests[i].start_ns < oldest->start_ns)
			oldest = &requests[i];
	}
	return oldest;
}

static void begin_request(const char *name, unsigned long nr_pages)
{
	const struct lt_area *area = find_area(name, 0);
	struct request *request;
	unsigned long flags;

	/* 6.1 and 6.12 tell no end of a request that is larger than the area. */
	if (area && nr_pages > area->nr_pages)
		return;
	raw_spin_lock_irqsave(&lock, flags);
	request = find_request(current) ?: oldest_request();
	*request = (struct request){ current, name, nr_pages, local_clock() };
	raw_spin_unlock_irqrestore(&lock, flags);
}

#ifdef LTPIN_HAVE_CMA_START_COUNTS
static void at_start(void *data, const char *name, unsigned long count, unsigned long available,
		     unsigned long total, unsigned int align)
{
	begin_request(name, count);
}
#else
static void at_start(void *data, const char *name, unsigned long count, unsigned int align)
{
	begin_request(name, count);
}
#endif

#ifdef LTPIN_HAVE_CMA_ERRNO
static void at_end(void *data, const char *name, unsigned long pfn, const struct page *page,
		   unsigned long count, unsigned int align, int err)
{
	end_request(name, pfn, page, count, err);
}
#else
static void at_end(void *data, const char *name, unsigned long pfn, const struct page *page,
		   unsigned long count, unsigned int align)
{
	end_request(name, pfn, page, count, 0);
}
#endif

#define START_NAME "cma_alloc_start"
#define END_NAME "cma_alloc_finish"

static void check_types(void)
{
	check_trace_callback_type_cma_alloc_start(at_start);
	check_trace_callback_type_cma_alloc_finish(at_end);
}

#else

static void at_start(void *data)
{
}

static void at_end(void *data, unsigned long pfn, const struct page *page, unsigned int count,
		   unsigned int align)
{
	end_request(NULL, pfn, page, count, 0);
}

#define START_NAME "" /* there is none */
#define END_NAME "cma_alloc"

static void check_types(void)
{
	check_trace_callback_type_cma_alloc(at_end);
}

#endif

static void find_points(struct tracepoint *tp, void *data)
{
	if (!strcmp(tp->name, START_NAME))
		start_point = tp;
	else if (!strcmp(tp->name, END_NAME))
		end_point = tp;
}

/*
 * Only where it is asked for: the probes cost every request something for as long as the module is
 * loaded, and each is a patch of running code. Without them the module does all the rest.
 */
void lt_attempts_init(void)
{
	check_types();
	if (!count_attempts)
		return;
	for_each_kernel_tracepoint(find_points, NULL);
	if (end_point && tracepoint_probe_register(end_point, (void *)at_end, NULL))
		end_point = NULL;
	if (!end_point ||
	    (start_point && tracepoint_probe_register(start_point, (void *)at_start, NULL)))
		start_point = NULL;
}

void lt_attempts_exit(void)
{
	if (start_point)
		tracepoint_probe_unregister(start_point, (void *)at_start, NULL);
	if (end_point)
		tracepoint_probe_unregister(end_point, (void *)at_end, NULL);
	tracepoint_synchronize_unregister();
}

u64 lt_attempts_caps(void)
{
	return end_point ? LTPIN_CAP_ATTEMPTS : 0;
}

struct ltpin_attempts lt_attempts_of(const struct lt_area *area)
{
	struct ltpin_attempts attempts;

	raw_spin_lock_irq(&lock);
	attempts = area->attempts;
	raw_spin_unlock_irq(&lock);
	return attempts;
}

#else

void lt_attempts_init(void)
{
}

void lt_attempts_exit(void)
{
}

u64 lt_attempts_caps(void)
{
	return 0;
}

struct ltpin_attempts lt_attempts_of(const struct lt_area *area)
{
	return (struct ltpin_attempts){ .nr_success = 0 };
}

#endif

#ifdef CONFIG_STACKTRACE

static void put_stack(struct ltpin_blocker *blocker)
{
	unsigned long stack[LTPIN_STACK_MAX];
	unsigned int i;

	/* Without us: this function, its caller, and the probe. */
	blocker->nr_stack = stack_trace_save(stack, ARRAY_SIZE(stack), 3);
	for (i = 0; i < blocker->nr_stack; i++)
		blocker->stack[i] = stack[i];
}

#else

static void put_stack(struct ltpin_blocker *blocker)
{
}

#endif

/* The request that @blocker is in the way of: the running task's own. In a probe. */
void lt_attempts_describe(struct ltpin_blocker *blocker)
{
	const struct lt_area *area = lt_areas_find(blocker->pfn);

	if (area)
		strscpy(blocker->area, area->name, sizeof(blocker->area));
#if defined(CONFIG_TRACEPOINTS) && defined(CONFIG_CMA)
	{
		const struct request *request;
		unsigned long flags;

		raw_spin_lock_irqsave(&lock, flags);
		request = find_request(current);
		if (request) {
			blocker->nr_pages = request->nr_pages;
			strscpy(blocker->area, request->area, sizeof(blocker->area));
		}
		raw_spin_unlock_irqrestore(&lock, flags);
	}
#endif
	put_stack(blocker);
}
