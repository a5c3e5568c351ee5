// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One round: prime; the buffer is faulted in (or not); control pages; the pin;
 * control pages; look where everything lies; unpin. The control pages are
 * ordinary faults of the same CPU right before and right after the pin: if they
 * come from CMA, pages for the pin would have, were they not kept away.
 *
 * Nothing is read between priming and pin that could empty the per-CPU list
 * (page_owner does, up to 5.18). The buffers are mapped before priming.
 */
#include "act/selftest_case.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

const struct lt_case lt_cases[] = {
	{
		.name = "fresh",
		.what = "the pin itself faults the buffer in",
		.breach = "pages allocated for a pin from the per-CPU list that holds CMA pages",
		.nr_threads = 1,
		.rounds = 1,
	},
	{
		.name = "in-cma",
		.what = "the buffer lies in CMA before the pin",
		.breach = "pages that are not moved out of CMA, or moved to other CMA pages",
		.is_resident = true,
		.nr_threads = 1,
		.rounds = 1,
	},
	{
		.name = "race",
		.what = "two threads pin the same buffer, which lies in CMA, at once",
		.breach = "a pin that takes another's pages for done while they are being moved",
		.is_resident = true,
		.nr_threads = 2,
		/*
		 * One round in ten or twenty shows it where io_uring pins and the
		 * two CPUs have other work; 20 rounds have missed it, 100 did not.
		 */
		.rounds = 10,
	},
	{ .name = NULL },
};

const struct lt_case lt_case_control = { .name = "control", .is_resident = true, .rounds = 1 };

/* Page tables, stacks and the kernel take some of the primed pages. */
#define NR_SPARE 8

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
	uint32_t nr_control; /* before, and as many after the pin */
	struct lt_buffer before, buffer, after;
	uint64_t *pfns;
	struct pinner pinners[LT_CASE_THREADS_MAX];
	pthread_barrier_t start, end;
};

const struct lt_case *lt_case_find(const char *name)
{
	for (const struct lt_case *row = lt_cases; row->name; row++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}

static int stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

static void pin(struct pinner *pinner)
{
	const struct runner *runner = pinner->runner;

	pinner->err =
		runner->setup->backend->pin(pinner->fd, &runner->buffer, LT_PIN_WRITE, pinner->pfns);
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
	atomic_store(&runner->run->pin_since_ms, lt_clock_ms());
	if (is_race)
		pthread_barrier_wait(&runner->start);
	pin(&runner->pinners[0]);
	if (is_race)
		pthread_barrier_wait(&runner->end);
	atomic_store(&runner->run->pin_since_ms, 0);
}

/* How many pages of @buffer are in CMA now; negative errno. */
static int count_landed(struct runner *runner, const struct lt_buffer *buffer, uint64_t *landed)
{
	int err = lt_buffer_pfns(buffer, runner->pagemap, runner->pfns);

	if (!err)
		*landed += lt_areas_count_pfns(runner->setup->areas, runner->pfns,
					       buffer->nr_pages);
	return err;
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

static uint64_t count_differing(const uint64_t *a, const uint64_t *b, uint32_t nr)
{
	uint64_t differing = 0;

	for (uint32_t i = 0; i < nr; i++)
		differing += a[i] != b[i];
	return differing;
}

/* All pins have returned and are held, so nothing of the buffer moves. */
static int count_pinned(struct runner *runner)
{
	const struct lt_case_setup *setup = runner->setup;
	struct lt_case_counts *counts = &runner->run->counts;
	int err = lt_buffer_pfns(&runner->buffer, runner->pagemap, runner->pfns);

	for (unsigned int i = 0; i < setup->what->nr_threads && !err; i++) {
		const struct pinner *pinner = &runner->pinners[i];

		if (pinner->err) {
			counts->nr_calls_failed++;
			counts->call_err = pinner->err;
			continue;
		}
		counts->nr_pinned += setup->nr_pages;
		counts->nr_landed +=
			lt_areas_count_pfns(setup->areas, runner->pfns, setup->nr_pages);
		if (setup->backend->tells_pfns)
			counts->nr_disagreed += count_differing(pinner->pfns, runner->pfns,
								setup->nr_pages);
	}
	return err;
}

static int fail(struct runner *runner, int err, const char *what)
{
	if (err)
		lt_diag_set(&runner->run->diag, "%s: %s", what, strerror(-err));
	return err;
}

static int map_buffers(struct runner *runner)
{
	int err = lt_buffer_map(LT_BACKING_ANON, runner->nr_control, &runner->before);

	if (!err)
		err = lt_buffer_map(LT_BACKING_ANON, runner->setup->nr_pages, &runner->buffer);
	if (!err)
		err = lt_buffer_map(LT_BACKING_ANON, runner->nr_control, &runner->after);
	return fail(runner, err, "mmap");
}

static int run_round(struct runner *runner)
{
	const struct lt_case *what = runner->setup->what;
	struct lt_case_counts *counts = &runner->run->counts;
	uint32_t wanted = runner->setup->nr_pages + 2 * runner->nr_control + NR_SPARE;
	int err = map_buffers(runner);

	if (!err)
		err = fail(runner, lt_prime_run(&runner->prime, wanted), "priming");
	if (!err && what->is_resident) {
		lt_buffer_touch(&runner->buffer);
		counts->resident_faults += runner->buffer.nr_pages;
		err = fail(runner, count_landed(runner, &runner->buffer, &counts->resident_landed),
			   "pagemap");
	}
	if (!err) {
		lt_buffer_touch(&runner->before);
		if (what->nr_threads)
			pin_all(runner);
		lt_buffer_touch(&runner->after);
		err = fail(runner, count_control(runner), "pagemap");
	}
	if (!err)
		err = fail(runner, count_pinned(runner), "pagemap");
	for (unsigned int i = 0; i < what->nr_threads; i++)
		if (!runner->pinners[i].err)
			runner->setup->backend->unpin(runner->pinners[i].fd);
	lt_buffer_unmap(&runner->before);
	lt_buffer_unmap(&runner->buffer);
	lt_buffer_unmap(&runner->after);
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

static int start(struct runner *runner)
{
	const struct lt_case_setup *setup = runner->setup;
	int err = fail(runner, stay_on(setup->cpus[0]), "sched_setaffinity");

	if (err)
		return err;
	runner->nr_control = setup->nr_pages / 4 > 4 ? setup->nr_pages / 4 : 4;
	runner->pfns = calloc(setup->nr_pages + runner->nr_control, sizeof(*runner->pfns));
	if (!runner->pfns)
		return -ENOMEM;
	runner->pagemap = lt_pagemap_open();
	if (runner->pagemap < 0)
		return fail(runner, runner->pagemap, "/proc/self/pagemap");
	pthread_barrier_init(&runner->start, NULL, LT_CASE_THREADS_MAX);
	pthread_barrier_init(&runner->end, NULL, LT_CASE_THREADS_MAX);
	for (unsigned int i = 0; i < setup->what->nr_threads && !err; i++)
		err = start_pinner(runner, i);
	if (err)
		return fail(runner, err, "start");
	return lt_prime_open(setup->primer, setup->areas, &runner->run->held, &runner->prime,
			     &runner->run->diag);
}

void lt_case_execute(const struct lt_case_setup *setup, struct lt_case_run *run)
{
	struct runner runner = { .setup = setup, .run = run };
	uint64_t until_ms = lt_clock_ms() + setup->budget_ms;
	int err = start(&runner);

	for (uint32_t i = 0; i < setup->nr_rounds && !err; i++) {
		if (i && lt_clock_ms() >= until_ms)
			break;
		err = run_round(&runner);
		atomic_fetch_add(&run->rounds_done, 1);
		/* A breach that was seen needs no more proof than any case gives. */
		if (run->counts.nr_landed && i + 1 >= setup->nr_rounds / setup->what->rounds)
			break;
	}
	run->err = err;
	atomic_store(&run->is_done, true);
}
