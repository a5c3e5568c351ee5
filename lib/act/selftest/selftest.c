// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The self-test: choose a backend and a primer, run each case in a child
 * process under a watchdog, come to a verdict.
 */
#include "act/selftest/selftest.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "act/selftest/selftest_verdict.h"

#define NR_TARGETS (LT_TARGET_MOVABLE + 1)

struct test {
	struct lt_snapshot *snap;
	const struct lt_selftest_options *options;
	struct lt_selftest *result;
	struct lt_case_setup setup;
	struct lt_ranges targets[NR_TARGETS];
	uint32_t nr_pages; /* per pin call, in small pages */
	unsigned int nr_cpus;
	enum lt_pin_scope scope;
	struct lt_diag cannot;	     /* why no case can run */
	struct lt_diag cannot_prime; /* why none can whose pages have to be put in CMA */
};

static void find_cpus(struct test *test)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (size_t cpu = 0; cpu < CPU_SETSIZE && test->nr_cpus < LT_CASE_THREADS_MAX; cpu++)
		if (CPU_ISSET(cpu, &set))
			test->setup.cpus[test->nr_cpus++] = (int)cpu;
}

static int add_range(struct lt_ranges *ranges, struct lt_range range)
{
	struct lt_range *added = lt_vec_push(ranges);

	if (!added)
		return -ENOMEM;
	*added = range;
	return 0;
}

static int find_targets(struct test *test)
{
	int err = 0;

	lt_vec_each(area, &test->snap->areas)
		lt_vec_each(range, &area->ranges)
			err = err ? err : add_range(&test->targets[LT_TARGET_CMA], range->pfns);
	lt_vec_each(zone, &test->snap->zones) {
		uint64_t start = zone->start_pfn.val;

		if (err || strcmp(zone->name, "Movable") || !zone->start_pfn.known ||
		    !zone->nr_spanned.known || !zone->nr_spanned.val)
			continue;
		err = add_range(&test->targets[LT_TARGET_MOVABLE],
				(struct lt_range){ start, start + zone->nr_spanned.val });
	}
	return err;
}

static int check_backend(const char *name, struct lt_diag *diag)
{
	bool is_known = !name || !strcmp(name, "auto");

	for (size_t i = 0; lt_backends[i]; i++)
		is_known = is_known || !strcmp(name, lt_backends[i]->name);
	if (!is_known)
		lt_diag_set(diag, "there is no backend '%s'", name);
	return is_known ? 0 : -EINVAL;
}

static int check_options(const struct lt_selftest_options *options, struct lt_diag *diag)
{
	struct lt_cases cases = { 0 };
	int err = check_backend(options->backend, diag);

	if (err)
		return err;
	if (options->prime && strcmp(options->prime, "auto") && !lt_primer_find(options->prime)) {
		lt_diag_set(diag, "there is no way to prime called '%s'", options->prime);
		return -EINVAL;
	}
	err = lt_cases_select(options->cases, options->nr_cases, NULL, &cases, diag);
	lt_vec_free(&cases);
	return err;
}

static void show_progress(const struct lt_case_setup *setup, uint32_t done, void *arg)
{
	const struct test *test = arg;

	test->options->progress(setup->what->name, done, setup->nr_rounds, test->options->arg);
}

/* Whole units, and enough control pages to tell. */
static void set_sizes(struct test *test, size_t nr_unit)
{
	struct lt_case_setup *setup = &test->setup;
	uint32_t unit = (uint32_t)nr_unit;

	setup->nr_pages = (test->nr_pages + unit - 1) / unit * unit;
	setup->nr_control = setup->nr_pages / 4 > 4 ? setup->nr_pages / 4 : 4;
	if (setup->nr_control < unit)
		setup->nr_control = unit;
}

static int watch(struct test *test, const struct lt_case *what, size_t nr_unit,
		 struct lt_watchdog *out, struct lt_case_run *run)
{
	const struct lt_selftest_options *options = test->options;
	uint32_t rounds = options->rounds ? options->rounds : LT_SELFTEST_ROUNDS;
	int err;

	*out = (struct lt_watchdog){
		.timeout_ms = options->timeout_ms ? options->timeout_ms : LT_SELFTEST_TIMEOUT_MS,
		.stop = options->stop,
		.progress = options->progress ? show_progress : NULL,
		.arg = test,
	};
	test->setup.what = what;
	test->setup.target = &test->targets[what->situation->target];
	/* A slow machine makes fewer rounds; the rest of the time is for one that hangs. */
	test->setup.budget_ms = out->timeout_ms / 3 * 2;
	test->setup.nr_rounds = what->nr_threads ? rounds * lt_case_rounds(what) : 1;
	set_sizes(test, nr_unit);
	err = lt_watchdog_run(&test->setup, out, run);
	return !err && out->end == LT_WATCHDOG_STOPPED ? -EINTR : err;
}

/* Add one primer's reason to those before it. */
static void add_reason(struct lt_diag *cannot, const char *reason)
{
	struct lt_diag before = *cannot;

	memset(cannot, 0, sizeof(*cannot));
	lt_diag_set(cannot, "%s%s%s",
		    before.why[0] ? before.why : "no way to prime: ", before.why[0] ? "; " : "",
		    reason);
}

/* How many pages of @wanted a primer gets to the head of the list; -ENODEV if it does not work. */
static int try_primer(struct test *test, uint64_t *landed, uint64_t *wanted)
{
	struct lt_watchdog seen;
	struct lt_case_run run;
	int err = watch(test, &lt_case_control, 1, &seen, &run);

	if (err)
		return err;
	if (seen.end != LT_WATCHDOG_DONE || run.err) {
		add_reason(&test->cannot_prime,
			   run.diag.why[0] ? run.diag.why : "priming did not end");
		return -ENODEV;
	}
	*landed = run.counts.control_landed + run.counts.resident_landed;
	*wanted = run.counts.control_faults + run.counts.resident_faults;
	/* Memory that does not come from CMA by itself is no reason to give. */
	return !*landed && test->setup.primer == &lt_primer_none ? -ENODEV : 0;
}

static bool is_allowed(const struct lt_primer *primer, const char *name)
{
	const struct lt_primer *named;

	if (!name || !strcmp(name, "auto"))
		return !primer->is_last_resort;
	named = lt_primer_find(name);
	return primer == named || named->is_last_resort;
}

/*
 * The primer that brings the most pages, by trial: the first that brings nearly
 * all of them. On a CPU whose lists are short, so are the buffers that follow.
 */
static int choose_primer(struct test *test)
{
	const struct lt_primer *best = NULL;
	uint64_t most = 0, wanted = 0;

	for (size_t i = 0; lt_primers[i] && (!best || most * 10 < wanted * 9); i++) {
		uint64_t landed = 0;
		int err;

		test->setup.primer = lt_primers[i];
		if (!is_allowed(lt_primers[i], test->options->prime) ||
		    (lt_primers[i]->is_last_resort && best && most * LT_POWER_ONE_IN >= wanted))
			continue;
		err = try_primer(test, &landed, &wanted);
		if (err == -ENODEV)
			continue;
		if (err)
			return err;
		if (!best || landed > most) {
			best = lt_primers[i];
			most = landed;
		}
	}
	test->setup.primer = best ? best : &lt_primer_none;
	if (!best && !is_allowed(&lt_primer_pressure, test->options->prime))
		add_reason(&test->cannot_prime, "--prime=pressure was not asked for");
	if (!best)
		return 0;
	memset(&test->cannot_prime, 0, sizeof(test->cannot_prime)); /* of one that is not needed */
	test->result->priming = best->name;
	if (most * 2 < wanted && most >= 16)
		test->nr_pages = (uint32_t)(test->nr_pages * most / wanted);
	return 0;
}

/* What somebody who is not root may pin. Half of it: the ring that pins counts, too. */
static int limit_to_memlock(struct test *test)
{
	struct rlimit limit;
	uint64_t nr_pages;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return 0;
	nr_pages = limit.rlim_cur / 2 / (uint64_t)sysconf(_SC_PAGESIZE);
	if (nr_pages < test->nr_pages)
		test->nr_pages = (uint32_t)nr_pages;
	if (!nr_pages)
		lt_diag_set(&test->cannot, "RLIMIT_MEMLOCK lets this user pin nothing: run it as "
					   "root, or raise it (ulimit -l)");
	return 0;
}

/* What no case can do without; if it is missing, test->cannot says so. */
static int prepare(struct test *test)
{
	struct lt_diag *why = &test->cannot;
	int fd = lt_pagemap_open(), err;

	test->setup.is_hidden = fd == -EPERM || fd == -EACCES;
	if (fd >= 0) {
		close(fd);
	} else if (!test->setup.is_hidden) {
		lt_diag_set(why,
			    "where pages lie needs /proc/self/pagemap "
			    "(CONFIG_PROC_PAGE_MONITOR): %s",
			    strerror(-fd));
		return 0;
	}
	err = lt_backend_choose(test->options->backend, &test->setup.backend, why);
	if (err)
		return err == -ENOMEM ? err : 0;
	memset(why, 0, sizeof(*why)); /* of one that is not needed */
	test->result->backend = test->setup.backend->name;
	test->setup.primer = &lt_primer_none;
	if (test->setup.is_hidden)
		return limit_to_memlock(test);
	return test->targets[LT_TARGET_CMA].nr ? choose_primer(test) : 0;
}

/* Why a case cannot run at all, or NULL; @nr_unit is that of its memory. */
static const char *find_obstacle(const struct test *test, const struct lt_case *what,
				 size_t *nr_unit, struct lt_diag *diag)
{
	enum lt_target target = what->situation->target;
	bool is_allocating = what->situation->rival == LT_RIVAL_ALLOCATION;
	const char *obstacle;

	if (test->cannot.why[0])
		return test->cannot.why;
	obstacle = lt_case_obstacle(what, test->setup.backend);
	if (!obstacle)
		obstacle = lt_case_hazard(what, test->scope);
	if (obstacle)
		return obstacle;
	/* All that is left to see is whether a pin returns. */
	if (test->setup.is_hidden)
		return strcmp(what->name, "fresh")
			       ? "where pages lie is hidden from this user: run "
				 "it as root"
			       : NULL;
	if ((what->nr_threads > 1 || is_allocating) && test->nr_cpus < LT_CASE_THREADS_MAX)
		return "needs two CPUs";
	if (!test->targets[target].nr)
		return target == LT_TARGET_CMA ? "no CMA area is known on this system"
					       : "this system has no ZONE_MOVABLE (movablecore=)";
	if (lt_backing_check(what->backing, nr_unit, diag))
		return diag->why;
	if (target == LT_TARGET_CMA && *nr_unit == 1 && test->cannot_prime.why[0])
		return test->cannot_prime.why;
	if (is_allocating && !test->setup.primer->alloc)
		return "needs the helper module or CMA debugfs to allocate with";
	return NULL;
}

static int add_skipped(struct test *test, const struct lt_case *what, const char *why)
{
	struct lt_case_result *result = lt_vec_push(&test->result->cases);

	if (!result)
		return -ENOMEM;
	result->name = lt_strings_format(test->snap->strings, "%s", what->name);
	result->outcome = LT_OUTCOME_SKIPPED;
	result->detail = lt_strings_format(test->snap->strings, "%s", why);
	return result->name && result->detail ? 0 : -ENOMEM;
}

static int run_case(struct test *test, const struct lt_case *what)
{
	struct lt_case_result *result;
	struct lt_diag diag = { 0 };
	size_t nr_unit = 1;
	const char *obstacle = find_obstacle(test, what, &nr_unit, &diag);
	struct lt_watchdog seen;
	struct lt_case_run run;
	int err;

	if (obstacle)
		return add_skipped(test, what, obstacle);
	err = watch(test, what, nr_unit, &seen, &run);
	if (err)
		return err;
	result = lt_vec_push(&test->result->cases);
	if (!result)
		return -ENOMEM;
	lt_case_report(&test->setup, test->scope, &seen, &run, test->snap->strings, result);
	/* It may still hold pages and a CPU: no ground for other cases. */
	if (seen.is_alive)
		lt_diag_set(&test->cannot, "not run: the case before did not end");
	else if (result->outcome == LT_OUTCOME_LIVELOCK && !test->options->nr_cases)
		lt_diag_set(&test->cannot, "not run: case \"%s\" has proved the breach",
			    what->name);
	return 0;
}

static int run_all(struct test *test, struct lt_diag *diag)
{
	struct lt_cases cases = { 0 };
	int err = find_targets(test);

	if (!err)
		err = prepare(test);
	if (!err)
		err = lt_cases_select(test->options->cases, test->options->nr_cases,
				      test->setup.backend, &cases, diag);
	for (size_t i = 0; i < cases.nr && !err; i++)
		err = run_case(test, &cases.v[i]);
	lt_vec_free(&cases);
	for (size_t i = 0; i < NR_TARGETS; i++)
		lt_vec_free(&test->targets[i]);
	return err;
}

int lt_selftest_run(struct lt_snapshot *snap, const struct lt_selftest_options *options,
		    struct lt_selftest *out, struct lt_diag *diag)
{
	struct lt_selftest result = { .release = snap->kernel.release };
	struct test test = {
		.snap = snap,
		.options = options,
		.result = &result,
		.setup.areas = &snap->areas,
		.nr_pages = options->pages ? options->pages : LT_SELFTEST_PAGES,
		.scope = lt_pin_scope_find(snap),
	};
	int err = check_options(options, diag);

	if (err)
		return err;
	find_cpus(&test);
	err = run_all(&test, diag);
	if (err) {
		lt_selftest_fini(&result);
		return err;
	}
	lt_selftest_evaluate(&result, snap->strings);
	*out = result;
	return 0;
}
