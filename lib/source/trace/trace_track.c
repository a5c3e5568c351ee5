// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events of two patch series of 2021 and 2022 that some vendors carry, and that never were merged:
 *
 *	page_pinner:page_pinner_failure		test_pages_isolated() found the page in the range
 *	page_pinner:page_pinner_put		a reference to it was dropped since
 *	page_pin_owner:report_page_pinners	migration failed, for "reason=", with "err="; it may be
 *						tried again
 *	page_pin_owner:page_pin_owner_put	the second
 *
 *	fields = "pfn=" HEX " flags=" WORDS " count=" N " mapcount=" N " mapping=" PTR " mt=" N
 *		 [" reason=" WORD " err=" [-]N]
 *
 * Which page it was is the kernel's word. A reference that is dropped had been taken; by whom, and
 * whether that one blocked, the event does not say: the stack is of who drops it.
 *
 * No kernel at hand has them: the unit test is written by hand from the patches' descriptions.
 */
#include "source/trace/trace_track.h"

#include <errno.h>
#include <string.h>

#include "base/array_size.h"

static bool parse_number(struct lt_text at, struct lt_num *out)
{
	uint64_t number;

	if (!lt_text_u64(&at, &number) || !lt_text_at_end(&at))
		return false;
	*out = lt_num(number);
	return true;
}

int lt_trace_track_parse(const struct lt_trace_event *event, struct lt_trace_track *out)
{
	static const struct {
		const char *name;
		enum lt_track_event event;
		bool is_in_way;
	} events[] = {
		{ "page_pinner_failure", LT_TRACK_FAILED, true },
		{ "report_page_pinners", LT_TRACK_FAILED, false },
		{ "page_pinner_put", LT_TRACK_RELEASED, false },
		{ "page_pin_owner_put", LT_TRACK_RELEASED, false },
	};
	struct lt_text text = event->fields;
	struct lt_trace_track track = { 0 };
	bool is_known = false, has_pfn = false;
	struct lt_span word;

	for (size_t i = 0; i < ARRAY_SIZE(events) && !is_known; i++) {
		is_known = lt_span_is(event->name, events[i].name);
		track.event = events[i].event;
		track.is_in_way = events[i].is_in_way;
	}
	if (!is_known)
		return 0;
	for (lt_text_blanks(&text); lt_text_word(&text, &word); lt_text_blanks(&text)) {
		struct lt_text at;

		lt_text_init(&at, word.p, word.len);
		if (lt_text_literal(&at, "pfn="))
			has_pfn = lt_text_hex(&at, &track.pfn) && lt_text_at_end(&at);
		else if (lt_text_literal(&at, "count="))
			(void)parse_number(at, &track.refcount);
		else if (lt_text_literal(&at, "mapcount="))
			(void)parse_number(at, &track.mapcount);
	}
	if (!has_pfn)
		return -EBADMSG;
	*out = track;
	return 1;
}

int lt_trace_track_add(const struct lt_trace_track *track, const struct lt_trace_event *event,
		       struct lt_strings *strings, struct lt_page_tracks *tracks)
{
	struct lt_page_track *added;
	const char *comm = lt_strings_span(strings, event->comm);

	if (!comm)
		return -ENOMEM;
	if (tracks->nr == LT_PAGE_TRACKS_MAX) {
		tracks->nr /= 2;
		memmove(tracks->v, tracks->v + tracks->nr, tracks->nr * sizeof(*tracks->v));
	}
	added = lt_vec_push(tracks);
	if (!added)
		return -ENOMEM;
	*added = (struct lt_page_track){
		.event = track->event,
		.source = "trace",
		.pfn = track->pfn,
		.ts_ns = event->ts_ns,
		.pid = lt_num(event->pid),
		.comm = lt_span_is(event->comm, "<...>") ? NULL : comm,
		.stack = event->stack,
		.function = lt_page_track_function(event->stack),
	};
	return 0;
}
