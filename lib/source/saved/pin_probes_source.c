// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The source "pin-probes": who pinned the pages that are in the way, as far as it was
 * watched (act/pin/pin_watch.h). A report watches nothing; it only tells whether it could.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/array_size.h"
#include "model/pin_call.h"
#include "source/source.h"

/* Whether it may have pinned one of @pins; what is proven names the pinner instead. */
static bool is_hint_for(const struct lt_pin_call *call, const struct lt_pins *pins)
{
	if (call->is_proven || !call->pid.known)
		return false;
	lt_vec_each(run, &call->in_cma) {
		const struct lt_pin *pin = lt_pins_from(pins, run->start_pfn);

		if (pin && pin->pfn < run->end_pfn)
			return true;
	}
	return false;
}

static int add_hint(struct lt_snapshot *snap, const struct lt_pin_call *call)
{
	struct lt_pin_hint *hint;

	if (snap->pin_hints.nr >= LT_PIN_HINTS_MAX)
		return 0;
	hint = lt_vec_push(&snap->pin_hints);
	if (!hint)
		return -ENOMEM;
	*hint = (struct lt_pin_hint){
		.kind = LT_HINT_PIN_CALL,
		.pid = (int)call->pid.val,
		.comm = call->comm,
		.nr_pages = lt_num(lt_ranges_nr_pages(&call->in_cma)),
	};
	return 0;
}

static int add_calls(struct lt_snapshot *snap, const struct lt_pin_calls *calls)
{
	int err = 0;

	lt_pin_calls_name(calls, &snap->pins);
	lt_vec_each(call, calls)
		if (!err && is_hint_for(call, &snap->pins))
			err = add_hint(snap, call);
	lt_pin_hints_sort(&snap->pin_hints);
	return err;
}

/* What is there but shut for us is there. */
static bool is_there(const struct lt_root *root, const char *path)
{
	int fd = lt_root_openat(root, path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd != -ENOENT;
}

static int read_pin_probes(struct lt_snapshot *snap, struct lt_diag *diag)
{
	static const char *const paths[] = {
		"/sys/kernel/tracing/kprobe_events",
		"/sys/kernel/debug/tracing/kprobe_events",
		"/sys/kernel/tracing/events/page_ref/page_ref_mod/enable",
	};

	if (snap->options.pin_calls)
		return add_calls(snap, snap->options.pin_calls);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		/* A captured system cannot be watched any more, whatever it had. */
		if (!lt_root_is_live(snap->root) || is_there(snap->root, paths[i])) {
			lt_diag_set(diag,
				    "not watched: `ltpin watch --pins` does, while it happens");
			return -ENODATA;
		}
	}
	return -ENOENT;
}

const struct lt_source lt_source_pin_probes = {
	.name = "pin-probes",
	.where = "/sys/kernel/tracing/kprobe_events",
	.proves = "who pins pages from now on, with a stack",
	.options = { "KPROBE_EVENTS|DEBUG_PAGE_REF" },
	.mount = LT_MOUNT_TRACEFS,
	.stage = LT_STAGE_PROCESSES,
	.pace = LT_PACE_NEVER,
	.read = read_pin_probes,
};
