/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PIN_CALL_H
#define LT_MODEL_PIN_CALL_H

#include "base/compiler.h"
#include "base/range.h"
#include "model/area.h"
#include "model/pin.h"

/**
 * struct lt_pin_call - a call that pinned pages, seen while it was made
 * @tid:	   the thread that called
 * @pid:	   its process; unknown if it was gone before anybody looked
 * @comm:	   name of the thread then
 * @ts_ns:	   when the call returned, the pages being pinned: ns since boot
 * @function:	   of the kernel that was called; NULL if only its effect was seen
 * @stack:	   of the call, @function first; NULL if not recorded
 * @longterm:	   whether it asked for FOLL_LONGTERM
 * @is_remote:	   @addr may be of another process
 * @addr:	   of the first page, in the caller's memory; unknown for a file's pages
 * @nr_asked:	   pages asked for
 * @nr_pinned:	   pages that the call said it pinned
 * @err:	   of a call that pinned none: positive errno
 * @runs:	   where the pages were found, in the order of their addresses; empty if nobody could
 *		   look, or any more
 * @in_cma:	   those of them in CMA areas that have a pin count; all in areas unless @is_proven
 * @read_after_ns: how long after @ts_ns they were looked up; unknown if they were not
 * @is_exact:	   the kernel itself named @runs when it pinned them
 * @is_proven:	   it did, or the page table named the pages while they had a pin count: those of
 *		   @in_cma, or else the first of @runs. Otherwise it is a hint that the call pinned
 *		   them
 * @ended_ns:	   when it was first seen that no page of @in_cma is pinned any more; unknown: still
 *		   pinned, or nobody can tell
 *
 * Times are ns since boot. Strings are interned.
 */
struct lt_pin_call {
	uint64_t tid;
	struct lt_num pid;
	const char *comm;
	struct lt_num ts_ns;
	const char *function;
	const struct lt_stack *stack;
	enum lt_longterm longterm;
	bool is_remote, is_exact, is_proven;
	struct lt_num addr, nr_asked, nr_pinned, err;
	struct lt_ranges runs, in_cma;
	struct lt_num read_after_ns, ended_ns;
};

/* In the order in which the calls returned. */
LT_VEC_OF(lt_pin_calls, struct lt_pin_call);

void lt_pin_call_fini(struct lt_pin_call *call);
void lt_pin_calls_free(struct lt_pin_calls *calls);

/* Forget the call at @i. */
void lt_pin_calls_drop(struct lt_pin_calls *calls, size_t i);

/* What of @runs lies in @areas is appended to @in_cma. 0 or -ENOMEM. */
int lt_pin_call_locate(struct lt_pin_call *call, const struct lt_areas *areas)
	__must_check __nonnull_all;

/* Whether a page of @pfns is in @in_cma. */
bool lt_pin_call_has(const struct lt_pin_call *call, struct lt_range pfns);

/**
 * lt_pin_calls_name() - say of pinned folios who pinned them
 *
 * The last call that is proven to have pinned a page of the folio, and is not known to have ended.
 * Who is named by a better source stays, and gets the stack if it is the same process.
 */
void lt_pin_calls_name(const struct lt_pin_calls *calls, struct lt_pins *pins);

#endif
