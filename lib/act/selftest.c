// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The self-test: choose a backend and a primer, run each case in a child
 * process under a watchdog, come to a verdict.
 */
#include "act/selftest.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/selftest_verdict.h"

struct test {
	struct lt_snapshot *snap;
	const struct lt_selftest_options *options;
	struct lt_selftest *result;
	struct lt_case_setup setup;
	unsigned int nr_cpus;
	enum lt_pin_scope scope;
	struct lt_diag cannot; /* why no case can run */
};

/*
 * Since 5.13 a pin asks for pages that are not movable. The same patches gave
 * migration a new reason, "longterm_pin", which its trace event spells out; only
 * where that cannot be read the release has to tell.
 */
static enum lt_pin_scope find_scope(const struct lt_snapshot *snap)
{
	static const char *const formats[] = {
		"/sys/kernel/tracing/events/migrate/mm_migrate_pages/format",
		"/sys/kernel/debug/tracing/events/migrate/mm_migrate_pages/format",
	};
	const char *release = snap->kernel.release;
	uint64_t major, minor;
	struct lt_text text;
	struct lt_buf buf;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		bool is_new;

		if (lt_root_read(snap->root, formats[i], &buf))
			continue;
		is_new = memmem(buf.data, buf.len, "longterm_pin", strlen("longterm_pin"));
		free(buf.data);
		return is_new ? LT_SCOPE_UNMOVABLE : LT_SCOPE_NO_CMA;
	}
	lt_text_init(&text, release ? release : "", release ? strlen(release) : 0);
	if (!lt_text_u64(&text, &major) || !lt_text_literal(&text, ".") ||
	    !lt_text_u64(&text, &minor))
		return LT_SCOPE_UNKNOWN;
	return major > 5 || (major == 5 && minor >= 13) ? LT_SCOPE_UNMOVABLE : LT_SCOPE_NO_CMA;
}

static void find_cpus(struct test *test)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (size_t cpu = 0; cpu < CPU_SETSIZE && test->nr_cpus < LT_CASE_THREADS_MAX; cpu++)
		if (CPU_ISSET(cpu, &set))
			test->setup.cpus[test->nr_cpus++] = (int)cpu;
}

static bool is_wanted(const struct lt_selftest_options *options, const char *name)
{
	for (size_t i = 0; i < options->nr_cases; i++)
		if (!strcmp(options->cases[i], name))
			return true;
	return !options->nr_cases;
}

static int check_options(const struct lt_selftest_options *options, struct lt_diag *diag)
{
	bool is_backend = !options->backend || !strcmp(options->backend, "auto");

	for (size_t i = 0; lt_backends[i]; i++)
		is_backend = is_backend || !strcmp(options->backend, lt_backends[i]->name);
	if (!is_backend) {
		lt_diag_set(diag, "there is no backend '%s'", options->backend);
		return -EINVAL;
	}
	for (size_t i = 0; i < options->nr_cases; i++) {
		if (!lt_case_find(options->cases[i])) {
			lt_diag_set(diag, "there is no case '%s'", options->cases[i]);
			return -EINVAL;
		}
	}
	return 0;
}

static void show_progress(const struct lt_case_setup *setup, uint32_t done, void *arg)
{
	const struct test *test = arg;

	test->options->progress(setup->what->name, done, setup->nr_rounds, test->options->arg);
}

static int watch(struct test *test, const struct lt_case *what, struct lt_watch *out,
		 struct lt_case_run *run)
{
	const struct lt_selftest_options *options = test->options;
	uint32_t rounds = options->rounds ? options->rounds : LT_SELFTEST_ROUNDS;
	int err;

	*out = (struct lt_watch){
		.timeout_ms = options->timeout_ms ? options->timeout_ms : LT_SELFTEST_TIMEOUT_MS,
		.stop = options->stop,
		.progress = options->progress ? show_progress : NULL,
		.arg = test,
	};
	test->setup.what = what;
	/* A slow machine makes fewer rounds; the rest of the time is for one that hangs. */
	test->setup.budget_ms = out->timeout_ms / 3 * 2;
	test->setup.nr_rounds = what->nr_threads ? rounds * what->rounds : 1;
	err = lt_watch_case(&test->setup, out, run);
	return !err && out->end == LT_WATCH_STOPPED ? -EINTR : err;
}

/* Add one primer's reason to those before it. */
static void add_reason(struct lt_diag *cannot, const char *reason)
{
	struct lt_diag before = *cannot;

	memset(cannot, 0, sizeof(*cannot));
	lt_diag_set(cannot, "%s%s%s", before.why[0] ? before.why : "no way to prime: ",
		    before.why[0] ? "; " : "", reason);
}

/* How many pages of @wanted a primer gets to the head of the list; -ENODEV if it does not work. */
static int try_primer(struct test *test, uint64_t *landed, uint64_t *wanted)
{
	struct lt_watch seen;
	struct lt_case_run run;
	int err = watch(test, &lt_case_control, &seen, &run);

	if (err)
		return err;
	if (seen.end != LT_WATCH_DONE || run.err) {
		add_reason(&test->cannot, run.diag.why[0] ? run.diag.why : "priming did not end");
		return -ENODEV;
	}
	*landed = run.counts.control_landed + run.counts.resident_landed;
	*wanted = run.counts.control_faults + run.counts.resident_faults;
	return 0;
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
	test->setup.primer = best;
	if (!best)
		return -ENODEV;
	test->result->priming = best->name;
	if (most * 2 < wanted && most >= 16)
		test->setup.nr_pages = (uint32_t)(test->setup.nr_pages * most / wanted);
	return 0;
}

/* Whether any case can run at all; if not, test->cannot says why. -EINTR or -ENOMEM are serious. */
static int prepare(struct test *test)
{
	struct lt_diag *why = &test->cannot;
	bool has_ranges = false;
	int fd, err;

	lt_vec_each(area, &test->snap->areas)
		has_ranges = has_ranges || area->ranges.nr;
	if (!has_ranges) {
		lt_diag_set(why, "no CMA area is known on this system");
		return -ENODEV;
	}
	fd = lt_pagemap_open();
	if (fd < 0) {
		lt_diag_set(why, "where pages lie needs CAP_SYS_ADMIN and /proc/self/pagemap (%s)",
			    strerror(-fd));
		return -ENODEV;
	}
	close(fd);
	err = lt_backend_choose(test->options->backend, &test->setup.backend, why);
	if (err)
		return err == -ENOMEM ? err : -ENODEV;
	test->result->backend = test->setup.backend->name;
	return choose_primer(test);
}

static int add_skipped(struct test *test, const struct lt_case *what, const char *why)
{
	struct lt_case_result *result = lt_vec_push(&test->result->cases);

	if (!result)
		return -ENOMEM;
	result->name = what->name;
	result->outcome = LT_OUTCOME_SKIPPED;
	result->detail = lt_strings_format(test->snap->strings, "%s", why);
	return result->detail ? 0 : -ENOMEM;
}

static int run_case(struct test *test, const struct lt_case *what)
{
	struct lt_case_result *result;
	struct lt_watch seen;
	struct lt_case_run run;
	int err;

	if (test->cannot.why[0])
		return add_skipped(test, what, test->cannot.why);
	if (what->nr_threads > test->nr_cpus)
		return add_skipped(test, what, "needs two CPUs");
	err = watch(test, what, &seen, &run);
	if (err)
		return err;
	result = lt_vec_push(&test->result->cases);
	if (!result)
		return -ENOMEM;
	lt_case_report(&test->setup, test->scope, &seen, &run, test->snap->strings, result);
	/* It may still hold pages and a CPU: no ground for other cases. */
	if (seen.is_alive)
		lt_diag_set(&test->cannot, "not run: the case before did not end");
	return 0;
}

static int run_all(struct test *test)
{
	int err = prepare(test);

	if (!err)
		memset(&test->cannot, 0, sizeof(test->cannot)); /* a primer that is not needed */
	if (err && err != -ENODEV)
		return err;
	err = 0;
	for (const struct lt_case *what = lt_cases; what->name && !err; what++)
		if (is_wanted(test->options, what->name))
			err = run_case(test, what);
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
		.setup = {
			.areas = &snap->areas,
			.nr_pages = options->pages ? options->pages : LT_SELFTEST_PAGES,
		},
		.scope = find_scope(snap),
	};
	int err = check_options(options, diag);

	if (err)
		return err;
	find_cpus(&test);
	err = run_all(&test);
	if (err) {
		lt_selftest_fini(&result);
		return err;
	}
	lt_selftest_judge(&result, snap->strings);
	*out = result;
	return 0;
}
