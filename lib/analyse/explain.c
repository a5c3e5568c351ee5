// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel's search for a request, replayed on what a snapshot shows, and
 * what that means for who asked. Three answers: it would succeed, it would
 * fail, or what is known does not tell.
 */
#include "analyse/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/explain_part.h"

/* 1 TiB of small pages: more is not an area, but a file that says so. */
#define NR_PAGES_MAX (UINT64_C(1) << 28)

/* CONFIG_CMA_ALIGNMENT unless the configuration tells; 5.10 to 7.2. */
#define USUAL_CMA_ALIGNMENT 8

const char *lt_prediction_name(enum lt_prediction prediction)
{
	static const char *const names[] = { "unknown", "success", "failure" };

	return names[prediction];
}

const char *lt_explain_reason_name(enum lt_explain_reason reason)
{
	static const char *const names[] = {
		[LT_REASON_FITS] = "fits",
		[LT_REASON_TOO_LARGE] = "request-too-large",
		[LT_REASON_NO_FREE_RUN] = "no-free-run",
		[LT_REASON_BLOCKED] = "blocked",
		[LT_REASON_NO_MEMORY] = "no-memory",
		[LT_REASON_NO_PAGE_STATES] = "no-page-states",
		[LT_REASON_UNSURE_PAGES] = "unsure-pages",
		[LT_REASON_UNSURE_MEMORY] = "unsure-memory",
	};

	return names[reason];
}

const char *lt_owned_by_name(enum lt_owned_by by)
{
	static const char *const names[] = { NULL, "pinned-by", "mapped-by", "allocated-by" };

	return names[by];
}

static unsigned int max_align(const struct lt_snapshot *snap)
{
	const char *option = lt_kernel_option(&snap->kernel, "CMA_ALIGNMENT");
	struct lt_text text;
	uint64_t order;

	if (!option)
		return USUAL_CMA_ALIGNMENT;
	lt_text_init(&text, option, strlen(option));
	return lt_text_number(&text, &order) && order <= LT_ALIGN_MAX ? (unsigned int)order
								      : USUAL_CMA_ALIGNMENT;
}

/* min(get_order(size), CONFIG_CMA_ALIGNMENT), as cma_alloc_aligned() of kernel/dma/contiguous.c */
static unsigned int usual_align(uint64_t nr_pages, unsigned int most)
{
	unsigned int order = 0;

	while (order < most && UINT64_C(1) << order < nr_pages)
		order++;
	return order;
}

unsigned int lt_explain_usual_align(const struct lt_snapshot *snap, uint64_t nr_pages)
{
	return usual_align(nr_pages, max_align(snap));
}

static uint64_t largest_range(const struct lt_search *search)
{
	uint64_t largest = 0;

	lt_vec_each(range, &search->ranges)
		if (lt_range_nr_pages(range->pfns) > largest)
			largest = lt_range_nr_pages(range->pfns);
	return largest;
}

static void predict(struct lt_explain *explain, enum lt_prediction prediction,
		    enum lt_explain_reason reason, int err)
{
	explain->prediction = prediction;
	explain->reason = reason;
	if (err)
		explain->err = lt_num((uint64_t)err);
}

/*
 * No window was tried. Up to 6.12 that is -ENOMEM, on 7.2 -EBUSY. A request
 * larger than the area returns at once up to 6.12, with no error that anybody
 * is told.
 */
static void predict_no_window(struct lt_explain *explain)
{
	bool is_old = explain->kernel == LT_SEARCH_5_10 || explain->kernel == LT_SEARCH_6_1;
	int err = explain->kernel == LT_SEARCH_7_2 ? EBUSY : 0;

	if (explain->search.nr_pages > largest_range(&explain->search))
		predict(explain, LT_PREDICT_FAILURE, LT_REASON_TOO_LARGE, err);
	else
		predict(explain, LT_PREDICT_FAILURE, LT_REASON_NO_FREE_RUN, is_old ? ENOMEM : err);
}

static void predict_unsure(struct lt_explain *explain)
{
	const struct lt_window *last = &explain->result.last;
	enum lt_explain_reason reason = LT_REASON_UNSURE_MEMORY;

	if (last->nr[LT_FATE_UNKNOWN])
		reason = lt_snapshot_has_page_states(explain->snap) ? LT_REASON_UNSURE_PAGES
								    : LT_REASON_NO_PAGE_STATES;
	predict(explain, LT_PREDICT_UNKNOWN, reason, 0);
}

/*
 * Whether no window may have been tried at all: without a bitmap, what cma_alloc() gave out looks
 * like the kernel's own pages. 7.2 says -EBUSY in both cases.
 */
static bool may_be_given_out(const struct lt_explain *explain)
{
	if (explain->kernel == LT_SEARCH_7_2 ||
	    lt_area_has_bitmaps(&explain->snap->areas.v[explain->area]))
		return false;
	lt_vec_each(window, &explain->result.windows)
		if (!window->nr[LT_FATE_UNMOVABLE])
			return false;
	return true;
}

static void predict_end(struct lt_explain *explain)
{
	const struct lt_search_result *result = &explain->result;

	if (!result->nr_windows) {
		predict_no_window(explain);
		return;
	}
	switch (result->last.verdict) {
	case LT_WINDOW_BUSY:
		explain->may_be_given_out = may_be_given_out(explain);
		predict(explain, LT_PREDICT_FAILURE, LT_REASON_BLOCKED,
			result->may_lack_memory || explain->may_be_given_out ? 0 : EBUSY);
		return;
	case LT_WINDOW_NO_MEMORY:
		predict(explain, LT_PREDICT_FAILURE, LT_REASON_NO_MEMORY, ENOMEM);
		return;
	case LT_WINDOW_UNSURE:
		predict_unsure(explain);
		return;
	case LT_WINDOW_FITS:
		break;
	}
	if (result->may_lack_memory) {
		predict(explain, LT_PREDICT_UNKNOWN, LT_REASON_UNSURE_MEMORY, 0);
		return;
	}
	predict(explain, LT_PREDICT_SUCCESS, LT_REASON_FITS, 0);
	explain->pfn = lt_num(result->last.pfns.start_pfn);
}

static int check(const struct lt_snapshot *snap, const struct lt_explain_request *request)
{
	uint64_t nr_pages = 0;

	if (request->area >= snap->areas.nr || !request->nr_pages ||
	    (request->align.known && request->align.val > LT_ALIGN_MAX))
		return -EINVAL;
	lt_vec_each(range, &snap->areas.v[request->area].ranges)
		if (__builtin_add_overflow(nr_pages, lt_range_nr_pages(range->pfns), &nr_pages))
			return -EINVAL;
	return nr_pages && nr_pages <= NR_PAGES_MAX ? 0 : -EINVAL;
}

void lt_explain_forget_pages(struct lt_explain *explain)
{
	lt_vec_each(range, &explain->search.ranges)
		free(range->pages);
	lt_vec_free(&explain->search.ranges);
	lt_vec_free(&explain->obstacles);
}

static int make(struct lt_explain *explain)
{
	int err = lt_explain_read_state(explain);

	if (!err)
		err = lt_search_run(&explain->search, &explain->result);
	if (!err) {
		predict_end(explain);
		err = lt_explain_find_obstacles(explain);
	}
	if (!err)
		err = lt_explain_evaluate(explain);
	return err ? err : lt_explain_report(explain);
}

int lt_explain_make(const struct lt_snapshot *snap, const struct lt_explain_request *request,
		    struct lt_explain **out)
{
	struct lt_explain *explain;
	int err = check(snap, request);

	if (err)
		return err;
	explain = calloc(1, sizeof(*explain));
	if (!explain)
		return -ENOMEM;
	explain->snap = snap;
	explain->area = request->area;
	explain->is_align_given = request->align.known;
	explain->search.nr_pages = request->nr_pages;
	explain->max_align =
		request->align.known ? (unsigned int)request->align.val : max_align(snap);
	explain->search.align = request->align.known
					? explain->max_align
					: usual_align(request->nr_pages, explain->max_align);
	explain->strings = lt_strings_new();
	err = explain->strings ? make(explain) : -ENOMEM;
	if (err) {
		lt_explain_free(explain);
		return err;
	}
	*out = explain;
	return 0;
}

void lt_explain_free(struct lt_explain *explain)
{
	if (!explain)
		return;
	lt_explain_forget_pages(explain);
	lt_vec_free(&explain->result.windows);
	lt_vec_free(&explain->owners);
	lt_index_free(&explain->owner_index);
	lt_vec_free(&explain->basis);
	lt_strings_free(explain->strings);
	free(explain);
}
