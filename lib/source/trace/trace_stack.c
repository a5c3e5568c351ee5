// SPDX-License-Identifier: LGPL-2.1-or-later
/* Parses stacks of a text trace. */
#include "source/trace/trace_stack.h"

#include <errno.h>
#include <string.h>

#include "base/array_size.h"

bool lt_trace_event_is_stack(const struct lt_trace_event *event)
{
	struct lt_text fields = event->fields;

	return lt_span_is(event->name, "kernel_stack") ||
	       (!event->name.len && lt_text_literal(&fields, "<stack trace>"));
}

/* What recorded the event is no part of how its task came there. */
static bool is_tracing(const char *frame)
{
	static const char *const prefixes[] = {
		"__traceiter_", "trace_event_", "event_triggers_", "kprobe_", "kretprobe_",
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(frame, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

int lt_trace_stack_add(struct lt_stacks *stacks, const char *const *frames, size_t nr,
		       const struct lt_stack **out)
{
	const struct lt_stack *stack;

	for (; nr && is_tracing(*frames); nr--)
		frames++;
	if (!nr)
		return 0;
	stack = lt_stacks_add(stacks, frames, nr);
	if (!stack)
		return -ENOMEM;
	*out = stack;
	return 0;
}
