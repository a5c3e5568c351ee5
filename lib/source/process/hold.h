/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_HOLD_H
#define LT_SOURCE_PROCESS_HOLD_H

#include <stdbool.h>

#include "base/compiler.h"
#include "model/snapshot.h"
#include "source/process/pipe_ends.h"

/*
 * What may hold pages, seen from the holder's side: each kind is a file of its own and a line in
 * the table of process_pins_source.c.
 */

/**
 * struct lt_hold_search - the search through all processes
 * @hints:	 what was found
 * @nr_left_out: hints that there was no room for
 * @pid:	 process that is looked at
 * @dir:	 its directory of descriptors, while they are looked at
 * @comm:	 its name; NULL until it is needed
 * @maps_page:	 it maps a page that is pinned or held, and nobody was seen to pin that
 * @maps_held:	 one that has no pins
 * @rings:	 what its rings have registered (hold_io_uring.c)
 * @ends:	 ends of pipes of all processes (hold_pipe.c)
 */
struct lt_hold_search {
	struct lt_snapshot *snap;
	struct lt_pin_hints hints;
	uint64_t page_size;
	unsigned int nr_left_out;
	int pid, dir;
	const char *comm;
	bool maps_page, maps_held;
	struct lt_pin_hint rings;
	struct lt_pipe_ends ends;
};

/**
 * struct lt_hold_kind - one way to hold pages
 * @process:	of each process, before its descriptors
 * @descriptor: of each of them: its name in /proc/PID/fd, and what that is a link to
 * @leave:	after them
 * @finish:	when all processes were looked at
 *
 * Each may be NULL. They return 0, -ENOMEM, or another negative errno if the process could not be
 * looked at.
 */
struct lt_hold_kind {
	int (*process)(struct lt_hold_search *search);
	int (*descriptor)(struct lt_hold_search *search, const char *fd, const char *link);
	int (*leave)(struct lt_hold_search *search);
	int (*finish)(struct lt_hold_search *search);
};

extern const struct lt_hold_kind lt_hold_vm_pin;
extern const struct lt_hold_kind lt_hold_io_uring;
extern const struct lt_hold_kind lt_hold_pipe;
extern const struct lt_hold_kind lt_hold_socket;
extern const struct lt_hold_kind lt_hold_device;

/*
 * Whether process @pid maps a page that is held, and not pinned; @or_pinned: or that is, and nobody
 * was seen to. What a page that blocked is held by may be unknown.
 */
bool lt_hold_is_mapped(const struct lt_snapshot *snap, int pid, bool or_pinned) __nonnull_all;

/* Add @hint, about the process that is looked at. 0, -ENOMEM, or the process has gone. */
int lt_hold_add(struct lt_hold_search *search, const struct lt_pin_hint *hint)
	__must_check __nonnull_all;

#endif
