// SPDX-License-Identifier: LGPL-2.1-or-later
/* Holds events until their stack has come. */
#include "source/trace/trace_hold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "source/trace/trace_stack.h"

/* Tasks whose stack is still to come; about one a processor, unless stacks were lost. */
#define NR_HELD_MAX 256

/* Owns the bytes that its event points to. */
struct held {
	struct lt_trace_event event;
	char *bytes;
};

LT_VEC_OF(held_events, struct held);

struct lt_trace_hold {
	int (*on_event)(const struct lt_trace_event *event, void *arg);
	bool (*has_stack)(const struct lt_trace_event *event, void *arg);
	void *arg;
	struct held_events held; /* in the order of arrival, one a task */
};

struct lt_trace_hold *lt_trace_hold_new(int (*on_event)(const struct lt_trace_event *, void *),
					bool (*has_stack)(const struct lt_trace_event *, void *),
					void *arg)
{
	struct lt_trace_hold *hold = malloc(sizeof(*hold));

	if (hold)
		*hold = (struct lt_trace_hold){
			.on_event = on_event,
			.has_stack = has_stack,
			.arg = arg,
		};
	return hold;
}

void lt_trace_hold_free(struct lt_trace_hold *hold)
{
	if (!hold)
		return;
	lt_vec_each(held, &hold->held)
		free(held->bytes);
	lt_vec_free(&hold->held);
	free(hold);
}

static int let_go(struct lt_trace_hold *hold, size_t i)
{
	struct held held = hold->held.v[i];
	int err;

	hold->held.nr--;
	memmove(&hold->held.v[i], &hold->held.v[i + 1],
		(hold->held.nr - i) * sizeof(*hold->held.v));
	err = hold->on_event(&held.event, hold->arg);
	free(held.bytes);
	return err;
}

int lt_trace_hold_flush(struct lt_trace_hold *hold)
{
	int err = 0;

	while (!err && hold->held.nr)
		err = let_go(hold, 0);
	return err;
}

static size_t find_held(const struct lt_trace_hold *hold, uint64_t pid)
{
	size_t i = 0;

	while (i < hold->held.nr && hold->held.v[i].event.pid != pid)
		i++;
	return i;
}

static const char *keep_bytes(char **to, const char *from, size_t len)
{
	char *kept = *to;

	if (len)
		memcpy(kept, from, len);
	*to += len;
	return kept;
}

static int keep(struct lt_trace_hold *hold, const struct lt_trace_event *event)
{
	struct lt_span fields = lt_text_rest(&event->fields);
	size_t len = event->comm.len + event->name.len + fields.len;
	struct held *held = lt_vec_push(&hold->held);
	char *to;

	if (!held)
		return -ENOMEM;
	to = held->bytes = malloc(len + 1);
	if (!to) {
		hold->held.nr--;
		return -ENOMEM;
	}
	held->event = *event;
	held->event.comm.p = keep_bytes(&to, event->comm.p, event->comm.len);
	held->event.name.p = keep_bytes(&to, event->name.p, event->name.len);
	lt_text_init(&held->event.fields, keep_bytes(&to, fields.p, fields.len), fields.len);
	return 0;
}

int lt_trace_hold_push(struct lt_trace_hold *hold, const struct lt_trace_event *event)
{
	size_t i = find_held(hold, event->pid);
	int err = 0;

	if (lt_trace_event_is_stack(event)) {
		if (i == hold->held.nr)
			return 0; /* of an event that was lost */
		hold->held.v[i].event.stack = event->stack;
		return let_go(hold, i);
	}
	if (i < hold->held.nr)
		err = let_go(hold, i);
	if (err)
		return err;
	if (hold->has_stack && !hold->has_stack(event, hold->arg))
		return hold->on_event(event, hold->arg);
	if (hold->held.nr == NR_HELD_MAX)
		err = let_go(hold, 0);
	return err ? err : keep(hold, event);
}
