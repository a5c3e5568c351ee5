// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The arguments of the thread that fixed the no-CMA scope in v5.10, as numbers:
 * what the fix costs, what retrying, draining the per-CPU lists, bypassing them
 * and clearing __GFP_MOVABLE would have achieved, and what became of the
 * HIGHATOMIC reserve.
 *
 * The module measures (uapi/ltpin_ioctl.h), here it is told what.
 */
#include "act/bench/bench_job.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "source/tables/cma_use.h"
#include "act/device/device.h"
#include "source/module/module.h"
#include "uapi/ltpin_ioctl.h"
#include "uapi/ltpin_netlink.h"

#define NR_RESERVE_REQUESTS 64

int lt_bench_add_note(struct lt_bench_job *job, const char *note)
{
	const char **slot = lt_vec_push(&job->bench->notes);

	if (!slot)
		return -ENOMEM;
	*slot = note;
	return 0;
}

bool lt_bench_is_stopped(const struct lt_bench_job *job)
{
	return job->options->stop && *job->options->stop;
}

void lt_bench_progress(const struct lt_bench_job *job, const char *what)
{
	if (job->options->progress)
		job->options->progress(what);
}

/* What a request without __GFP_MOVABLE may not use, and all there is. */
static void add_zones(struct lt_bench_job *job)
{
	struct lt_bench *bench = job->bench;

	lt_vec_each(zone, &job->snap->zones) {
		if (!zone->nr_managed.known)
			continue;
		bench->nr_managed = lt_num(bench->nr_managed.val + zone->nr_managed.val);
		bench->nr_movable =
			lt_num(bench->nr_movable.val +
			       (strcmp(zone->name, "Movable") ? 0 : zone->nr_managed.val));
	}
}

/* Reserve */

static const char *why_no_reserve(int err)
{
	if (err == -ENODATA)
		return "HIGHATOMIC reserve: there is none; the kernel makes one when memory is "
		       "short, for an atomic request of several pages";
	if (err == -E2BIG)
		return "HIGHATOMIC reserve: it has more free blocks of one size than the module's "
		       "parameter max_walk lets it count with interrupts off";
	if (err == -EOPNOTSUPP)
		return "HIGHATOMIC reserve: needs kretprobes (CONFIG_KRETPROBES) and the module's "
		       "parameter dirty_probe";
	return "HIGHATOMIC reserve: out of memory";
}

static int measure_reserve(struct lt_bench_job *job, uint32_t flags,
			   struct ltpin_ioc_bench_reserve *out)
{
	*out = (struct ltpin_ioc_bench_reserve){
		.nr_pages = NR_RESERVE_REQUESTS,
		.flags = flags,
	};
	return lt_device_bench(job->fd, LTPIN_IOC_BENCH_RESERVE, out);
}

static int run_reserve(struct lt_bench_job *job)
{
	struct ltpin_ioc_bench_reserve in_scope, outside;
	int err;

	lt_bench_progress(job, "HIGHATOMIC reserve");
	err = measure_reserve(job, 0, &outside);
	if (!err)
		err = measure_reserve(job, LTPIN_BENCH_SCOPE, &in_scope);
	if (err == -EINTR || err == -ENOTTY)
		return err;
	if (err)
		return lt_bench_add_note(job, why_no_reserve(err));
	job->bench->reserve = (struct lt_bench_reserve){
		.nr_requests = lt_num(NR_RESERVE_REQUESTS),
		.in_scope = { lt_num(in_scope.before), lt_num(in_scope.during) },
		.outside = { lt_num(outside.before), lt_num(outside.during) },
	};
	return 0;
}

static int open_device(struct lt_bench_job *job, struct lt_diag *diag)
{
	struct lt_module_info info;
	int err;

	job->fd = lt_device_open();
	if (job->fd == -ENOENT)
		lt_diag_set(diag, "needs the helper module: run `ltpin module load`");
	else if (job->fd < 0)
		lt_diag_set(diag, "/dev/ltpin: %s; run it as root", strerror(-job->fd));
	if (job->fd < 0)
		return job->fd;
	err = lt_module_info(&info, diag);
	if (!err && !(info.caps & LTPIN_CAP_BENCH))
		err = -ENOTTY;
	if (err == -ENOTTY)
		lt_diag_set(diag, "the loaded module is older than this program: `ltpin module "
				  "unload`, then `ltpin module load`");
	job->caps = err ? 0 : info.caps;
	job->is_drain_refused = !err && strstr(info.not_called, "drain_all_pages");
	return err;
}

/* Chance */

static void notice(const struct lt_bench_job *job, const char *what)
{
	if (job->options->notice)
		job->options->notice(what);
}

/* A second between two looks; less if it is to stop. */
static void wait_a_second(const struct lt_bench_job *job)
{
	for (int i = 0; i < 20 && !lt_bench_is_stopped(job); i++)
		usleep(50000);
}

/* What the source of @use cannot see; NULL if that is nothing. */
static const char *blind_spot(const struct lt_cma_use *use)
{
	if (!use->source)
		return "chance: no source says whether a device allocates from CMA now "
		       "(vmstat's cma_alloc_success, from 6.1 on; CONFIG_CMA_SYSFS; "
		       "CONFIG_CMA_DEBUGFS)";
	if (!use->is_sum)
		return "chance: CMA debugfs shows only what is allocated now: a device that "
		       "allocates and frees within a second is not seen";
	return NULL;
}

/*
 * The pages that the lists are primed with are on no LRU while we have them, so that a device's
 * request for that memory fails: say so, and keep away from devices that make requests.
 */
static int ask_for_leave(struct lt_bench_job *job, struct lt_diag *diag)
{
	struct lt_cma_use before, after;
	const char *unseen;
	int err = lt_cma_use_read(job->snap->root, &before);

	lt_bench_progress(job, "who else allocates from CMA");
	wait_a_second(job);
	if (!err)
		err = lt_cma_use_read(job->snap->root, &after);
	if (!err && lt_bench_is_stopped(job))
		err = -EINTR;
	if (err)
		return err;
	if (lt_cma_use_differs(&before, &after)) {
		if (!job->options->in_use) {
			lt_diag_set(diag,
				    "somebody allocated from CMA within the last second (%s): "
				    "such requests may fail while chance is measured; "
				    "--even-in-use does it all the same",
				    after.source);
			return -EBUSY;
		}
		err = lt_bench_add_note(job, "chance: measured while others allocated from CMA");
	}
	notice(job, "chance: a device's request for CMA may fail while this is measured: pages of "
		    "CMA are kept where the kernel cannot migrate them, for moments");
	unseen = blind_spot(&after);
	if (!err && unseen) {
		notice(job, unseen);
		err = lt_bench_add_note(job, unseen);
	}
	return err;
}

static int run_parts(struct lt_bench_job *job)
{
	const struct lt_bench_options *options = job->options;
	int err = 0;

	add_zones(job);
	if (!options->no_cost)
		err = lt_bench_costs(job);
	if (!err && !options->no_chance)
		err = lt_bench_chances(job);
	if (!err && !options->no_reserve)
		err = run_reserve(job);
	return err;
}

/* Per-CPU lists are what this is about: stay on one. */
static int run_on_one_cpu(struct lt_bench_job *job, struct lt_diag *diag)
{
	cpu_set_t old, here;
	int cpu = sched_getcpu(), err;

	if (cpu < 0 || cpu >= CPU_SETSIZE || sched_getaffinity(0, sizeof(old), &old)) {
		lt_diag_set(diag, "cannot stay on one processor");
		return -EINVAL;
	}
	CPU_ZERO(&here);
	CPU_SET((size_t)cpu, &here);
	if (sched_setaffinity(0, sizeof(here), &here)) {
		lt_diag_set(diag, "cannot stay on one processor");
		return -EINVAL;
	}
	err = run_parts(job);
	sched_setaffinity(0, sizeof(old), &old);
	if (err && err != -EINTR)
		lt_diag_set(diag, "the module: %s", strerror(-err));
	return err;
}

int lt_bench_run(struct lt_snapshot *snap, const struct lt_bench_options *options,
		 struct lt_bench *out, struct lt_diag *diag)
{
	struct lt_bench bench = { .release = snap->kernel.release };
	struct lt_bench_job job = {
		.options = options,
		.snap = snap,
		.bench = &bench,
		.nr_samples = options->nr_samples ? options->nr_samples : LT_BENCH_SAMPLES,
	};
	int err = open_device(&job, diag);

	if (!err && !options->no_chance)
		err = ask_for_leave(&job, diag);
	if (!err) {
		bench.scope = job.caps & LTPIN_CAP_BENCH_PIN ? "memalloc_pin_save"
							     : "memalloc_nocma_save";
		err = run_on_one_cpu(&job, diag);
	}
	if (job.fd >= 0)
		close(job.fd);
	if (err)
		lt_bench_fini(&bench);
	else
		*out = bench;
	return err;
}
