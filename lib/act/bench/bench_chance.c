// SPDX-License-Identifier: LGPL-2.1-or-later
/* How often a request for one page gets a CMA page, by each way to ask for it. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/bench/bench_job.h"
#include "act/device/device.h"
#include "uapi/ltpin_ioctl.h"
#include "uapi/ltpin_netlink.h"

/*
 * The list that a request meets: mostly CMA pages. On a real one the share is
 * anything; this one leaves retries a chance and does not do their work.
 */
#define LIST_CMA 28
#define LIST_OTHER 4

static int add_chances(struct lt_bench_job *job, const struct lt_bench_way *way,
		       const struct ltpin_ioc_bench_chance *arg, const uint32_t *landed)
{
	for (uint32_t retries = 0; retries <= way->retries; retries++) {
		struct lt_bench_chance *chance = lt_vec_push(&job->bench->chances);

		if (!chance)
			return -ENOMEM;
		*chance = (struct lt_bench_chance){
			.way = way->name,
			.nr_cma = arg->nr_cma,
			.nr_other = arg->nr_other,
			.retries = retries,
			.nr_samples = job->nr_samples,
			.nr_landed = landed[retries],
			.ci95 = lt_interval_share(landed[retries], job->nr_samples),
		};
	}
	return 0;
}

static int measure_chance(struct lt_bench_job *job, const struct lt_bench_way *way)
{
	struct ltpin_ioc_bench_chance arg = {
		.base_pfn = job->area.start_pfn,
		.end_pfn = job->area.end_pfn,
		.nr_cma = way->is_short ? 1 : LIST_CMA,
		.nr_other = way->is_short ? 0 : LIST_OTHER,
		.flags = way->flags,
	};
	uint32_t landed[LTPIN_BENCH_TRIES] = { 0 }, nr = job->nr_samples;

	for (uint32_t done = 0; done < nr; done += arg.nr_samples) {
		int err;

		if (lt_bench_is_stopped(job))
			return -EINTR;
		arg.nr_samples = nr - done < LT_BENCH_CHUNK ? nr - done : LT_BENCH_CHUNK;
		err = lt_device_bench(job->fd, LTPIN_IOC_BENCH_CHANCE, &arg);
		if (err)
			return err;
		for (size_t i = 0; i < LTPIN_BENCH_TRIES; i++)
			landed[i] += arg.landed[i];
	}
	return add_chances(job, way, &arg, landed);
}

/*
 * Another task of this CPU: allocates a CMA page and frees it, works for some
 * time, and so on until it is killed.
 */
static void be_neighbour(struct lt_range area)
{
	int fd = lt_device_open();
	uint64_t pfn;
	uint32_t id;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (; fd >= 0 && getppid() != 1;) {
		if (lt_device_alloc(fd, 2, area, &pfn, &id))
			usleep(1000);
		else
			lt_device_release(fd, id);
		for (volatile unsigned int i = 0; i < 100000; i++)
			;
	}
	_exit(0);
}

static int measure_with_neighbour(struct lt_bench_job *job, const struct lt_bench_way *way)
{
	pid_t pid = fork();
	int err;

	if (pid < 0)
		return -errno;
	if (!pid)
		be_neighbour(job->area);
	err = measure_chance(job, way);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return err;
}

/*
 * Ways that only make sense if lists can be emptied; and what happens then on the
 * list of movable pages matters only to requests that look there.
 */
static bool can_measure(const struct lt_bench_job *job, const struct lt_bench_way *way)
{
	if (way->is_short && !(job->caps & LTPIN_CAP_BENCH_DRAIN))
		return false;
	return !way->has_neighbour || !(job->caps & LTPIN_CAP_BENCH_PIN);
}

/* The area that requests are served from: the first that the list can be primed with. */
static int find_area(struct lt_bench_job *job)
{
	int err = -ENOENT;

	lt_vec_each(area, &job->snap->areas) {
		struct ltpin_ioc_bench_chance arg = { .nr_samples = 1, .nr_cma = 1 };

		if (!area->ranges.nr)
			continue;
		job->area = lt_area_hull(area);
		arg.base_pfn = job->area.start_pfn;
		arg.end_pfn = job->area.end_pfn;
		err = lt_device_bench(job->fd, LTPIN_IOC_BENCH_CHANCE, &arg);
		if (!err || err == -EINTR)
			break;
	}
	return err;
}

static const char *why_no_area(int err)
{
	switch (err) {
	case -ENOENT:
		return "chance: there is no CMA area, or its place is not known";
	case -ENODATA:
		return "chance: a movable page is not served from CMA here (ZONE_MOVABLE comes "
		       "first, or the list could not be primed)";
	default:
		return "chance: the module gets no pages from CMA";
	}
}

int lt_bench_chances(struct lt_bench_job *job)
{
	int err;

	lt_bench_progress(job, "chance");
	err = find_area(job);
	if (err == -EINTR || err == -ENOTTY)
		return err;
	if (err)
		return lt_bench_add_note(job, why_no_area(err));
	for (const struct lt_bench_way *way = lt_bench_ways; way->name && !err; way++) {
		if (!can_measure(job, way))
			continue;
		lt_bench_progress(job, way->what);
		err = way->has_neighbour ? measure_with_neighbour(job, way)
					 : measure_chance(job, way);
		if (err == -ENODATA)
			err = lt_bench_add_note(job,
						"chance: the list could not be primed any more");
	}
	if (!err && !(job->caps & LTPIN_CAP_BENCH_DRAIN))
		err = lt_bench_add_note(
			job,
			job->is_drain_refused
				? "draining: the module does not call drain_all_pages(): it has no "
				  "ENDBR64, which calls through pointers need with IBT"
				: "draining: the module has not found drain_all_pages(); load it "
				  "without symbol_lookup=0");
	return err;
}
