// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a request for one page costs: medians, less what reading the clock takes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "act/bench/bench_job.h"
#include "act/device/device.h"
#include "base/array_size.h"
#include "uapi/ltpin_ioctl.h"

struct times {
	struct lt_bench_time alloc, free;
};

static int compare(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

static struct lt_bench_time summarise(uint32_t *ticks, size_t nr, uint32_t batch)
{
	struct lt_bench_time time;

	qsort(ticks, nr, sizeof(*ticks), compare);
	time.ci95 = lt_interval_median(ticks, nr, &time.median);
	time.median /= batch;
	time.ci95.low /= batch;
	time.ci95.high /= batch;
	return time;
}

/* @samples and @ticks: room for job->nr_samples; @samples has been written to. */
static int sample_cost(struct lt_bench_job *job, struct ltpin_ioc_bench_cost *arg,
		       struct ltpin_bench_sample *samples, uint32_t *ticks, struct times *out)
{
	uint32_t nr = job->nr_samples;

	for (uint32_t done = 0; done < nr; done += arg->nr_samples) {
		int err;

		if (lt_bench_is_stopped(job))
			return -EINTR;
		arg->nr_samples = nr - done < LT_BENCH_CHUNK ? nr - done : LT_BENCH_CHUNK;
		arg->samples = (uintptr_t)(samples + done);
		err = lt_device_bench(job->fd, LTPIN_IOC_BENCH_COST, arg);
		if (err)
			return err;
	}
	for (uint32_t i = 0; i < nr; i++)
		ticks[i] = samples[i].alloc;
	out->alloc = summarise(ticks, nr, arg->batch);
	for (uint32_t i = 0; i < nr; i++)
		ticks[i] = samples[i].free;
	out->free = summarise(ticks, nr, arg->batch);
	return 0;
}

static int measure_cost(struct lt_bench_job *job, struct ltpin_ioc_bench_cost arg,
			struct times *out)
{
	size_t size = job->nr_samples * sizeof(struct ltpin_bench_sample);
	struct ltpin_bench_sample *samples = malloc(size);
	uint32_t *ticks = calloc(job->nr_samples, sizeof(*ticks));
	int err = -ENOMEM;

	if (samples && ticks) {
		memset(samples, 0xff, size);
		err = sample_cost(job, &arg, samples, ticks, out);
	}
	free(samples);
	free(ticks);
	return err;
}

static bool is_exactly(struct lt_bench_time time, double median)
{
	return time.median == median && time.ci95.low == median && time.ci95.high == median;
}

/*
 * Which clock: one that counts instructions takes exactly as many ticks more for
 * 1024 instructions that do nothing. No processor of today takes that long.
 * Returns what reading the clock costs in @nothing.
 */
static int choose_clock(struct lt_bench_job *job, struct ltpin_ioc_bench_cost *arg,
			struct times *nothing)
{
	struct times nops;
	int err;

	*arg = (struct ltpin_ioc_bench_cost){ .batch = 1, .flags = LTPIN_BENCH_CYCLES };
	err = measure_cost(job, *arg, nothing);
	arg->work = LTPIN_BENCH_NOPS;
	if (!err)
		err = measure_cost(job, *arg, &nops);
	if (err)
		return err;
	if (is_exactly(nothing->alloc, nothing->alloc.median) &&
	    is_exactly(nops.alloc, nothing->alloc.median + LTPIN_BENCH_NR_NOPS)) {
		job->bench->unit = LT_BENCH_INSTRUCTIONS;
		return 0;
	}
	*arg = (struct ltpin_ioc_bench_cost){ .batch = LTPIN_BENCH_BATCH_MAX / 2 };
	return measure_cost(job, *arg, nothing);
}

static struct lt_bench_time minus(struct lt_bench_time time, struct lt_bench_time nothing)
{
	time.median -= nothing.median;
	time.ci95.low -= nothing.median;
	time.ci95.high -= nothing.median;
	return time;
}

static int add_cost(struct lt_bench_job *job, struct ltpin_ioc_bench_cost arg, uint32_t flags,
		    const struct times *nothing)
{
	struct lt_bench_cost *cost;
	struct times times;
	int err;

	arg.work = LTPIN_BENCH_PAGE;
	arg.flags |= flags;
	err = measure_cost(job, arg, &times);
	if (err)
		return err;
	cost = lt_vec_push(&job->bench->costs);
	if (!cost)
		return -ENOMEM;
	*cost = (struct lt_bench_cost){
		.is_movable = !(flags & LTPIN_BENCH_UNMOVABLE),
		.in_scope = flags & LTPIN_BENCH_SCOPE,
		.nr_samples = job->nr_samples,
		.alloc = minus(times.alloc, nothing->alloc),
		.free = minus(times.free, nothing->free),
	};
	return 0;
}

static bool has_page_owner(const struct lt_bench_job *job)
{
	const char *cmdline = job->snap->kernel.cmdline;

	return cmdline && strstr(cmdline, "page_owner=on");
}

int lt_bench_costs(struct lt_bench_job *job)
{
	static const uint32_t requests[] = { 0, LTPIN_BENCH_SCOPE, LTPIN_BENCH_UNMOVABLE };
	struct ltpin_ioc_bench_cost arg;
	struct times nothing;
	int err;

	lt_bench_progress(job, "cost");
	err = choose_clock(job, &arg, &nothing);
	for (size_t i = 0; i < ARRAY_SIZE(requests) && !err; i++)
		err = add_cost(job, arg, requests[i], &nothing);
	/* With a clock that ticks now and then the medians say nothing. */
	if (!err && job->bench->unit == LT_BENCH_NS && job->bench->costs.nr &&
	    job->bench->costs.v[0].alloc.median <= 0) {
		lt_vec_free(&job->bench->costs);
		err = lt_bench_add_note(job, "cost: this kernel's clock is too coarse to tell");
	}
	if (!err && job->bench->costs.nr && has_page_owner(job))
		err = lt_bench_add_note(job, "cost without page_owner: it is on, and most of the "
					     "cost");
	return err;
}
