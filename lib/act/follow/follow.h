/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_FOLLOW_FOLLOW_H
#define LT_ACT_FOLLOW_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/area.h"
#include "model/attempt.h"
#include "model/stack.h"
#include "source/trace/trace_event.h"

/*
 * Follows allocation attempts as they happen, through a trace buffer of our own
 * (act/follow/trace_instance.h): the system's own tracing is not touched, and nothing is
 * left when it is closed. The next run removes leftovers of a killed one.
 *
 *	lt_follow_open(&options, strings, stacks, &follow, &diag);
 *	while (!done) {
 *		nr > 0 ? rest(LT_FOLLOW_PERIOD_MS) : poll(lt_follow_fd(follow), POLLIN);
 *		nr = lt_follow_read(follow, &sink, &diag);
 *	}
 *	lt_follow_stop(follow);			no more is recorded
 *	lt_follow_finish(follow, &sink, &diag);	what is there, attempts without an end too
 *	lt_follow_lost(follow, &nr_lost);
 *	lt_follow_close(follow);
 */
struct lt_follow;

/*
 * How long to rest after events before looking again: each event wakes the reader otherwise,
 * and with stacks the last event is handed out by the look that finds nothing behind it.
 */
#define LT_FOLLOW_PERIOD_MS 20

/* What reads the buffer. Both give the same events. */
enum lt_follow_reader {
	LT_FOLLOW_DEFAULT, /* the better one of those that this program was built with */
	LT_FOLLOW_TEXT,	   /* trace_pipe, formatted by the kernel */
	LT_FOLLOW_RAW,	   /* records of each CPU, through libtracefs */
};

/* "text", "raw" */
const char *lt_follow_reader_name(enum lt_follow_reader reader);

/**
 * struct lt_follow_event - an event beyond those of allocation attempts
 * @name:   below "events": "kprobes/ltpin_pin"
 * @filter: in the kernel's grammar, "gup_flags & 0x100"; NULL for every one
 * @has_stack: record the task's stack in the kernel with it
 *
 * It is enabled in our own buffer only. One that lt_follow_open() does not find is an
 * error: who made a probe event removes it after lt_follow_close(), not before.
 */
struct lt_follow_event {
	const char *name, *filter;
	bool has_stack;
};

/**
 * struct lt_follow_options - zero-initialised: allocation attempts of every task
 * @events:	beyond those of attempts; @nr_events of them
 * @areas:	known areas, which outlive the follow, or NULL: a request for more than its area
 *		has is told as it begins, since 6.1 and 6.12 trace no end of it; else when its
 *		task asks again
 * @has_stacks: record the kernel stack of every request, where this kernel can
 * @has_releases: record cma_release too, where this kernel has it: lt_follow_has_releases()
 * @buffer_kib: per CPU; 0 for the default
 * @reader:	which one
 */
struct lt_follow_options {
	const struct lt_follow_event *events;
	size_t nr_events;
	const struct lt_areas *areas;
	bool has_stacks, has_releases;
	unsigned int buffer_kib;
	enum lt_follow_reader reader;
};

/**
 * struct lt_follow_sink - who is told
 * @on_attempt: one ended; @attempt's contents are the callee's from then on (lt_attempt_fini());
 *		it has no area yet (lt_attempts_locate())
 * @on_event:	one that is no part of an attempt: those of lt_follow_options.events; may be NULL
 * @on_lost:	events are missing here; @nr of them, 0 if it is not known how many; may be NULL
 * @arg:	passed on
 *
 * Both return 0, or a negative errno that ends the read.
 */
struct lt_follow_sink {
	int (*on_attempt)(struct lt_attempt *attempt, void *arg);
	int (*on_event)(const struct lt_trace_event *event, void *arg);
	void (*on_lost)(uint64_t nr, void *arg);
	void *arg;
};

/**
 * lt_follow_open() - start recording
 * @options: NULL for the defaults; not kept
 * @strings: for what attempts name; outlives the follow
 * @stacks:  for stacks; outlives it too; NULL if none are asked for
 *
 * Return: 0 or negative errno, the reason in @diag: -ENOENT tracefs is not mounted or this
 * kernel has no such event, -EACCES not for this user, -EOPNOTSUPP a reader that this program
 * was built without.
 */
int lt_follow_open(const struct lt_follow_options *options, struct lt_strings *strings,
		   struct lt_stacks *stacks, struct lt_follow **out, struct lt_diag *diag)
	__must_check;

/* Readable when something was recorded. Not to be read. */
int lt_follow_fd(const struct lt_follow *follow) __must_check __nonnull_all;

/* Whether every release is recorded. */
bool lt_follow_has_releases(const struct lt_follow *follow) __nonnull_all;

/* The one that is in use; never LT_FOLLOW_DEFAULT. */
enum lt_follow_reader lt_follow_reader(const struct lt_follow *follow);

/**
 * lt_follow_read() - hand out what was recorded since the last call; does not wait
 *
 * Events of one task come in their order; attempts in the order of their ends. With stacks
 * an event may come one call later, since the kernel records its stack right behind it.
 *
 * Return: the number of events read, or negative errno.
 */
int lt_follow_read(struct lt_follow *follow, const struct lt_follow_sink *sink,
		   struct lt_diag *diag) __must_check __nonnull_at(1, 2);

/* Record no more. What was recorded is still there. 0 or negative errno. */
int lt_follow_stop(struct lt_follow *follow) __must_check __nonnull_all;

/*
 * After lt_follow_stop(): hand out all that is left, then the attempts that have not ended
 * (is_open). 0 or negative errno.
 */
int lt_follow_finish(struct lt_follow *follow, const struct lt_follow_sink *sink,
		     struct lt_diag *diag) __must_check __nonnull_at(1, 2);

/**
 * lt_follow_lost() - events that the kernel overwrote before they were read, since the start
 *
 * The kernel's own count (per_cpu/cpuN/stats: overrun and dropped events), never a guess.
 * Return: 0, or negative errno with @nr_lost untouched.
 */
int lt_follow_lost(const struct lt_follow *follow, uint64_t *nr_lost) __must_check __nonnull_all;

/* How far the clock of the events is ahead of lt_now_ns(), see lt_trace_clock_ahead(). */
int lt_follow_clock(const struct lt_follow *follow, int64_t *ahead_ns) __must_check __nonnull_all;

/* Stop and remove the buffer. */
void lt_follow_close(struct lt_follow *follow);

#endif
