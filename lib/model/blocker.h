/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_BLOCKER_H
#define LT_MODEL_BLOCKER_H

#include "base/compiler.h"
#include "model/folio.h"
#include "model/pin.h"

/* Whether what kept a page in place is there for long. */
enum lt_blocker_fate {
	LT_BLOCKER_UNKNOWN,
	LT_BLOCKER_HELD,   /* it was still held when it was looked at again */
	LT_BLOCKER_PASSED, /* by then nothing held it, or it was free: the reference was passing */
};

/**
 * struct lt_blocker_sample - state of the page at one time
 * @after_ns:   since the attempt ended; unknown with @is_instant
 * @is_instant: taken by the module in the very moment in which the page was in the way
 * @folio:	that the page belonged to
 */
struct lt_blocker_sample {
	struct lt_num after_ns;
	bool is_instant;
	struct lt_folio folio;
};

LT_VEC_OF(lt_blocker_samples, struct lt_blocker_sample);

/**
 * struct lt_blocker - a page that made an attempt fail, and what was found out about it
 * @pfn:	 as the kernel named it
 * @samples:	 in the order of time; empty if nothing can tell, or nobody had the time
 * @fate:	 what the samples prove
 * @page:	 its folio: counts of the first sample; who allocated and who maps it
 * @asked_after_ns: when allocator and mappers were looked up, since the attempt ended; unknown if
 *		 they were not
 */
struct lt_blocker {
	uint64_t pfn;
	struct lt_blocker_samples samples;
	enum lt_blocker_fate fate;
	struct lt_pin page;
	struct lt_num asked_after_ns;
};

LT_VEC_OF(lt_blockers, struct lt_blocker);

void lt_blockers_free(struct lt_blockers *blockers);

/* The one of page @pfn, or NULL. */
struct lt_blocker *lt_blockers_find(const struct lt_blockers *blockers, uint64_t pfn);

/* Append a sample; the first one also tells @blocker->page. 0 or -ENOMEM. */
int lt_blocker_add_sample(struct lt_blocker *blocker, const struct lt_blocker_sample *sample)
	__must_check __nonnull_all;

/* The same of the instant at which it was in the way: comes first, whenever it is told. */
int lt_blocker_set_instant(struct lt_blocker *blocker, const struct lt_folio *folio)
	__must_check __nonnull_all;

/* Say what the samples prove of @blocker->fate. */
void lt_blocker_evaluate(struct lt_blocker *blocker);

/*
 * What the page is, as a sample has seen its mapping: while another allocation has it isolated it is
 * on no LRU, by which kpageflags knows a file's.
 */
void lt_blocker_correct_class(struct lt_blocker *blocker) __nonnull_all;

#endif
