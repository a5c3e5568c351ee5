/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_WATCH_WATCH_INSTANTS_H
#define LT_ACT_WATCH_WATCH_INSTANTS_H

#include "base/compiler.h"
#include "model/attempt.h"
#include "source/module/module_events.h"

#define LT_WATCH_INSTANTS 256

/**
 * struct lt_watch_instants - what the helper module said lately of pages in the way
 * @events:  NULL without the module
 * @said:    the last LT_WATCH_INSTANTS of it, kept since its messages and the trace's events come
 *	     in any order; the oldest is at @nr_said % LT_WATCH_INSTANTS
 * @is_used: which of it belongs to an attempt already
 */
struct lt_watch_instants {
	struct lt_module_events *events;
	struct lt_blocker_event said[LT_WATCH_INSTANTS];
	bool is_used[LT_WATCH_INSTANTS];
	size_t nr_said;
};

/* Begin to listen. 0; or as lt_module_events_open(): then nothing will be heard. */
int lt_watch_instants_open(struct lt_watch_instants *instants, const struct lt_root *root,
			   struct lt_diag *diag) __must_check __nonnull_at(1, 2);
void lt_watch_instants_close(struct lt_watch_instants *instants);

/* To poll(); -1 without the module. */
int lt_watch_instants_fd(const struct lt_watch_instants *instants) __must_check __nonnull_all;

/* Take in what it has said since the last call: how much, or negative errno. */
int lt_watch_instants_read(struct lt_watch_instants *instants) __must_check __nonnull_all;

/**
 * lt_watch_instants_give() - find what was said of an attempt
 * @attempt: its blockers, if there are any, get the state of the instant
 * @next:    the first range of which nothing was found yet; 0 at first, then moved on
 *
 * To be called for every attempt in the order of their ends, since what was said belongs to one of
 * them; and again when more was said. Return: 0 or -ENOMEM.
 */
int lt_watch_instants_give(struct lt_watch_instants *instants, struct lt_attempt *attempt,
			   size_t *next) __must_check __nonnull_at(1, 3);

#endif
