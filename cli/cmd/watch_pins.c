// SPDX-License-Identifier: GPL-2.0-or-later
/* Reports the calls that pin pages while `ltpin watch --pins` runs. */
#include "cmd/watch_pins.h"

#include <errno.h>

#include "base/now.h"
#include "cmd/redact.h"
#include "render/pin_call.h"
#include "render/json/json_watch.h"

/* How often pages are looked at for pins that have ended; nothing is read without any. */
#define CHECK_EVERY_MS 1000

static int written(FILE *out)
{
	errno = 0;
	return fflush(out) || ferror(out) ? -(errno ? errno : EIO) : 0;
}

static void learn(const struct watch_pins *pins, const struct lt_pin_call *call)
{
	if (pins->redact)
		redact_learn_task(pins->redacted->redact, pins->redact, call->comm);
}

static int on_call(const struct lt_pin_call *call, void *arg)
{
	const struct watch_pins *pins = arg;

	learn(pins, call);
	if (pins->cmd->format == FORMAT_NDJSON)
		return json_watch_pin(pins->text->out, pins->snap, call);
	pin_call_print(pins->text, pins->snap, call, pins->cmd->is_verbose);
	return written(pins->text->out);
}

static int on_end(const struct lt_pin_call *call, void *arg)
{
	const struct watch_pins *pins = arg;

	learn(pins, call);
	if (pins->cmd->format == FORMAT_NDJSON)
		return json_watch_unpin(pins->text->out, pins->snap, call);
	pin_call_print_end(pins->text, call);
	return written(pins->text->out);
}

int watch_pins_open(struct watch_pins *pins, struct cmd *cmd, struct lt_snapshot *snap,
		    struct text *text, struct lt_watch_options *options, struct lt_diag *diag)
{
	const struct lt_pin_watch_options own = {
		.root = snap->root,
		.kernel = &snap->kernel,
		.areas = &snap->areas,
		.strings = snap->strings,
		.stacks = snap->stacks,
		.on_call = on_call,
		.on_end = on_end,
		.arg = pins,
	};
	int err;

	if (!pins->is_wanted)
		return 0;
	pins->cmd = cmd;
	pins->snap = snap;
	pins->text = text;
	err = lt_pin_watch_open(&own, &pins->watch, diag);
	if (err)
		return err;
	options->follow.events = lt_pin_watch_events(pins->watch, &options->follow.nr_events);
	snap->options.pin_calls = lt_pin_watch_calls(pins->watch);
	if (!lt_pin_watch_longterm(pins->watch))
		cmd_error("which pins are long-term is not known: %s", diag->why);
	return 0;
}

int watch_pins_event(const struct lt_trace_event *event, void *arg)
{
	struct watch_pins *pins = arg;

	return pins->watch ? lt_pin_watch_event(pins->watch, event) : 0;
}

int watch_pins_step(struct watch_pins *pins, struct lt_watch *watch)
{
	uint64_t now_ms = lt_now_ms();
	int64_t ahead_ns;

	if (!pins->watch || now_ms - pins->checked_ms < CHECK_EVERY_MS)
		return 0;
	pins->checked_ms = now_ms;
	if (lt_watch_clock(watch, &ahead_ns))
		lt_pin_watch_set_clock(pins->watch, ahead_ns);
	return lt_pin_watch_check(pins->watch);
}

int watch_pins_finish(struct watch_pins *pins)
{
	return pins->watch ? lt_pin_watch_check(pins->watch) : 0;
}

void watch_pins_close(struct watch_pins *pins)
{
	if (!pins->watch)
		return;
	pins->snap->options.pin_calls = NULL;
	lt_pin_watch_close(pins->watch);
	pins->watch = NULL;
}
