// SPDX-License-Identifier: GPL-2.0-or-later
/* Fills the META of a capture with what the snapshot knows of its system. */
#include "cmd/capture_meta.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int replace(char **out, const char *text)
{
	free(*out);
	*out = text ? strdup(text) : NULL;
	return text && !*out ? -ENOMEM : 0;
}

/* What was said, and replaced, when it was captured before. */
static int copy_origin(struct lt_meta *meta, const struct lt_meta *before)
{
	int err = before ? replace(&meta->note, before->note) : 0;

	if (before)
		lt_vec_each(tally, &before->redacted)
			err = err ? err
				  : lt_meta_add_redacted(meta, tally->kind, tally->nr_names,
							 tally->nr_places);
	return err;
}

int capture_meta_fill(struct lt_meta *meta, const struct lt_snapshot *snap)
{
	const struct lt_clock_set *clock = &snap->clock;
	int err = replace(&meta->captured_at, snap->captured_at);

	meta->taken_ns = snap->taken_ns;
	meta->reader_uid = snap->reader_uid;
	meta->page_size = snap->kernel.page_size;
	meta->clock = (struct lt_meta_clock){
		.log_ns = clock->log_ns,
		.trace_ns = clock->trace_ns,
		.monotonic_ns = clock->monotonic_ns,
		.boottime_ns = clock->boottime_ns,
		.error_ns = clock->error_ns,
		.suspended_ns = clock->suspended_ns,
	};
	if (!err)
		err = replace(&meta->clock.trace_clock, clock->trace_clock);
	if (!err)
		err = replace(&meta->release, snap->kernel.release);
	if (!err)
		err = replace(&meta->arch, snap->kernel.arch);
	if (!err)
		err = replace(&meta->boot_id, snap->boot_id);
	if (!err)
		err = replace(&meta->machine, snap->machine);
	return err ? err : copy_origin(meta, lt_root_meta(snap->root));
}
