// SPDX-License-Identifier: LGPL-2.1-or-later
/* Makes contiguous allocations through the helper module, and records each with its trace. */
#include "act/alloc/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/now.h"
#include "act/device/device.h"
#include "act/follow/trace_instance.h"
#include "act/pin/kprobe_group.h"
#include "source/module/module.h"
#include "source/page/page_state.h"
#include "uapi/ltpin_ioctl.h"
#include "uapi/ltpin_netlink.h"

struct lt_alloc {
	int device;
	const struct lt_areas *areas;
	size_t area;
	struct lt_range within; /* hull of the area's ranges */
	struct lt_strings *strings;
	struct lt_trace_instance *trace; /* NULL without tracefs */
	struct lt_diag no_trace;
	bool can_choose; /* the module serves from any area, single pages too */
	bool can_single;
};

static int check_caps(struct lt_alloc *alloc, struct lt_diag *diag)
{
	struct lt_module_info info;

	/* Without libmnl the module cannot be asked; the attempts will show. */
	if (lt_module_info(&info, NULL))
		return 0;
	alloc->can_choose = info.caps & LTPIN_CAP_AREAS;
	alloc->can_single = info.caps & (LTPIN_CAP_AREAS | LTPIN_CAP_ALLOC_SINGLE);
	if (info.caps & LTPIN_CAP_ALLOC_CMA)
		return 0;
	lt_diag_set(diag, "this kernel makes no DMA allocations from CMA (CONFIG_DMA_CMA)");
	return -EOPNOTSUPP;
}

/* The area that the kernel's default allocation comes from; LT_NO_AREA if it came from none. */
static size_t find_default_area(const struct lt_alloc *alloc)
{
	size_t area = LT_NO_AREA;
	uint64_t pfn;
	uint32_t id;

	if (!lt_device_alloc(alloc->device, 2, (struct lt_range){ 0 }, &pfn, &id)) {
		area = lt_areas_find_pfn(alloc->areas, pfn);
		lt_device_release(alloc->device, id);
	}
	return area;
}

static int choose_area(struct lt_alloc *alloc, size_t wanted, struct lt_diag *diag)
{
	size_t only = LT_NO_AREA, usual = find_default_area(alloc);
	const struct lt_area *area;

	for (size_t i = 0; i < alloc->areas->nr; i++)
		if (alloc->areas->v[i].ranges.nr)
			only = only == LT_NO_AREA ? i : alloc->areas->nr;
	if (only == LT_NO_AREA) {
		lt_diag_set(diag, "no CMA area is known here: see `ltpin areas`");
		return -ENOENT;
	}
	if (wanted != LT_NO_AREA && usual != LT_NO_AREA && wanted != usual && !alloc->can_choose) {
		area = &alloc->areas->v[usual];
		lt_diag_set(diag,
			    "the kernel serves the module from area \"%s\" only: it could not look "
			    "up the others (its parameter symbol_lookup, CONFIG_KPROBES, or IBT: "
			    "`ltpin module status`)",
			    area->name ? area->name : "?");
		return -EINVAL;
	}
	/* The default area may be too full for the small allocation to tell. */
	alloc->area = wanted != LT_NO_AREA ? wanted : usual != LT_NO_AREA ? usual : only;
	if (alloc->area == alloc->areas->nr) {
		lt_diag_set(diag, "there are several areas: say which one");
		return -EINVAL;
	}
	area = &alloc->areas->v[alloc->area];
	if (!area->ranges.nr) {
		lt_diag_set(diag, "where the area lies is not known");
		return -EINVAL;
	}
	alloc->within = lt_area_hull(area);
	return 0;
}

/* Of this thread; without it blockers stay unknown. */
static void start_trace(struct lt_alloc *alloc)
{
	struct lt_trace_recorded recorded;

	if (lt_trace_instance_open(&alloc->trace, &alloc->no_trace))
		return;
	lt_kprobe_group_clean(); /* nothing of a killed run records them any more */
	if (!lt_trace_instance_start(alloc->trace, gettid(), 0, &recorded, &alloc->no_trace))
		return;
	lt_trace_instance_close(alloc->trace);
	alloc->trace = NULL;
}

int lt_alloc_open(const struct lt_areas *areas, size_t area, struct lt_strings *strings,
		  struct lt_alloc **out, struct lt_diag *diag)
{
	struct lt_alloc *alloc = calloc(1, sizeof(*alloc));
	int err;

	if (!alloc)
		return -ENOMEM;
	alloc->areas = areas;
	alloc->strings = strings;
	alloc->device = lt_device_open();
	err = alloc->device < 0 ? alloc->device : 0;
	if (err == -ENOENT)
		lt_diag_set(diag, "the helper module is not loaded: `ltpin module load`");
	else if (err)
		lt_diag_set(diag, "cannot open /dev/" LTPIN_DEVICE ": %s", strerror(-err));
	if (!err)
		err = check_caps(alloc, diag);
	if (!err)
		err = choose_area(alloc, area, diag);
	if (err) {
		lt_alloc_close(alloc);
		return err;
	}
	start_trace(alloc);
	*out = alloc;
	return 0;
}

const char *lt_alloc_no_trace(const struct lt_alloc *alloc)
{
	return alloc->trace ? NULL : alloc->no_trace.why;
}

/* Pages of the folios in the area that are pinned now, ascending. */
static int sample_pins(const struct lt_alloc *alloc, struct lt_ranges *out)
{
	const struct lt_page_state module = { 0 };

	return lt_page_state_pinned(&module, &alloc->areas->v[alloc->area], out);
}

/* What lies in both of two ascending lists. */
static int intersect(const struct lt_ranges *a, const struct lt_ranges *b, struct lt_ranges *out)
{
	size_t i = 0, j = 0;

	while (i < a->nr && j < b->nr) {
		struct lt_range x = a->v[i], y = b->v[j];
		struct lt_range both = {
			x.start_pfn > y.start_pfn ? x.start_pfn : y.start_pfn,
			x.end_pfn < y.end_pfn ? x.end_pfn : y.end_pfn,
		};

		if (lt_range_nr_pages(both)) {
			struct lt_range *range = lt_vec_push(out);

			if (!range)
				return -ENOMEM;
			*range = both;
		}
		if (x.end_pfn < y.end_pfn)
			i++;
		else
			j++;
	}
	return 0;
}

/*
 * What the trace recorded of our request. The kernel may make several attempts
 * for one (areas of the node first): the ranges of all count, the last one's
 * end is the end.
 */
static int add_trace(struct lt_alloc *alloc, struct lt_attempt *out, struct lt_diag *diag)
{
	struct lt_attempts traced = { 0 };
	int err = lt_trace_instance_read(alloc->trace, alloc->strings, &traced, diag);

	/* The trace's own name and time for it: the system's trace will have the same. */
	if (traced.nr) {
		out->caller = traced.v[0].caller;
		if (traced.v[0].ts_ns.known)
			out->ts_ns = traced.v[0].ts_ns;
	}
	lt_vec_each(attempt, &traced) {
		lt_vec_each(tried, &attempt->tries) {
			struct lt_try *copy = lt_vec_push(&out->tries);

			if (!copy)
				err = -ENOMEM;
			else
				*copy = *tried;
		}
		out->align = attempt->align;
		if (attempt->latency_ns.known)
			out->latency_ns = attempt->latency_ns;
		if (out->failed && attempt->failed)
			out->err = attempt->err;
	}
	lt_attempts_free(&traced);
	if (err && err != -ENOMEM) {
		lt_diag_set(&alloc->no_trace, "the trace cannot be read: %s", strerror(-err));
		lt_trace_instance_close(alloc->trace);
		alloc->trace = NULL;
		err = 0;
	}
	return err;
}

static int request(struct lt_alloc *alloc, uint32_t nr_pages, struct lt_attempt *out,
		   struct lt_diag *diag)
{
	const struct lt_area *area = &alloc->areas->v[alloc->area];
	uint64_t pfn = 0;
	uint32_t id;
	int err = lt_device_alloc(alloc->device, nr_pages, alloc->within, &pfn, &id);

	/* An area of several ranges has other memory between them. */
	if (!err && !lt_area_has(area, pfn)) {
		lt_device_release(alloc->device, id);
		err = -ENXIO;
	}
	out->failed = err;
	if (!err) {
		out->pfn = lt_num(pfn);
		out->err = lt_num(0);
		return 0;
	}
	/* ENXIO: from the page allocator, after CMA had failed. */
	if (err == -ENOMEM || err == -ENXIO)
		return 0;
	if (err == -EOPNOTSUPP)
		lt_diag_set(diag, "this machine's DMA memory is not plain memory");
	else
		lt_device_explain(err, false, diag);
	return err;
}

int lt_alloc_attempt(struct lt_alloc *alloc, uint32_t nr_pages, struct lt_attempt *out,
		     struct lt_diag *diag)
{
	struct lt_attempt attempt = {
		.source = LT_ATTEMPT_ALLOC,
		.area_name = alloc->areas->v[alloc->area].name,
		.area = alloc->area,
		.nr_pages = lt_num(nr_pages),
		.count = 1,
		.caller = lt_strings_format(alloc->strings, "ltpin-%d", gettid()),
	};
	struct lt_ranges before = { 0 }, after = { 0 };
	uint64_t ended_ns;
	int err;

	if (nr_pages < 2 && !alloc->can_single) {
		lt_diag_set(diag, "single pages do not come from CMA here: ask for 2 at least");
		return -EINVAL;
	}
	if (!attempt.caller)
		return -ENOMEM;
	attempt.sampled = !sample_pins(alloc, &before);
	attempt.ts_ns = lt_num(lt_now_ns());
	err = request(alloc, nr_pages, &attempt, diag);
	ended_ns = lt_now_ns();
	attempt.latency_ns = lt_num(ended_ns - attempt.ts_ns.val);
	if (!err && attempt.sampled) {
		attempt.sampled = !sample_pins(alloc, &after);
		attempt.sampled_after_ns = lt_num(lt_now_ns() - ended_ns);
		err = intersect(&before, &after, &attempt.pinned);
	}
	if (!err && alloc->trace)
		err = add_trace(alloc, &attempt, diag);
	lt_vec_free(&before);
	lt_vec_free(&after);
	if (err)
		lt_attempt_fini(&attempt);
	else
		*out = attempt;
	return err;
}

void lt_alloc_release_all(struct lt_alloc *alloc)
{
	lt_device_release(alloc->device, LTPIN_ID_ALL);
}

void lt_alloc_close(struct lt_alloc *alloc)
{
	if (!alloc)
		return;
	lt_trace_instance_close(alloc->trace);
	if (alloc->device >= 0)
		close(alloc->device);
	free(alloc);
}
