// SPDX-License-Identifier: LGPL-2.1-or-later
/* Follows allocation attempts live, in a trace instance of its own. */
#include "act/follow/follow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act/follow/follow_comm.h"
#include "act/follow/follow_reader.h"
#include "act/follow/trace_clock.h"
#include "act/follow/trace_instance.h"
#include "base/compiler.h"
#include "source/trace/trace_attempts.h"
#include "source/trace/trace_hold.h"

LT_VEC_OF(names, const char *);

struct lt_follow {
	struct lt_trace_instance *instance;
	const struct lt_follow_reader_type *type;
	enum lt_follow_reader reader;
	void *state; /* of the reader */
	struct lt_trace_attempts *attempts;
	struct lt_trace_hold *hold; /* only with stacks */
	struct lt_strings *strings;
	struct lt_stacks *stacks;
	const struct lt_follow_sink *sink; /* of the read that is going on */
	unsigned int nr_read;		   /* by it */
	int err;			   /* of what came before a loss */
	bool has_releases;
	struct lt_follow_comms comms;
	struct names with_stack; /* events that bring one */
};

static const struct lt_follow_reader_type *const readers[] = {
	[LT_FOLLOW_TEXT] = &lt_follow_text,
#ifdef HAVE_TRACEFS
	[LT_FOLLOW_RAW] = &lt_follow_raw,
#else
	[LT_FOLLOW_RAW] = NULL,
#endif
};

enum lt_follow_reader lt_follow_reader(const struct lt_follow *follow)
{
	return follow->reader;
}

const char *lt_follow_reader_name(enum lt_follow_reader reader)
{
	return readers[reader] ? readers[reader]->name : "raw";
}

static int on_attempt(struct lt_attempt *attempt, void *arg)
{
	struct lt_follow *follow = arg;

	return follow->sink->on_attempt(attempt, follow->sink->arg);
}

static int on_other_event(const struct lt_trace_event *event, void *arg)
{
	struct lt_follow *follow = arg;

	return follow->sink->on_event ? follow->sink->on_event(event, follow->sink->arg) : 0;
}

static int on_whole_event(const struct lt_trace_event *event, void *arg)
{
	struct lt_follow *follow = arg;

	return lt_trace_attempts_push(follow->attempts, event);
}

static int on_event(const struct lt_trace_event *event, void *arg)
{
	struct lt_follow *follow = arg;
	struct lt_trace_event named = *event;

	follow->nr_read++;
	lt_follow_comm(&follow->comms, named.pid, &named.comm);
	return follow->hold ? lt_trace_hold_push(follow->hold, &named)
			    : lt_trace_attempts_push(follow->attempts, &named);
}

static bool has_stack(const struct lt_trace_event *event, void *arg)
{
	const struct lt_follow *follow = arg;

	lt_vec_each(name, &follow->with_stack)
		if (lt_span_is(event->name, *name))
			return true;
	return false;
}

static void on_lost(uint64_t nr, void *arg)
{
	struct lt_follow *follow = arg;

	/* The stacks of what is held are among them. */
	if (follow->hold && !follow->err)
		follow->err = lt_trace_hold_flush(follow->hold);
	lt_trace_attempts_lost(follow->attempts);
	if (follow->sink->on_lost)
		follow->sink->on_lost(nr, follow->sink->arg);
}

/*
 * Never the option "stacktrace" of the buffer: the stack of a return probe stops 32-bit ARM
 * kernels (6.1: an oops in unwind_frame), and that of most events is of no use.
 */
static int record_stack(struct lt_follow *follow, const char *event)
{
	const char *slash = strchr(event, '/'), **name;
	char path[160];
	int err;

	snprintf(path, sizeof(path), "events/%s/trigger", event);
	err = lt_trace_instance_write(follow->instance, path, "stacktrace");
	if (err)
		return err;
	name = lt_vec_push(&follow->with_stack);
	if (!name)
		return -ENOMEM;
	event = slash ? slash + 1 : event;
	*name = lt_strings_add(follow->strings, event, strlen(event));
	return *name ? 0 : -ENOMEM;
}

/* Of the event that comes in the task which asks: the first one there is. */
static int record_requests(struct lt_follow *follow)
{
	int err = record_stack(follow, "cma/cma_alloc_start");

	return err == -ENOENT ? record_stack(follow, "cma/cma_alloc") : err; /* 5.10 */
}

static int enable_event(struct lt_follow *follow, const struct lt_follow_event *event)
{
	int err = event->has_stack ? record_stack(follow, event->name) : 0;

	if (err)
		return err;
	return lt_trace_instance_enable(follow->instance, event->name, event->filter);
}

static int enable_events(struct lt_follow *follow, const struct lt_follow_options *options,
			 struct lt_diag *diag)
{
	int err = options->has_stacks ? record_requests(follow) : 0;

	if (err == -ENOENT || err == -EINVAL)
		err = 0; /* a kernel without stacks */
	if (!err && options->has_releases)
		err = lt_trace_instance_enable_if(follow->instance, "cma/cma_release",
						  &follow->has_releases);
	if (err)
		lt_diag_set(diag, "cannot record allocations and releases: %s", strerror(-err));
	for (size_t i = 0; i < options->nr_events && !err; i++) {
		err = enable_event(follow, &options->events[i]);
		if (err)
			lt_diag_set(diag, "cannot record event %s: %s", options->events[i].name,
				    strerror(-err));
	}
	return err;
}

bool lt_follow_has_stacks(const struct lt_follow_options *options)
{
	bool has_any = options->has_stacks;

	for (size_t i = 0; i < options->nr_events; i++)
		has_any |= options->events[i].has_stack;
	return has_any;
}

static int choose_reader(struct lt_follow *follow, enum lt_follow_reader wanted,
			 struct lt_diag *diag)
{
	follow->reader = wanted == LT_FOLLOW_DEFAULT ? LT_FOLLOW_TEXT : wanted;
	follow->type = readers[follow->reader];
	if (follow->type)
		return 0;
	lt_diag_set(diag, "built without libtracefs");
	return -EOPNOTSUPP;
}

static int new_assembler(struct lt_follow *follow, const struct lt_follow_options *options,
			 struct lt_trace_recorded recorded)
{
	struct lt_trace_attempts_options own = {
		.strings = follow->strings,
		.areas = options->areas,
		.has_ends = true,
		.has_tests = recorded.has_tests,
		.has_retries = recorded.has_retries,
		.on_attempt = on_attempt,
		.on_event = on_other_event,
		.arg = follow,
	};

	follow->attempts = lt_trace_attempts_new(&own);
	if (lt_follow_has_stacks(options))
		follow->hold = lt_trace_hold_new(on_whole_event, has_stack, follow);
	return follow->attempts && (follow->hold || !lt_follow_has_stacks(options)) ? 0 : -ENOMEM;
}

static int start(struct lt_follow *follow, const struct lt_follow_options *options,
		 struct lt_diag *diag)
{
	struct lt_trace_recorded recorded;
	int err = choose_reader(follow, options->reader, diag);

	if (!err)
		err = lt_trace_instance_open(&follow->instance, diag);
	if (!err)
		err = enable_events(follow, options, diag);
	/* Not there up to 5.0; a reader is woken by the first event then. */
	if (!err)
		lt_ignore(lt_trace_instance_write(follow->instance, "buffer_percent", "0"));
	if (!err)
		err = lt_trace_instance_start(follow->instance, 0, options->buffer_kib, &recorded,
					      diag);
	if (!err)
		err = new_assembler(follow, options, recorded);
	if (!err)
		err = follow->type->open(follow->instance, options, &follow->state, diag);
	return err;
}

int lt_follow_open(const struct lt_follow_options *options, struct lt_strings *strings,
		   struct lt_stacks *stacks, struct lt_follow **out, struct lt_diag *diag)
{
	static const struct lt_follow_options defaults;
	struct lt_follow *follow = calloc(1, sizeof(*follow));
	int err;

	if (!follow)
		return -ENOMEM;
	follow->strings = strings;
	follow->stacks = stacks;
	err = start(follow, options ? options : &defaults, diag);
	if (err) {
		lt_diag_set(diag, "cannot follow the kernel's trace: %s", strerror(-err));
		lt_follow_close(follow);
		return err;
	}
	*out = follow;
	return 0;
}

bool lt_follow_has_releases(const struct lt_follow *follow)
{
	return follow->has_releases;
}

int lt_follow_fd(const struct lt_follow *follow)
{
	return follow->type->fd(follow->state);
}

int lt_follow_read(struct lt_follow *follow, const struct lt_follow_sink *sink,
		   struct lt_diag *diag)
{
	struct lt_trace_sink own = { .on_event = on_event, .on_lost = on_lost, .arg = follow };
	int err;

	follow->sink = sink;
	follow->nr_read = 0;
	follow->err = 0;
	follow->comms = (struct lt_follow_comms){ 0 };
	err = follow->type->read(follow->state, follow->strings, follow->stacks, &own, diag);
	if (!err)
		err = follow->err;
	/* The kernel records a stack right behind its event: it would be here by now. */
	if (!err && follow->hold && !follow->nr_read)
		err = lt_trace_hold_flush(follow->hold);
	follow->sink = NULL;
	return err ? err : (int)follow->nr_read;
}

int lt_follow_stop(struct lt_follow *follow)
{
	return lt_trace_instance_write(follow->instance, "tracing_on", "0");
}

int lt_follow_finish(struct lt_follow *follow, const struct lt_follow_sink *sink,
		     struct lt_diag *diag)
{
	int err;

	do
		err = lt_follow_read(follow, sink, diag);
	while (err > 0);
	if (err)
		return err;
	follow->sink = sink;
	err = lt_trace_attempts_finish(follow->attempts);
	follow->sink = NULL;
	return err;
}

int lt_follow_lost(const struct lt_follow *follow, uint64_t *nr_lost)
{
	return lt_trace_instance_lost(follow->instance, nr_lost);
}

int lt_follow_clock(const struct lt_follow *follow, int64_t *ahead_ns)
{
	return lt_trace_clock_ahead(follow->instance, ahead_ns);
}

void lt_follow_close(struct lt_follow *follow)
{
	if (!follow)
		return;
	if (follow->type)
		follow->type->close(follow->state);
	lt_trace_hold_free(follow->hold);
	lt_vec_free(&follow->with_stack);
	lt_trace_attempts_free(follow->attempts);
	lt_trace_instance_close(follow->instance);
	free(follow);
}
