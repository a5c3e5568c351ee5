// SPDX-License-Identifier: GPL-2.0-only
/* What a request for one page costs: LTPIN_IOC_BENCH_COST. */
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/stringify.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>
#include <linux/uaccess.h>

#include "bench.h"

static __always_inline u64 read_clock(bool cycles)
{
	return cycles ? get_cycles() : ktime_get_mono_fast_ns();
}

static __always_inline void run_nops(void)
{
	asm volatile(".rept " __stringify(LTPIN_BENCH_NR_NOPS) "\n\tnop\n\t.endr");
}

/*
 * Interrupts stay on where an allocation must not be made without them. A free
 * page is all that may be waited for then, and that is not asked for.
 */
static unsigned long quiet(void)
{
	unsigned long irq = 0;

	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		local_irq_save(irq);
	return irq;
}

static void unquiet(unsigned long irq)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		local_irq_restore(irq);
}

/* The scope is entered outside: it is entered once for a whole migration. */
static int take_pages(const struct ltpin_ioc_bench_cost *arg, struct ltpin_bench_sample *sample)
{
	const gfp_t gfp = lt_bench_gfp(arg->flags) & ~__GFP_RECLAIM;
	const bool cycles = arg->flags & LTPIN_BENCH_CYCLES;
	struct page *pages[LTPIN_BENCH_BATCH_MAX];
	u64 start, middle, end;
	unsigned long irq;
	u32 i, nr = 0;

	irq = quiet();
	start = read_clock(cycles);
	for (i = 0; i < arg->batch; i++)
		pages[i] = alloc_page(gfp);
	middle = read_clock(cycles);
	for (i = 0; i < arg->batch; i++) {
		if (pages[i]) {
			__free_page(pages[i]);
			nr++;
		}
	}
	end = read_clock(cycles);
	unquiet(irq);
	sample->alloc = middle - start;
	sample->free = end - middle;
	return nr == arg->batch ? 0 : -ENOMEM;
}

static int take_nothing(const struct ltpin_ioc_bench_cost *arg, struct ltpin_bench_sample *sample)
{
	const bool cycles = arg->flags & LTPIN_BENCH_CYCLES;
	u64 start, middle, end;
	unsigned long irq;

	irq = quiet();
	start = read_clock(cycles);
	if (arg->work == LTPIN_BENCH_NOPS)
		run_nops();
	middle = read_clock(cycles);
	end = read_clock(cycles);
	unquiet(irq);
	sample->alloc = middle - start;
	sample->free = end - middle;
	return 0;
}

static bool is_valid(const struct ltpin_ioc_bench_cost *arg)
{
	const u32 known = LTPIN_BENCH_SCOPE | LTPIN_BENCH_UNMOVABLE | LTPIN_BENCH_CYCLES;

	return arg->nr_samples && arg->batch && arg->batch <= LTPIN_BENCH_BATCH_MAX &&
	       arg->work <= LTPIN_BENCH_PAGE && !(arg->flags & ~known);
}

long lt_bench_cost(struct ltpin_ioc_bench_cost __user *from)
{
	struct ltpin_bench_sample sample, __user *to;
	struct ltpin_ioc_bench_cost arg;
	unsigned int saved;
	int err = 0;
	u32 i;

	if (copy_from_user(&arg, from, sizeof(arg)))
		return -EFAULT;
	if (!is_valid(&arg))
		return -EINVAL;

	to = u64_to_user_ptr(arg.samples);
	saved = lt_bench_enter(arg.flags);
	for (i = 0; i < arg.nr_samples && !err; i++) {
		if (fatal_signal_pending(current))
			err = -EINTR;
		else if (arg.work == LTPIN_BENCH_PAGE)
			err = take_pages(&arg, &sample);
		else
			err = take_nothing(&arg, &sample);
		if (!err && copy_to_user(to + i, &sample, sizeof(sample)))
			err = -EFAULT;
		cond_resched();
	}
	lt_bench_leave(arg.flags, saved);
	return err;
}
