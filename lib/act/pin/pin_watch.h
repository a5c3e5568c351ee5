/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_PIN_PIN_WATCH_H
#define LT_ACT_PIN_PIN_WATCH_H

#include "act/follow/follow.h"
#include "base/compiler.h"
#include "base/root.h"
#include "model/area.h"
#include "model/kernel.h"
#include "model/pin_call.h"
#include "model/pin_tally.h"

/*
 * Who pins pages from now on. The calls are seen by probes (act/pin/kprobe_group.h), and where the
 * pages lie is read from the caller's page table right after.
 *
 *	lt_pin_watch_open(&options, &watch, &diag);
 *	follow_options.events = lt_pin_watch_events(watch, &follow_options.nr_events);
 *	lt_follow_open(...);
 *		on_event: lt_pin_watch_event(watch, event);
 *		once a second or so: lt_pin_watch_set_clock(watch, ...), lt_pin_watch_check(watch);
 *	lt_follow_close(follow);
 *	lt_pin_watch_close(watch);		the probes go last
 *
 * No probe is put on what unpins: it is called for each page where a pin call is made for many, so
 * that the buffer would be full of it (640 events for the end of ten pins). That a pin has
 * ended is seen in the page itself.
 */
struct lt_pin_watch;

/**
 * struct lt_pin_watch_options - all but the sink must outlive the watch
 * @root:    the running system
 * @kernel:  its configuration, as far as it is known
 * @areas:   only pins in them matter
 * @strings: for names
 * @stacks:  for stacks; that of lt_follow_open()
 * @on_call: a call that asked for FOLL_LONGTERM, or of which pages are pinned in an area now.
 *	     Pins for I/O, which last for a moment, are not told. 0 or a negative errno
 * @on_end:  a call that was told and left pinned pages in an area: none of them is pinned now; may
 *	     be NULL
 * @arg:     passed on
 */
struct lt_pin_watch_options {
	const struct lt_root *root;
	const struct lt_kernel *kernel;
	const struct lt_areas *areas;
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	int (*on_call)(const struct lt_pin_call *call, void *arg);
	int (*on_end)(const struct lt_pin_call *call, void *arg);
	void *arg;
};

/**
 * lt_pin_watch_open() - define the probes, and find out which flag is FOLL_LONGTERM
 * @diag: on success why it is not known, or why nobody can tell pin counts, if so
 *
 * Return: as lt_kprobe_group_open().
 */
int lt_pin_watch_open(const struct lt_pin_watch_options *options, struct lt_pin_watch **out,
		      struct lt_diag *diag) __must_check __nonnull_at(1, 2);

/* For lt_follow_options.events; good until the watch is closed. */
const struct lt_follow_event *lt_pin_watch_events(const struct lt_pin_watch *watch, size_t *nr);

/* FOLL_LONGTERM of this kernel; 0 if that could not be found out, and every call is told. */
uint32_t lt_pin_watch_longterm(const struct lt_pin_watch *watch);

/* Take an event that lt_follow_read() hands out; one of something else is passed over. */
int lt_pin_watch_event(struct lt_pin_watch *watch, const struct lt_trace_event *event)
	__must_check __nonnull_all;

/* How far the clock of the events is ahead of lt_now_ns(): tell it at first, and now and then. */
void lt_pin_watch_set_clock(struct lt_pin_watch *watch, int64_t ahead_ns);

/* Look which of the calls have ended. Reads nothing if none left pinned pages in an area. */
int lt_pin_watch_check(struct lt_pin_watch *watch) __must_check __nonnull_all;

/* Calls that left pages in areas and have not ended, for lt_pin_calls_name(). */
const struct lt_pin_calls *lt_pin_watch_calls(const struct lt_pin_watch *watch);

struct lt_pin_tally lt_pin_watch_tally(const struct lt_pin_watch *watch);

/* Remove the probes; after lt_follow_close(). */
void lt_pin_watch_close(struct lt_pin_watch *watch);

#endif
