/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_WATCH_WATCH_H
#define LT_ACT_WATCH_WATCH_H

#include "act/follow/follow.h"
#include "base/compiler.h"
#include "model/snapshot.h"
#include "model/watch_counts.h"

/*
 * Follows allocation attempts and finds out, as soon as one has failed, what was
 * in its way: the state of the blocking pages, looked at again some times after
 * that, and who allocated and who maps them. Nothing is read while nothing
 * happens.
 */
struct lt_watch;

/**
 * struct lt_watch_options - which attempts, and how
 * @area_name: the area whose attempts are of interest; NULL for all
 * @area:      its index; LT_NO_AREA if no source but the trace may know it
 * @follow:    what to record
 */
struct lt_watch_options {
	const char *area_name;
	size_t area;
	struct lt_follow_options follow;
};

/**
 * struct lt_watch_sink - who is told
 * @on_attempt: all is known of an attempt that is to be known: of one that failed some hundred ms
 *		after it did. It stays the watch's.
 * @on_event:	see lt_follow_sink; may be NULL
 *
 * Both return 0, or a negative errno that ends the step.
 */
struct lt_watch_sink {
	int (*on_attempt)(const struct lt_attempt *attempt, void *arg);
	int (*on_event)(const struct lt_trace_event *event, void *arg);
	void *arg;
};

/**
 * lt_watch_open() - start
 * @snap: of the running system, its tables at least. Attempts and the pages that blocked them are
 *	  added to it, so that lt_report_make() tells what was seen.
 *
 * Return: 0 or negative errno, the reason in @diag, see lt_follow_open().
 */
int lt_watch_open(struct lt_snapshot *snap, const struct lt_watch_options *options,
		  const struct lt_watch_sink *sink, struct lt_watch **out, struct lt_diag *diag)
	__must_check __nonnull_at(1, 2, 3, 4);

/* Whether @attempt, which has been located, is of the area; see struct lt_watch_options. */
bool lt_watch_is_wanted(const char *area_name, size_t area, const struct lt_attempt *attempt);

/* Who tells the state of pages: "module", "kcore", or NULL if nobody can; then @why may be told. */
const char *lt_watch_page_states(const struct lt_watch *watch, const char **why);

/* Why a helper module that is loaded does not say which page an allocation fails on; NULL else. */
const char *lt_watch_no_instants(const struct lt_watch *watch);

/* How far the clock of events is ahead of lt_now_ns(); false if that is not known. */
bool lt_watch_clock(struct lt_watch *watch, int64_t *ahead_ns);

/* Wait until there is something to do, for @timeout_ms or a second at most, or until a signal comes. */
void lt_watch_wait(const struct lt_watch *watch, uint64_t timeout_ms);

/* Do what is to be done; does not wait. 0 or negative errno, the reason in @diag. */
int lt_watch_step(struct lt_watch *watch, struct lt_diag *diag) __must_check __nonnull_at(1);

/*
 * Record no more, and tell the sink of the rest: what would be looked at again later is looked at
 * a last time now.
 */
int lt_watch_finish(struct lt_watch *watch, struct lt_diag *diag) __must_check __nonnull_at(1);

struct lt_watch_counts lt_watch_counts(const struct lt_watch *watch);

/* Stop, and leave nothing behind. */
void lt_watch_close(struct lt_watch *watch);

#endif
