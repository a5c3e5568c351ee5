/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_TRACE_TRACE_TRACK_H
#define LT_SOURCE_TRACE_TRACE_TRACK_H

#include "base/compiler.h"
#include "base/strings.h"
#include "model/page_track.h"
#include "source/trace/trace_event.h"

/**
 * struct lt_trace_track - an event of page_pinner or page_pin_owner
 * @is_in_way: it was found where a contiguous allocation tested whether its range is free. What
 *	       could not be moved once may be moved in the next pass
 * @refcount, @mapcount: of the page then
 */
struct lt_trace_track {
	enum lt_track_event event;
	uint64_t pfn;
	bool is_in_way;
	struct lt_num refcount, mapcount;
};

/* 1, 0 if @event is none of these, -EBADMSG if a field makes no sense. */
int lt_trace_track_parse(const struct lt_trace_event *event, struct lt_trace_track *out)
	__must_check __nonnull_all;

/* Keep it for the model, with who did it; the first of too many are dropped. 0 or -ENOMEM. */
int lt_trace_track_add(const struct lt_trace_track *track, const struct lt_trace_event *event,
		       struct lt_strings *strings, struct lt_page_tracks *tracks)
	__must_check __nonnull_all;

#endif
