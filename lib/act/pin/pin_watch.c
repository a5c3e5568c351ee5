// SPDX-License-Identifier: LGPL-2.1-or-later
/* Remembers the pins that probes saw, and sees when they end. */
#include "act/pin/pin_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/pin/pin_flag.h"
#include "act/pin/kprobe_group.h"
#include "base/now.h"
#include "source/trace/page_ref.h"
#include "source/page/page_state.h"
#include "source/trace/pin_trace.h"
#include "source/process/process_pfns.h"
#include "source/process/process_status.h"
#include "source/process/process_table.h"
#include "uapi/ltpin_netlink.h"

/* Calls that are remembered. */
#define CALLS_MAX 4096

/* Runs of pages whose pin counts are looked at after a call in an area, and elsewhere. */
#define RUNS_MAX 4096
#define RUNS_OUTSIDE_MAX 16

/* Page tables read per second for calls without FOLL_LONGTERM: block I/O may make many. */
#define LOOKUPS_MAX 500

#define NSEC_PER_SEC 1000000000u

/* Of the probes, and of page_ref. */
#define EVENTS_MAX 32

struct lt_pin_watch {
	struct lt_pin_watch_options options;
	struct lt_kprobe_group *probe; /* NULL if only page_ref is there */
	struct lt_follow_event events[EVENTS_MAX];
	size_t nr_events;
	struct lt_page_state state;
	bool has_state; /* somebody tells pin counts */
	bool has_pids;	/* traces and /proc speak of the same processes */
	struct lt_pin_trace trace;
	struct lt_pin_calls calls;
	struct lt_pin_tally tally;
	int64_t ahead_ns;	     /* the clock of the events, of lt_now_ns() */
	uint64_t second, nr_lookups; /* in that second */
};

/* As the events are timed. */
static struct lt_num now(const struct lt_pin_watch *watch)
{
	return lt_num(lt_now_ns() + (uint64_t)watch->ahead_ns);
}

/* Whether there is time to look up the pages of @call. */
static bool may_look(struct lt_pin_watch *watch, const struct lt_pin_call *call)
{
	uint64_t second = lt_now_ns() / NSEC_PER_SEC;

	if (call->longterm == LT_LONGTERM_YES)
		return true;
	if (second != watch->second)
		watch->nr_lookups = 0;
	watch->second = second;
	return watch->nr_lookups++ < LOOKUPS_MAX;
}

/* Where the pages are, if the kernel did not say so itself. */
static int find_pages(struct lt_pin_watch *watch, struct lt_pin_call *call)
{
	const struct lt_root *root = watch->options.root;
	int err = -ENOENT;

	if (call->is_exact)
		return 0;
	if (watch->has_pids && call->addr.known && may_look(watch, call))
		err = lt_process_pfns(root, call->tid, call->addr.val, call->nr_pinned.val,
				      &call->runs);
	if (err)
		call->runs.nr = 0;
	else
		call->read_after_ns = lt_num_sub(now(watch), call->ts_ns);
	watch->tally.nr_unresolved += !call->runs.nr;
	return err == -ENOMEM ? err : 0;
}

/* The process, and its name if the trace did not tell. */
static int name_process(const struct lt_pin_watch *watch, struct lt_pin_call *call)
{
	const struct lt_root *root = watch->options.root;
	struct lt_process_status status;
	int err = 0;

	if (!watch->has_pids)
		return 0;
	if (!lt_process_status_read(root, call->tid, &status))
		call->pid = status.pid;
	if (!call->comm)
		err = lt_process_comm(root, (int)call->tid, watch->options.strings, &call->comm);
	return err == -ENOMEM ? err : 0;
}

/* What of some pages is pinned now. */
struct pinned {
	struct lt_range pfns;
	struct lt_ranges ranges;
	bool is_sure; /* every folio told how many pins it has */
};

static int note_folio(const struct lt_folio *folio, void *arg)
{
	struct pinned *pinned = arg;
	struct lt_range pfns = { folio->pfn, folio->pfn + folio->nr_pages };
	struct lt_range *range;

	/* One that changes while it is read may be pinned. */
	if (folio->flags & LTPIN_PAGE_UNSTABLE || lt_folio_may_be_pinned(folio))
		pinned->is_sure = false;
	else if (lt_folio_pins(folio) <= 0)
		return 0;
	range = lt_vec_push(&pinned->ranges);
	if (!range)
		return -ENOMEM;
	*range = pinned->pfns;
	if (range->start_pfn < pfns.start_pfn)
		range->start_pfn = pfns.start_pfn;
	if (range->end_pfn > pfns.end_pfn)
		range->end_pfn = pfns.end_pfn;
	return 0;
}

/* The pages of the first @nr_max of @runs that are pinned now. */
static int find_pinned(const struct lt_pin_watch *watch, const struct lt_ranges *runs,
		       size_t nr_max, struct pinned *out)
{
	int err = 0;

	out->is_sure = true;
	for (size_t i = 0; i < runs->nr && i < nr_max && !err; i++) {
		out->pfns = runs->v[i];
		err = lt_page_state_ask(&watch->state, out->pfns, note_folio, out, NULL);
	}
	return err;
}

/* Keep of the pages in areas those that are pinned now. */
static int verify(struct lt_pin_watch *watch, struct lt_pin_call *call)
{
	struct pinned pinned = { 0 };
	bool is_inside = call->in_cma.nr;
	int err;

	call->is_proven = call->is_exact;
	if (!watch->has_state || (!is_inside && call->longterm == LT_LONGTERM_NO))
		return 0;
	err = find_pinned(watch, is_inside ? &call->in_cma : &call->runs,
			  is_inside ? RUNS_MAX : RUNS_OUTSIDE_MAX, &pinned);
	if (!err) {
		call->is_proven |= pinned.is_sure && pinned.ranges.nr && !call->is_remote;
		if (is_inside && !pinned.ranges.nr)
			call->ended_ns = now(watch);
		if (is_inside) {
			lt_vec_free(&call->in_cma);
			call->in_cma = pinned.ranges;
			return 0;
		}
	}
	lt_vec_free(&pinned.ranges);
	return err == -ENOMEM ? err : 0;
}

/* Moves @call to those that are remembered. */
static int keep(struct lt_pin_watch *watch, struct lt_pin_call *call)
{
	struct lt_pin_call *kept;

	if (watch->calls.nr >= CALLS_MAX) {
		lt_pin_calls_drop(&watch->calls, 0);
		watch->tally.nr_forgotten++;
	}
	kept = lt_vec_push(&watch->calls);
	if (!kept)
		return -ENOMEM;
	*kept = *call;
	*call = (struct lt_pin_call){ 0 };
	lt_vec_free(&kept->runs);
	return 0;
}

static int report_call(struct lt_pin_watch *watch, struct lt_pin_call *call)
{
	bool is_inside = call->in_cma.nr;
	int err = 0;

	if (call->longterm == LT_LONGTERM_YES || (is_inside && call->is_proven))
		err = watch->options.on_call(call, watch->options.arg);
	return err || !is_inside ? err : keep(watch, call);
}

static int add_call(struct lt_pin_watch *watch, struct lt_pin_call *call)
{
	bool is_longterm = call->longterm == LT_LONGTERM_YES;
	int err;

	if (!call->nr_pinned.val) {
		watch->tally.nr_failed += is_longterm;
		return 0;
	}
	watch->tally.nr_calls++;
	watch->tally.nr_longterm += is_longterm;
	err = find_pages(watch, call);
	if (!err)
		err = lt_pin_call_locate(call, watch->options.areas);
	if (err || (!is_longterm && !call->in_cma.nr))
		return err;
	err = name_process(watch, call);
	if (!err)
		err = verify(watch, call);
	return err ? err : report_call(watch, call);
}

static int on_call(struct lt_pin_call *call, void *arg)
{
	int err = add_call(arg, call);

	lt_pin_call_fini(call);
	return err;
}

/* Look whether the call at @i still has pages pinned; it is forgotten if not. */
static int check_call(struct lt_pin_watch *watch, size_t i)
{
	struct lt_pin_call *call = &watch->calls.v[i];
	struct pinned pinned = { 0 };
	int err = find_pinned(watch, &call->in_cma, RUNS_MAX, &pinned);

	if (err) {
		lt_vec_free(&pinned.ranges);
		return err;
	}
	lt_vec_free(&call->in_cma);
	call->in_cma = pinned.ranges;
	if (call->in_cma.nr)
		return 0;
	call->ended_ns = now(watch);
	if (watch->options.on_end)
		err = watch->options.on_end(call, watch->options.arg);
	lt_pin_calls_drop(&watch->calls, i);
	return err;
}

/* Whose pin it was, the event does not tell: the page has to. */
static int on_unpin(uint64_t pfn, uint64_t tid, void *arg)
{
	struct lt_pin_watch *watch = arg;
	int err = 0;

	(void)tid;
	for (size_t i = watch->calls.nr; i-- > 0 && watch->has_state && !err;)
		if (lt_pin_call_has(&watch->calls.v[i], (struct lt_range){ pfn, pfn + 1 }))
			err = check_call(watch, i);
	return err;
}

int lt_pin_watch_event(struct lt_pin_watch *watch, const struct lt_trace_event *event)
{
	const struct lt_pin_trace_sink sink = {
		.on_call = on_call,
		.on_unpin = on_unpin,
		.arg = watch,
	};

	return lt_pin_trace_event(&watch->trace, event, &sink);
}

int lt_pin_watch_check(struct lt_pin_watch *watch)
{
	int err = 0;

	for (size_t i = watch->calls.nr; i-- > 0 && watch->has_state && !err;)
		err = check_call(watch, i);
	return err;
}

const struct lt_follow_event *lt_pin_watch_events(const struct lt_pin_watch *watch, size_t *nr)
{
	*nr = watch->nr_events;
	return watch->events;
}

void lt_pin_watch_set_clock(struct lt_pin_watch *watch, int64_t ahead_ns)
{
	watch->ahead_ns = ahead_ns;
}

uint32_t lt_pin_watch_longterm(const struct lt_pin_watch *watch)
{
	return watch->trace.longterm;
}

const struct lt_pin_calls *lt_pin_watch_calls(const struct lt_pin_watch *watch)
{
	return &watch->calls;
}

struct lt_pin_tally lt_pin_watch_tally(const struct lt_pin_watch *watch)
{
	struct lt_pin_tally tally = watch->tally;

	tally.nr_not_understood = watch->trace.nr_not_understood;
	tally.nr_held = watch->calls.nr;
	return tally;
}

/* 0 also if the flag is not found out: pins are then told without saying whether for long. */
static int set_probes(struct lt_pin_watch *watch, struct lt_diag *diag)
{
	const struct lt_follow_event *events;
	int err = lt_kprobe_group_open(&watch->probe, diag);

	if (err)
		return err;
	events = lt_kprobe_group_events(watch->probe, &watch->nr_events);
	memcpy(watch->events, events, watch->nr_events * sizeof(*events));
	err = lt_pin_flag_calibrate(watch->probe, &watch->trace.longterm, diag);
	return err == -EOPNOTSUPP ? 0 : err;
}

/* The kernel tells of every pin of a small folio itself, if it was built so. */
static bool add_page_ref(struct lt_pin_watch *watch)
{
	int fd =
		lt_root_openat(watch->options.root,
			       "/sys/kernel/tracing/events/" LT_PAGE_REF_EVENT "/enable", O_RDONLY);

	if (fd < 0)
		return false;
	close(fd);
	watch->events[watch->nr_events++] = (struct lt_follow_event){
		.name = LT_PAGE_REF_EVENT,
		.filter = LT_PAGE_REF_FILTER,
	};
	return true;
}

int lt_pin_watch_open(const struct lt_pin_watch_options *options, struct lt_pin_watch **out,
		      struct lt_diag *diag)
{
	struct lt_pin_watch *watch = calloc(1, sizeof(*watch));
	int err;

	if (!watch)
		return -ENOMEM;
	watch->options = *options;
	watch->trace.strings = options->strings;
	watch->trace.stacks = options->stacks;
	err = set_probes(watch, diag);
	if (add_page_ref(watch) && !watch->probe)
		err = 0;
	if (err) {
		lt_pin_watch_close(watch);
		return err;
	}
	watch->has_pids = !lt_process_table_is_limited(options->root);
	watch->has_state = !lt_page_state_open(options->root, options->kernel, &watch->state, diag);
	*out = watch;
	return 0;
}

void lt_pin_watch_close(struct lt_pin_watch *watch)
{
	if (!watch)
		return;
	if (watch->has_state)
		lt_page_state_close(&watch->state);
	lt_kprobe_group_close(watch->probe);
	lt_pin_trace_fini(&watch->trace);
	lt_pin_calls_free(&watch->calls);
	free(watch);
}
