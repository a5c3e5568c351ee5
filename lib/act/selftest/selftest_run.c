// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One round: prime; the buffer is faulted in (or not); control pages; the pin;
 * control pages; look where everything lies; unpin. The control pages are
 * ordinary faults of the same CPU and the same kind of memory right before and
 * right after the pin: if they come from where no pin belongs, pages for the pin
 * would have, were they not kept away.
 *
 * Nothing is read between priming and pin that could empty the per-CPU list
 * (page_owner does, up to 5.18). The buffers are mapped before priming.
 */
#include "act/selftest/selftest_run.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/device/live.h"
#include "act/selftest/selftest_rival.h"
#include "base/now.h"

/* Page tables, stacks and the kernel take some of the primed pages. */
#define NR_SPARE 8

/* With nothing where it has to be in so many rounds, it will not be in the next. */
#define NR_ROUNDS_IN_VAIN 3

/* Moments at which the pin meets the allocation, over its duration. */
#define NR_MOMENTS 8

/* Pages; 16 MiB where they are of 4 KiB. */
#define NR_CONTENDED_MAX 4096

struct pinner {
	struct runner *runner;
	pthread_t thread;
	int cpu, fd, err;
	uint64_t *pfns;
};

struct runner {
	const struct lt_case_setup *setup;
	struct lt_case_run *run;
	struct lt_prime prime;
	int pagemap;
	struct lt_buffer before, buffer, after;
	uint64_t *pfns;
	struct pinner pinners[LT_CASE_THREADS_MAX];
	pthread_barrier_t start, end;
	struct lt_allocator allocator;
	int pipe[2];
};

static int stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

static int fail(struct runner *runner, int err, const char *what)
{
	if (err)
		lt_diag_set(&runner->run->diag, "%s: %s", what, strerror(-err));
	return err;
}

static void pin(struct pinner *pinner)
{
	const struct lt_case_setup *setup = pinner->runner->setup;

	pinner->err = setup->backend->pin(pinner->fd, &pinner->runner->buffer, setup->what->flags,
					  pinner->pfns);
}

static void *pin_along(void *arg)
{
	struct pinner *pinner = arg;
	struct runner *runner = pinner->runner;

	/* On the wrong CPU there is less of a race, but no wrong result. */
	stay_on(pinner->cpu);
	for (;;) {
		pthread_barrier_wait(&runner->start);
		pin(pinner);
		pthread_barrier_wait(&runner->end);
	}
	return NULL;
}

static void pin_all(struct runner *runner)
{
	bool is_race = runner->setup->what->nr_threads > 1;

	/* Before, so that one that never returns counts. */
	runner->run->counts.nr_calls += runner->setup->what->nr_threads;
	atomic_store(&runner->run->pin_since_ms, lt_now_ms());
	if (is_race)
		pthread_barrier_wait(&runner->start);
	pin(&runner->pinners[0]);
	if (is_race)
		pthread_barrier_wait(&runner->end);
	atomic_store(&runner->run->pin_since_ms, 0);
}

/*
 * Pages from the begin of the area to the last one of the buffer, but not more
 * than a device might ask for; where the buffer lies is known. The allocation
 * begins there too, unless something is allocated already.
 */
static uint32_t count_contended(const struct runner *runner, size_t *nr_covered)
{
	const struct lt_areas *areas = runner->setup->areas;
	uint64_t nr = 0;

	*nr_covered = 0;
	for (size_t i = 0; i < runner->buffer.nr_pages; i++) {
		uint64_t pfn = runner->pfns[i], base;
		size_t area = lt_areas_find_pfn(areas, pfn);

		if (area == LT_NO_AREA)
			continue;
		base = lt_area_hull(&areas->v[area]).start_pfn;
		if (pfn - base >= NR_CONTENDED_MAX)
			continue;
		*nr_covered += 1;
		if (nr < pfn - base + 1)
			nr = pfn - base + 1;
	}
	return nr ? (uint32_t)nr : 1;
}

static void pin_against_allocation(struct runner *runner)
{
	struct lt_case_counts *counts = &runner->run->counts;
	unsigned int moment = atomic_load(&runner->run->rounds_done) % NR_MOMENTS;
	size_t nr_covered;
	uint32_t nr = count_contended(runner, &nr_covered);

	if (lt_allocator_go(&runner->allocator, nr, moment, NR_MOMENTS) &&
	    nr_covered * 2 >= runner->buffer.nr_pages)
		counts->nr_calls_contended += runner->setup->what->nr_threads;
	pin_all(runner);
	lt_allocator_wait(&runner->allocator);
}

static int pin_against_reference(struct runner *runner)
{
	int err = lt_reference_take(runner->pipe, &runner->buffer);

	if (err)
		return fail(runner, err, "vmsplice");
	pin_all(runner);
	lt_reference_drop(runner->pipe, &runner->buffer);
	return 0;
}

static int pin_against_rival(struct runner *runner)
{
	switch (runner->setup->what->situation->rival) {
	case LT_RIVAL_ALLOCATION:
		pin_against_allocation(runner);
		return 0;
	case LT_RIVAL_REFERENCE:
		return pin_against_reference(runner);
	default:
		pin_all(runner);
		return 0;
	}
}

static bool is_in(const struct lt_ranges *target, uint64_t pfn)
{
	lt_vec_each(range, target)
		if (lt_range_has(*range, pfn))
			return true;
	return false;
}

/* Pages of @buffer that are in the target now; huge pages that came in small ones are not. */
static int count_landed(struct runner *runner, const struct lt_buffer *buffer, uint64_t *landed)
{
	int err = lt_buffer_pfns(buffer, runner->pagemap, runner->pfns);

	if (err || lt_buffer_count_whole(buffer, runner->pfns) < buffer->nr_pages)
		return err;
	for (size_t i = 0; i < buffer->nr_pages; i++)
		*landed += is_in(runner->setup->target, runner->pfns[i]);
	return 0;
}

static int count_control(struct runner *runner)
{
	struct lt_case_counts *counts = &runner->run->counts;
	int err = count_landed(runner, &runner->before, &counts->control_landed);

	if (!err)
		err = count_landed(runner, &runner->after, &counts->control_landed);
	counts->control_faults += runner->before.nr_pages + runner->after.nr_pages;
	return err;
}

static int count_resident(struct runner *runner)
{
	struct lt_case_counts *counts = &runner->run->counts;

	counts->resident_faults += runner->buffer.nr_pages;
	return count_landed(runner, &runner->buffer, &counts->resident_landed);
}

static void count_pins(struct runner *runner, const struct pinner *pinner)
{
	const struct lt_case_setup *setup = runner->setup;
	struct lt_case_counts *counts = &runner->run->counts;

	if (pinner->err) {
		counts->nr_calls_failed++;
		counts->call_err = pinner->err;
		return;
	}
	counts->nr_pinned += setup->nr_pages;
	for (uint32_t i = 0; i < setup->nr_pages; i++) {
		counts->nr_landed += is_in(setup->target, runner->pfns[i]);
		if (setup->backend->tells_pfns)
			counts->nr_disagreed += pinner->pfns[i] != runner->pfns[i];
	}
}

/* All pins have returned and are held, so nothing of the buffer moves. */
static int count_pinned(struct runner *runner)
{
	int err = lt_buffer_pfns(&runner->buffer, runner->pagemap, runner->pfns);

	for (unsigned int i = 0; i < runner->setup->what->nr_threads && !err; i++)
		count_pins(runner, &runner->pinners[i]);
	return err;
}

static int map_buffers(struct runner *runner)
{
	const struct lt_case_setup *setup = runner->setup;
	enum lt_backing backing = setup->what->backing;
	int err = lt_buffer_map(backing, setup->nr_control, &runner->before);

	if (!err)
		err = lt_buffer_map(backing, setup->nr_pages, &runner->buffer);
	if (!err)
		err = lt_buffer_map(backing, setup->nr_control, &runner->after);
	if (err != -ENOMEM || backing != LT_BACKING_HUGETLB)
		return fail(runner, err, "mmap");
	lt_diag_set(&runner->run->diag, "too few free huge pages: raise /proc/sys/vm/nr_hugepages");
	return -EOPNOTSUPP;
}

/*
 * What took the place of a huge page in CMA joins the pool, and would be served
 * first: it is kept until the process ends, so that others have their turn.
 */
static void unmap_buffers(struct runner *runner)
{
	lt_buffer_unmap(&runner->before);
	if (runner->setup->what->backing != LT_BACKING_HUGETLB)
		lt_buffer_unmap(&runner->buffer);
	lt_buffer_unmap(&runner->after);
}

static int prime(struct runner *runner)
{
	const struct lt_case_setup *setup = runner->setup;

	if (setup->what->situation->target != LT_TARGET_CMA ||
	    (runner->buffer.nr_unit > 1 && !setup->primer->has_any_size))
		return 0;
	return fail(
		runner,
		lt_prime_run(&runner->prime, setup->nr_pages + 2 * setup->nr_control + NR_SPARE),
		"priming");
}

static int run_round(struct runner *runner)
{
	const struct lt_case *what = runner->setup->what;
	int err = map_buffers(runner);

	if (!err)
		err = prime(runner);
	if (!err && what->situation->is_resident) {
		lt_buffer_touch(&runner->buffer);
		err = fail(runner, count_resident(runner), "pagemap");
	}
	if (!err) {
		lt_buffer_touch(&runner->before);
		if (what->nr_threads)
			err = pin_against_rival(runner);
		lt_buffer_touch(&runner->after);
	}
	if (!err)
		err = fail(runner, count_pinned(runner), "pagemap");
	for (unsigned int i = 0; i < what->nr_threads; i++) {
		if (!runner->pinners[i].err)
			runner->setup->backend->unpin(runner->pinners[i].fd);
		runner->pinners[i].err = -ECANCELED;
	}
	if (!err)
		err = fail(runner, count_control(runner), "pagemap");
	unmap_buffers(runner);
	return err;
}

/*
 * SIGTERM is left to the first thread: lt_prime_run() makes it wait there, and
 * must not be bypassed by way of another.
 */
static int start_thread(struct pinner *pinner)
{
	sigset_t end, old;
	int err;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &end, &old);
	err = pthread_create(&pinner->thread, NULL, pin_along, pinner);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

static int start_pinner(struct runner *runner, unsigned int i)
{
	struct pinner *pinner = &runner->pinners[i];
	struct lt_diag *diag = &runner->run->diag;

	pinner->runner = runner;
	pinner->cpu = runner->setup->cpus[i];
	pinner->err = -ECANCELED; /* nothing to unpin yet */
	pinner->pfns = calloc(runner->setup->nr_pages, sizeof(*pinner->pfns));
	if (!pinner->pfns)
		return -ENOMEM;
	pinner->fd = runner->setup->backend->open(diag);
	if (pinner->fd < 0)
		return pinner->fd;
	return i ? start_thread(pinner) : 0;
}

static int start_rival(struct runner *runner)
{
	switch (runner->setup->what->situation->rival) {
	case LT_RIVAL_ALLOCATION:
		if (!runner->setup->primer->alloc)
			return -EOPNOTSUPP;
		return lt_allocator_start(&runner->allocator, &runner->prime,
					  runner->setup->cpus[1]);
	case LT_RIVAL_REFERENCE:
		return pipe2(runner->pipe, O_CLOEXEC) ? -errno : 0;
	default:
		return 0;
	}
}

static int start(struct runner *runner)
{
	const struct lt_case_setup *setup = runner->setup;
	int err = fail(runner, stay_on(setup->cpus[0]), "sched_setaffinity");

	if (err)
		return err;
	runner->pfns = calloc(setup->nr_pages + setup->nr_control, sizeof(*runner->pfns));
	if (!runner->pfns)
		return -ENOMEM;
	runner->pagemap =
		setup->is_hidden ? lt_live_open("/proc/self/pagemap", O_RDONLY) : lt_pagemap_open();
	if (runner->pagemap < 0)
		return fail(runner, runner->pagemap, "/proc/self/pagemap");
	pthread_barrier_init(&runner->start, NULL, LT_CASE_THREADS_MAX);
	pthread_barrier_init(&runner->end, NULL, LT_CASE_THREADS_MAX);
	for (unsigned int i = 0; i < setup->what->nr_threads && !err; i++)
		err = start_pinner(runner, i);
	if (err)
		return fail(runner, err, "start");
	err = lt_prime_open(setup->primer, setup->areas, &runner->run->held, &runner->prime,
			    &runner->run->diag);
	return err ? err : fail(runner, start_rival(runner), "start");
}

/* Whether more rounds could not add to what is known. */
static bool is_enough(const struct runner *runner, uint32_t rounds)
{
	const struct lt_case_counts *counts = &runner->run->counts;

	/* A breach that was seen needs no more proof than any case gives. */
	if (counts->nr_landed)
		return rounds >= runner->setup->nr_rounds / lt_case_rounds(runner->setup->what);
	return counts->resident_faults && !counts->resident_landed && rounds >= NR_ROUNDS_IN_VAIN;
}

void lt_case_execute(const struct lt_case_setup *setup, struct lt_case_run *run)
{
	struct runner runner = { .setup = setup, .run = run, .prime.fd = -1 };
	uint64_t until_ms = lt_now_ms() + setup->budget_ms;
	int err = start(&runner);

	for (uint32_t rounds = 0; rounds < setup->nr_rounds && !err; rounds++) {
		if (rounds && (lt_now_ms() >= until_ms || is_enough(&runner, rounds)))
			break;
		err = run_round(&runner);
		if (err == -EOPNOTSUPP && rounds) { /* the pool is used up */
			err = 0;
			break;
		}
		atomic_fetch_add(&run->rounds_done, 1);
	}
	lt_prime_close(&runner.prime);
	run->err = err;
	atomic_store(&run->is_done, true);
}
