// SPDX-License-Identifier: LGPL-2.1-or-later
/* Joins the module's messages, which are of the instant, with the attempts. */
#include "act/watch/watch_instants.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

/*
 * How far apart the clocks of module and trace may be: local_clock() and sched_clock() differ, and
 * so do the CPUs of an emulated machine.
 */
#define SLACK_NS 500000000

/* 5.10 does not tell when an attempt began: none takes longer than this. */
#define LATENCY_MAX_NS 10000000000

int lt_watch_instants_open(struct lt_watch_instants *instants, const struct lt_root *root,
			   struct lt_diag *diag)
{
	int err = lt_module_events_open(root, &instants->events, diag);

	if (err)
		instants->events = NULL;
	return err;
}

void lt_watch_instants_close(struct lt_watch_instants *instants)
{
	lt_module_events_close(instants->events);
	instants->events = NULL;
}

int lt_watch_instants_fd(const struct lt_watch_instants *instants)
{
	return instants->events ? lt_module_events_fd(instants->events) : -1;
}

int lt_watch_instants_read(struct lt_watch_instants *instants)
{
	struct lt_blocker_event event;
	int nr = 0, ret;

	if (!instants->events)
		return 0;
	while ((ret = lt_module_events_next(instants->events, &event)) > 0) {
		size_t slot = instants->nr_said++ % LT_WATCH_INSTANTS;

		instants->said[slot] = event;
		instants->is_used[slot] = false;
		nr++;
	}
	return ret < 0 ? ret : nr;
}

/* The thread in "comm-pid"; 0 if there is none. */
static uint64_t tid_of(const struct lt_attempt *attempt)
{
	const char *dash = attempt->caller ? strrchr(attempt->caller, '-') : NULL;
	struct lt_text text;
	uint64_t tid;

	if (!dash)
		return 0;
	lt_text_init(&text, dash + 1, strlen(dash + 1));
	return lt_text_u64(&text, &tid) && lt_text_at_end(&text) ? tid : 0;
}

/* Whether @event can have been while @attempt went on. */
static bool is_in_time(const struct lt_blocker_event *event, const struct lt_attempt *attempt)
{
	uint64_t begin_ns = attempt->ts_ns.val, end_ns = begin_ns;
	uint64_t before_ns = SLACK_NS;

	if (!attempt->ts_ns.known)
		return true;
	if (attempt->latency_ns.known)
		end_ns += attempt->latency_ns.val;
	else
		before_ns += LATENCY_MAX_NS;
	return event->ts_ns + before_ns >= begin_ns && event->ts_ns <= end_ns + SLACK_NS;
}

/* The oldest that was said of @tried and is no other attempt's; NULL if there is none. */
static const struct lt_blocker_event *use(struct lt_watch_instants *instants, uint64_t tid,
					  const struct lt_attempt *attempt,
					  const struct lt_try *tried)
{
	size_t nr = instants->nr_said < LT_WATCH_INSTANTS ? instants->nr_said : LT_WATCH_INSTANTS;

	for (size_t i = instants->nr_said - nr; i < instants->nr_said; i++) {
		const struct lt_blocker_event *event = &instants->said[i % LT_WATCH_INSTANTS];

		if (!instants->is_used[i % LT_WATCH_INSTANTS] && event->tid == tid &&
		    event->pfn == tried->blocker_pfn.val &&
		    event->pfns.end_pfn == tried->pfns.end_pfn && is_in_time(event, attempt)) {
			instants->is_used[i % LT_WATCH_INSTANTS] = true;
			return event;
		}
	}
	return NULL;
}

/* The last time that a page was in the way of this attempt is what counts. */
int lt_watch_instants_give(struct lt_watch_instants *instants, struct lt_attempt *attempt,
			   size_t *next)
{
	size_t nr = attempt->tries.nr, first = nr > LT_WATCH_INSTANTS ? nr - LT_WATCH_INSTANTS : 0;
	uint64_t tid = instants->events ? tid_of(attempt) : 0;
	int err = 0;

	for (size_t i = *next > first ? *next : first; i < nr && tid && !err; i++) {
		const struct lt_try *tried = &attempt->tries.v[i];
		struct lt_blocker *blocker;
		const struct lt_blocker_event *event;

		if (!lt_try_blocker(tried).known)
			continue;
		event = use(instants, tid, attempt, tried);
		if (event)
			*next = i + 1;
		blocker = lt_blockers_find(&attempt->blockers, tried->blocker_pfn.val);
		if (event && blocker && event->folio.nr_pages)
			err = lt_blocker_set_instant(blocker, &event->folio);
	}
	return err;
}
