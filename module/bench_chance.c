// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often a request for one page gets a CMA page: LTPIN_IOC_BENCH_CHANCE.
 *
 * The pages that prime the list are allocated once and kept. Each sample frees
 * them, asks, and collects them again: what was freed last is what the list
 * gives first.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "bench.h"

#define NR_SPARE 256 /* pages that are met while collecting, and not wanted */
#define NR_PRIMED_MAX 8

static void (*drain_all)(struct zone *zone); /* NULL: not found */

struct chance {
	struct ltpin_ioc_bench_chance arg;
	struct page *cma[LTPIN_BENCH_LIST_MAX];
	struct page *other[LTPIN_BENCH_LIST_MAX];
	struct page *spare[NR_SPARE];
	u32 nr_cma, nr_other, nr_spare;
};

static bool is_in_area(const struct chance *chance, const struct page *page)
{
	u64 pfn = page_to_pfn(page);

	return pfn >= chance->arg.base_pfn && pfn < chance->arg.end_pfn;
}

static void free_all(struct page **pages, u32 *nr)
{
	while (*nr)
		__free_page(pages[--*nr]);
}

static struct lt_hold *allocate_cma(const struct chance *chance)
{
	const struct lt_area *area = lt_areas_find(chance->arg.base_pfn);
	bool single = area || lt_alloc_caps() & LTPIN_CAP_ALLOC_SINGLE;
	struct lt_hold *hold;
	int err;

	hold = lt_hold_new(LTPIN_KIND_ALLOC, 0, single ? 1 : 2);
	if (IS_ERR(hold))
		return hold;
	err = lt_alloc_get(hold, area);
	if (!err && !is_in_area(chance, hold->page))
		err = -ENODATA;
	if (err) {
		lt_hold_free(hold);
		return ERR_PTR(err);
	}
	return hold;
}

/*
 * Puts pages of the area at the head of this CPU's list. Each allocation empties
 * the lists, so all are made before the first is freed. And none while we have
 * pages of the area: the kernel would try these first, and log that they are busy.
 */
static int prime(struct chance *chance)
{
	struct lt_hold *holds[LTPIN_BENCH_LIST_MAX];
	u32 nr_pages = 0, nr = 0;
	int err = 0;

	free_all(chance->cma, &chance->nr_cma);
	while (nr_pages < chance->arg.nr_cma && !err) {
		holds[nr] = allocate_cma(chance);
		err = PTR_ERR_OR_ZERO(holds[nr]);
		if (!err)
			nr_pages += holds[nr++]->nr_pages;
	}
	while (nr)
		lt_hold_free(holds[--nr]);
	return err;
}

/* Keeps @page where it is wanted. False: for neither list. */
static bool keep(struct chance *chance, struct page *page)
{
	if (is_in_area(chance, page)) {
		if (chance->nr_cma == chance->arg.nr_cma)
			return false;
		chance->cma[chance->nr_cma++] = page;
	} else {
		if (chance->nr_other == chance->arg.nr_other)
			return false;
		chance->other[chance->nr_other++] = page;
	}
	return true;
}

/* Takes movable pages as anybody does, until there are enough of each kind. */
static int collect(struct chance *chance)
{
	const struct ltpin_ioc_bench_chance *arg = &chance->arg;
	u32 nr_primed = 0;
	int err = 0;

	while (!err && (chance->nr_cma < arg->nr_cma || chance->nr_other < arg->nr_other)) {
		struct page *page = alloc_page(lt_bench_gfp(0));

		if (!page) {
			err = -ENOMEM;
			break;
		}
		if (keep(chance, page))
			continue;
		chance->spare[chance->nr_spare++] = page;
		if (chance->nr_spare == NR_SPARE || nr_primed == NR_PRIMED_MAX) {
			err = -ENODATA;
		} else if (fatal_signal_pending(current)) {
			err = -EINTR;
		} else if (chance->nr_cma < arg->nr_cma) {
			nr_primed++;
			err = prime(chance);
		}
	}
	free_all(chance->spare, &chance->nr_spare);
	return err;
}

/* Frees what was collected, in random order. */
static void lay(struct chance *chance)
{
	struct page **cma = chance->cma, **other = chance->other;
	u32 left = chance->nr_cma + chance->nr_other;

	for (; left; left--) {
		bool is_cma = get_random_u32() % left < chance->nr_cma;

		__free_page(is_cma ? cma[--chance->nr_cma] : other[--chance->nr_other]);
	}
}

static struct page *ask(const struct chance *chance, unsigned int order)
{
	unsigned int saved = lt_bench_enter(chance->arg.flags);
	struct page *page = alloc_pages(lt_bench_gfp(chance->arg.flags), order);

	lt_bench_leave(chance->arg.flags, saved);
	return page;
}

static int take_sample(struct chance *chance)
{
	struct ltpin_ioc_bench_chance *arg = &chance->arg;
	/* Newer kernels have blocks up to the costly order on the lists, and huge pages. */
	unsigned int order = arg->flags & LTPIN_BENCH_BLOCK ? PAGE_ALLOC_COSTLY_ORDER + 1 : 0;
	struct page *taken[LTPIN_BENCH_TRIES];
	bool landed = true;
	u32 i, nr = 0;

	lay(chance);
	if (arg->flags & LTPIN_BENCH_DRAIN)
		lt_bench_drain();
	if (arg->flags & LTPIN_BENCH_PAUSE)
		schedule_timeout_uninterruptible(1);
	for (i = 0; i < LTPIN_BENCH_TRIES && landed; i++) {
		struct page *page = ask(chance, order);

		if (!page)
			break;
		landed = is_in_area(chance, page);
		arg->landed[i] += landed;
		if (!i)
			arg->nr_movable += page_zonenum(page) == ZONE_MOVABLE;
		if (landed && arg->flags & LTPIN_BENCH_GIVE_BACK)
			__free_pages(page, order);
		else
			taken[nr++] = page;
	}
	while (nr)
		__free_pages(taken[--nr], order);
	return i || !landed ? 0 : -ENOMEM;
}

static int take_samples(struct chance *chance)
{
	u32 i;
	int err = 0;

	for (i = 0; i < chance->arg.nr_samples && !err; i++) {
		err = collect(chance);
		if (!err)
			err = take_sample(chance);
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	return err;
}

/*
 * The only way out for whatever is still held. A page that is lost here has no
 * owner that could migrate it: one in CMA would break its area until the reboot.
 */
static void free_chance(struct chance *chance)
{
	free_all(chance->cma, &chance->nr_cma);
	free_all(chance->other, &chance->nr_other);
	free_all(chance->spare, &chance->nr_spare);
	kfree(chance);
}

static int check(const struct ltpin_ioc_bench_chance *arg)
{
	const u32 known = LTPIN_BENCH_SCOPE | LTPIN_BENCH_UNMOVABLE | LTPIN_BENCH_GIVE_BACK |
			  LTPIN_BENCH_DRAIN | LTPIN_BENCH_BLOCK | LTPIN_BENCH_PAUSE;

	if (arg->base_pfn >= arg->end_pfn || !arg->nr_samples || !arg->nr_cma ||
	    arg->nr_cma > LTPIN_BENCH_LIST_MAX ||
	    arg->nr_other > LTPIN_BENCH_LIST_MAX - arg->nr_cma || arg->flags & ~known ||
	    arg->reserved[0] || arg->reserved[1])
		return -EINVAL;
	return arg->flags & LTPIN_BENCH_DRAIN && !drain_all ? -EOPNOTSUPP : 0;
}

long lt_bench_chance(struct ltpin_ioc_bench_chance __user *user)
{
	struct chance *chance = kzalloc(sizeof(*chance), GFP_KERNEL_ACCOUNT);
	int err;

	if (!chance)
		return -ENOMEM;
	if (copy_from_user(&chance->arg, user, sizeof(chance->arg))) {
		err = -EFAULT;
	} else {
		err = check(&chance->arg);
		memset(chance->arg.landed, 0, sizeof(chance->arg.landed));
		chance->arg.nr_movable = 0;
		if (!err)
			err = take_samples(chance);
	}
	if (!err && copy_to_user(user, &chance->arg, sizeof(chance->arg)))
		err = -EFAULT;
	free_chance(chance);
	return err;
}

/* Frees the pages on all per-CPU lists into the page allocator proper, if we can. */
void __nocfi lt_bench_drain(void)
{
	if (drain_all)
		drain_all(NULL);
}

/* LTPIN_CAP_* about measurements. */
u64 lt_bench_caps(void)
{
	return LTPIN_CAP_BENCH | LT_PIN_SCOPE_CAP | (drain_all ? LTPIN_CAP_BENCH_DRAIN : 0) |
	       lt_bench_reserve_caps();
}

void lt_bench_init(void)
{
	drain_all = lt_symbol_find("drain_all_pages");
}
