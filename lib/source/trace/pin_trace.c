// SPDX-License-Identifier: LGPL-2.1-or-later
/* Makes calls that pin pages out of the events of probes. */
#include "source/trace/pin_trace.h"

#include <errno.h>
#include <string.h>

#include "source/trace/page_ref.h"
#include "source/trace/pin_event.h"

/* Threads inside a pin call at once; a call whose return was lost stays until it is the oldest. */
#define PENDING_MAX 1024

static size_t find_pending(const struct lt_pin_trace *trace, uint64_t tid)
{
	size_t i = 0;

	while (i < trace->pending.nr && trace->pending.v[i].tid != tid)
		i++;
	return i;
}

static int name_task(const struct lt_pin_trace *trace, const struct lt_trace_event *event,
		     struct lt_pin_call *call)
{
	call->tid = event->pid;
	call->ts_ns = event->ts_ns;
	call->stack = event->stack;
	if (!event->comm.len || lt_span_is(event->comm, "<...>"))
		return 0;
	call->comm = lt_strings_span(trace->strings, event->comm);
	return call->comm ? 0 : -ENOMEM;
}

static bool is_frame_of(const char *frame, const char *function)
{
	size_t len = strlen(function);

	return !strncmp(frame, function, len) && (!frame[len] || strchr("+ ", frame[len]));
}

/* What the probe itself put on top of the function that was called goes. */
static int trim_stack(const struct lt_pin_trace *trace, struct lt_pin_call *call)
{
	const struct lt_stack *stack = call->stack;
	size_t i = 0;

	if (!stack || !trace->stacks)
		return 0;
	while (i < stack->nr && !is_frame_of(stack->frames[i], call->function))
		i++;
	if (i < stack->nr)
		call->stack = lt_stacks_add(trace->stacks, stack->frames + i, stack->nr - i);
	return call->stack ? 0 : -ENOMEM;
}

static enum lt_longterm is_longterm(const struct lt_pin_trace *trace,
				    const struct lt_pin_event *pin)
{
	if (!pin->function->flags)
		return LT_LONGTERM_YES;
	if (!trace->longterm)
		return LT_LONGTERM_UNKNOWN;
	return pin->flags.val & trace->longterm ? LT_LONGTERM_YES : LT_LONGTERM_NO;
}

static int begin_call(struct lt_pin_trace *trace, const struct lt_trace_event *event,
		      const struct lt_pin_event *pin)
{
	struct lt_pin_calls *pending = &trace->pending;
	size_t i = find_pending(trace, event->pid);
	struct lt_pin_call *call;

	if (i < pending->nr)
		lt_pin_calls_drop(pending, i); /* its return was lost */
	else if (pending->nr >= PENDING_MAX)
		lt_pin_calls_drop(pending, 0);
	call = lt_vec_push(pending);
	if (!call)
		return -ENOMEM;
	call->function = pin->function->name;
	call->longterm = is_longterm(trace, pin);
	call->is_remote = pin->function->is_remote;
	call->addr = pin->addr;
	call->nr_asked = pin->nr_pages;
	return name_task(trace, event, call) ? -ENOMEM : trim_stack(trace, call);
}

/* One without a begin began before the trace, or its begin was lost. */
static int end_call(struct lt_pin_trace *trace, const struct lt_trace_event *event, int64_t ret,
		    const struct lt_pin_trace_sink *sink)
{
	size_t i = find_pending(trace, event->pid);
	struct lt_pin_call *call = &trace->pending.v[i], ended;

	if (i == trace->pending.nr)
		return 0;
	call->ts_ns = event->ts_ns;
	call->nr_pinned = lt_num(ret > 0 ? (uint64_t)ret : 0);
	if (ret <= 0)
		call->err = lt_num((uint64_t)-ret);
	ended = *call;
	*call = (struct lt_pin_call){ 0 };
	lt_pin_calls_drop(&trace->pending, i);
	return sink->on_call(&ended, sink->arg);
}

static int add_page(struct lt_pin_call *call, uint64_t pfn)
{
	struct lt_range *run = lt_vec_push(&call->runs);

	if (!run)
		return -ENOMEM;
	*run = (struct lt_range){ pfn, pfn + 1 };
	call->is_exact = true;
	return 0;
}

/* The kernel pins a page first and then looks whether it has to be moved: then it unpins it. */
static bool remove_page(struct lt_pin_call *call, uint64_t pfn)
{
	for (size_t i = call->runs.nr; i-- > 0;) {
		if (call->runs.v[i].start_pfn != pfn)
			continue;
		call->runs.v[i] = call->runs.v[--call->runs.nr];
		return true;
	}
	return false;
}

static int change_page(struct lt_pin_trace *trace, const struct lt_trace_event *event,
		       const struct lt_page_ref *ref, const struct lt_pin_trace_sink *sink)
{
	size_t i = find_pending(trace, event->pid);
	struct lt_pin_call *pending = i < trace->pending.nr ? &trace->pending.v[i] : NULL;
	struct lt_pin_call call = { .nr_pinned = lt_num(1) };
	int pins = lt_page_ref_pins(ref), err;

	if (pins < 0) {
		if ((pending && remove_page(pending, ref->pfn)) || !sink->on_unpin)
			return 0;
		return sink->on_unpin(ref->pfn, event->pid, sink->arg);
	}
	if (!pins)
		return 0;
	if (pending)
		return add_page(pending, ref->pfn);
	/* Without probes, or in a function that has none, this page is all that is known. */
	err = name_task(trace, event, &call);
	if (!err)
		err = add_page(&call, ref->pfn);
	if (err) {
		lt_pin_call_fini(&call);
		return err;
	}
	return sink->on_call(&call, sink->arg);
}

int lt_pin_trace_event(struct lt_pin_trace *trace, const struct lt_trace_event *event,
		       const struct lt_pin_trace_sink *sink)
{
	struct lt_pin_event pin;
	struct lt_page_ref page;
	int ret = lt_pin_event_parse(event, &pin, NULL);

	if (ret > 0)
		return pin.is_return ? end_call(trace, event, pin.ret, sink)
				     : begin_call(trace, event, &pin);
	if (!ret)
		ret = lt_page_ref_parse(event, &page, NULL);
	if (ret > 0)
		return change_page(trace, event, &page, sink);
	if (ret < 0)
		trace->nr_not_understood++;
	return 0;
}

void lt_pin_trace_fini(struct lt_pin_trace *trace)
{
	lt_pin_calls_free(&trace->pending);
}
