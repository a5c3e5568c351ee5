/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PAGE_TRACK_H
#define LT_MODEL_PAGE_TRACK_H

#include "base/num.h"
#include "base/vec.h"
#include "model/stack.h"
#include "model/when.h"

/* What happened to a page that an allocation could not move (page_pinner, page_pin_owner). */
enum lt_track_event {
	LT_TRACK_FAILED,   /* it could not be moved */
	LT_TRACK_RELEASED, /* a reference to it was dropped after that */
	LT_TRACK_FREED,	   /* it was freed after that */
	LT_TRACK_HELD,	   /* it was held for longer than a threshold, and no longer is */
};

/* "failed", "released", "freed", "held" */
const char *lt_track_event_name(enum lt_track_event event);

/**
 * struct lt_page_track - one such event
 * @source:   of the snapshot's: "page-pinner" or "trace"
 * @ts_ns:    when, by the clock of that source: page_pinner's runs on in suspend
 * @when:     the same on the clock of the kernel log; at any time if that is not known
 * @held_ns:  how long it was held, at least
 * @pid:      the thread that did what @event says: who asked for the memory, or dropped the
 *	      reference; unknown if the source does not tell
 * @comm:     its name, interned; NULL likewise
 * @function: where it did, or, HELD, who took hold of the page; NULL if no stack tells
 * @stack:    NULL if not recorded
 *
 * Who drops a reference need not have taken it, and it need not be the one that blocked.
 */
struct lt_page_track {
	enum lt_track_event event;
	const char *source;
	uint64_t pfn;
	struct lt_num ts_ns, held_ns, pid;
	struct lt_when when;
	const char *comm, *function;
	const struct lt_stack *stack;
};

LT_VEC_OF(lt_page_tracks, struct lt_page_track);

/* Those kept: a trace may have any number of them. */
#define LT_PAGE_TRACKS_MAX 8192

/* The innermost function of @stack that only these kernels' own hooks are not; NULL if none is. */
const char *lt_page_track_function(const struct lt_stack *stack);

#endif
