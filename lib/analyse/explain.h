/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_EXPLAIN_H
#define LT_ANALYSE_EXPLAIN_H

#include "analyse/search.h"
#include "base/compiler.h"
#include "base/index.h"
#include "model/snapshot.h"
#include "model/trial.h"

/* What a real allocation made now would come to. */
enum lt_prediction {
	LT_PREDICT_UNKNOWN,
	LT_PREDICT_SUCCESS,
	LT_PREDICT_FAILURE,
};

/* Why. */
enum lt_explain_reason {
	LT_REASON_FITS,
	LT_REASON_TOO_LARGE,	  /* larger than the area, or any of its ranges */
	LT_REASON_NO_FREE_RUN,	  /* cma_alloc() gave out too much, or in too many places */
	LT_REASON_BLOCKED,	  /* every window has pages that stay */
	LT_REASON_NO_MEMORY,	  /* nowhere to move pages to */
	LT_REASON_NO_PAGE_STATES, /* unknown: no source told the state of the pages */
	LT_REASON_UNSURE_PAGES,	  /* unknown: that of some pages decides, and does not tell */
	LT_REASON_UNSURE_MEMORY,  /* unknown: there may be memory to move pages to, or not */
};

/* How an owner is known; three statements, and never one for another. */
enum lt_owned_by {
	LT_OWNED_UNKNOWN,
	LT_OWNED_PINNED,    /* was seen pinning */
	LT_OWNED_MAPPED,    /* maps the page now */
	LT_OWNED_ALLOCATED, /* allocated the page */
};

/**
 * struct lt_obstacle_owner - somebody whose pages are in the way
 * @id:		   index in lt_explain.owners
 * @by:		   how that is known
 * @pid, @comm:	   who; with LT_OWNED_ALLOCATED @comm may be a kernel function
 * @nr_folios, @nr_pages: in the way, in the whole area
 * @nr_unmovable:  folios of these that are the kernel's or a driver's own
 * @largest:	   the largest allocation there would be without these pages
 * @would_succeed: the request would succeed then
 *
 * A folio that several processes map is counted for the first.
 */
struct lt_obstacle_owner {
	size_t id;
	enum lt_owned_by by;
	struct lt_num pid;
	const char *comm;
	uint64_t nr_folios, nr_pages, nr_unmovable;
	uint64_t largest;
	bool would_succeed;
};

LT_VEC_OF(lt_obstacle_owners, struct lt_obstacle_owner);

/**
 * struct lt_obstacle - a folio, or a run of pages, that bounds what can be allocated
 * @pfns:    where
 * @fate:    blocking, LT_FATE_ALLOCATED, or LT_FATE_UNKNOWN
 * @pin:     what the model knows of it; NULL
 * @owner:   index into lt_explain.owners; LT_NO_OWNER unless @fate is blocking
 *
 * Folios that block are kept; runs of other pages, of which a bitmap may have one for two pages, are
 * read from the pages of the search.
 */
struct lt_obstacle {
	struct lt_range pfns;
	enum lt_fate fate;
	const struct lt_pin *pin;
	size_t owner;
};

#define LT_NO_OWNER SIZE_MAX

LT_VEC_OF(lt_obstacles, struct lt_obstacle);

/**
 * struct lt_obstacle_walk - the obstacles of a range, ascending
 * @range: of explain->search.ranges
 * @pfn:   where it goes on
 * @next:  of explain->obstacles; after the last of @range the first of the next one
 */
struct lt_obstacle_walk {
	const struct lt_explain *explain;
	const struct lt_search_range *range;
	uint64_t pfn;
	size_t next;
};

/* The window that takes least to free. */
struct lt_cheapest {
	bool is_known;
	struct lt_range pfns;
	uint64_t nr_owners, nr_folios, nr_pages;
	uint64_t nr_unmovable; /* of these folios */
};

/**
 * struct lt_explain - a request, replayed on a snapshot
 * @snap:	   must outlive it
 * @area:	   index
 * @is_align_given: it was
 * @max_align:	   order that requests of any size are aligned to at most
 * @kernel:	   whose search
 * @err:	   positive errno of a failure; unknown where kernels differ
 * @may_be_given_out: without a bitmap, pages of the kernel and of devices look alike: every window
 *		   has such, so the failure is -ENOMEM if devices have them, and else -EBUSY
 * @pfn:	   of a success
 * @result:	   windows tried
 * @obstacles:	   those that block, ascending
 * @owners:	   by what releasing their pages gains, the most first
 * @owner_index:   of @owners, as they were found
 * @largest:	   the largest allocation there would be now, if there is memory to move pages to;
 *		   unknown without page states
 * @enough_pages:  the least size of the area with which the request would succeed if all that is
 *		   in the way stayed where it is; unknown if it succeeds, or if no size helps
 * @headline:	   one sentence
 * @basis:	   what the prediction rests on, and what is not known; sentences
 */
struct lt_explain {
	const struct lt_snapshot *snap;
	struct lt_strings *strings;
	size_t area;
	bool is_align_given;
	unsigned int max_align;
	enum lt_search_kernel kernel;
	struct lt_search search;
	enum lt_prediction prediction;
	enum lt_explain_reason reason;
	struct lt_num err, pfn;
	bool may_be_given_out;
	struct lt_search_result result;
	struct lt_obstacles obstacles;
	struct lt_obstacle_owners owners;
	struct lt_index owner_index;
	struct lt_cheapest cheapest;
	struct lt_num largest, enough_pages;
	const char *headline;
	LT_VEC_OF(lt_sentences, const char *) basis;
};

/* What to explain; @align is unknown for what a driver's dma_alloc_coherent() asks for. */
struct lt_explain_request {
	size_t area;
	uint64_t nr_pages;
	struct lt_num align;
};

/* No alignment is larger. */
#define LT_ALIGN_MAX 40

/* What drivers align @nr_pages to, as order: by CONFIG_CMA_ALIGNMENT, 8 where that is not known. */
unsigned int lt_explain_usual_align(const struct lt_snapshot *snap, uint64_t nr_pages);

/**
 * lt_explain_make() - replay a request
 * @snap: taken with keep_folios, up to LT_STAGE_PAGES at least
 *
 * Return: 0 with @out freed by lt_explain_free(); -ENOMEM; -EINVAL for an area that no source
 * locates.
 */
int lt_explain_make(const struct lt_snapshot *snap, const struct lt_explain_request *request,
		    struct lt_explain **out) __must_check __nonnull_all;

/*
 * Keep the answer alone. What it is made from has an entry for each page; who blocks a window is
 * not known after.
 */
void lt_explain_forget_pages(struct lt_explain *explain) __nonnull_all;

void lt_explain_free(struct lt_explain *explain);

/* Count the places where the request could lie. */
struct lt_room lt_explain_room(const struct lt_explain *explain) __nonnull_all;

/* Append the first pages of the folios that block, ascending. 0 or -ENOMEM. */
int lt_explain_blocking(const struct lt_explain *explain, struct lt_pfns *out)
	__must_check __nonnull_all;

/* What is at @pfn; false if nothing is. */
bool lt_explain_obstacle_at(const struct lt_explain *explain, uint64_t pfn, struct lt_obstacle *out)
	__nonnull_all;

/* Begin with @range, which must be the first, or follow the one that @walk has come to the end of. */
void lt_obstacle_walk_enter(struct lt_obstacle_walk *walk, const struct lt_explain *explain,
			    const struct lt_search_range *range) __nonnull_all;

/* The next obstacle of the range: whether there is one. */
bool lt_obstacle_walk_next(struct lt_obstacle_walk *walk, struct lt_obstacle *out) __nonnull_all;

/* "success", "failure" or "unknown"; "fits", "blocked", ...; "pinned-by", ..., NULL. */
const char *lt_prediction_name(enum lt_prediction prediction);
const char *lt_explain_reason_name(enum lt_explain_reason reason);
const char *lt_owned_by_name(enum lt_owned_by by);

#endif
