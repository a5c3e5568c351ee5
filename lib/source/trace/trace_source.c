// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The source "trace": a saved text trace, or what the kernel's ring buffer
 * holds now. Reading "trace" takes nothing out of it. The text: trace.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/array_size.h"
#include "base/file.h"
#include "base/lockdown.h"
#include "source/source.h"
#include "source/trace/trace.h"

static const char *const paths[] = {
	"/sys/kernel/tracing/trace",
	"/sys/kernel/debug/tracing/trace",
};

/* Give a capture its copy of a file that is not read through the root. */
static int keep(const struct lt_root *root, const char *path, int fd)
{
	FILE *copy = lt_root_keep_begin(root, path);
	off_t end = copy ? lseek(fd, 0, SEEK_END) : 0;
	int err = end < 0 ? -errno : 0;

	if (!copy)
		return 0;
	if (!err)
		err = lt_file_put(fd, 0, end, copy);
	lt_root_keep_end(root, err, LT_EXTENT_UNKNOWN);
	return !err && lseek(fd, 0, SEEK_SET) < 0 ? -errno : err;
}

/* The buffer of the running kernel changes meanwhile: it is read once, into memory. */
static int open_path(const struct lt_root *root, const char *path, struct lt_trace_input *out)
{
	struct lt_buf buf;
	int err;

	if (lt_root_is_live(root)) {
		err = lt_root_read(root, path, &buf);
		if (!err)
			*out = (struct lt_trace_input){ .buf = buf.data, .len = buf.len };
		return err;
	}
	*out = (struct lt_trace_input){ .fd = lt_root_openat(root, path, O_RDONLY) };
	if (out->fd < 0)
		return out->fd;
	err = keep(root, path, out->fd);
	if (err)
		close(out->fd);
	return err;
}

static void close_text(const struct lt_trace_input *text)
{
	if (!text->buf)
		close(text->fd);
	free((char *)text->buf);
}

static int open_text(const struct lt_snapshot *snap, struct lt_trace_input *out,
		     struct lt_diag *diag)
{
	int first = 0;

	if (snap->options.trace) {
		lt_diag_path(diag, snap->options.trace);
		*out = (struct lt_trace_input){ .fd = lt_file_open_seekable(snap->options.trace,
									    LT_ARCHIVE_SIZE_MAX) };
		return out->fd < 0 ? out->fd : 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		int err = open_path(snap->root, paths[i], out);

		if (!err)
			lt_diag_path(diag, paths[i]);
		if (!err || err == -ENOMEM)
			return err;
		if (!i || first == -ENOENT)
			first = err;
	}
	if (first == -EPERM && lt_lockdown_is_confidential(snap->root))
		lt_diag_set(diag, LT_LOCKDOWN_REFUSES);
	return first;
}

/* Hand all over. Mostly there are none before, and a long trace has many. */
static int move_attempts(struct lt_snapshot *snap, struct lt_attempts *attempts)
{
	if (!snap->attempts.nr) {
		lt_vec_free(&snap->attempts);
		snap->attempts = *attempts;
		*attempts = (struct lt_attempts){ 0 };
	}
	lt_vec_each(attempt, attempts) {
		struct lt_attempt *joined = lt_vec_push(&snap->attempts);

		if (!joined)
			return -ENOMEM;
		*joined = *attempt;
		attempt->tries.v = NULL;
		attempt->tries.nr = 0;
	}
	return 0;
}

static int join(struct lt_snapshot *snap, struct lt_attempts *attempts)
{
	int err = move_attempts(snap, attempts);

	if (err)
		return err;
	/* The log's attempts profit too: only here a name may get its area. */
	lt_attempts_locate(&snap->attempts, &snap->areas);
	if (lt_areas_are_all(&snap->areas, snap->memory.cma_total_kib, snap->kernel.page_size))
		lt_attempts_eliminate(&snap->attempts, &snap->areas);
	return 0;
}

/* 1 if the file of tracefs that is named begins with '1', 0, or -ENOMEM. */
static int is_on(const struct lt_snapshot *snap, const char *name)
{
	static const char *const dirs[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		struct lt_buf buf;
		char path[80];
		int err;

		snprintf(path, sizeof(path), "%s/%s", dirs[i], name);
		err = lt_root_read(snap->root, path, &buf);
		if (err == -ENOMEM)
			return err;
		if (err)
			continue;
		err = buf.len && buf.data[0] == '1';
		free(buf.data);
		return err;
	}
	return 0;
}

/* Whether all events of CMA are recorded now: 1, 0 or -ENOMEM. */
static int is_recording(const struct lt_snapshot *snap)
{
	int on = snap->options.trace ? 0 : is_on(snap, "tracing_on");

	return on <= 0 ? on : is_on(snap, "events/cma/enable");
}

/* Where all events of CMA are recorded it goes up to now: the clock was read before the trace. */
static int add_record(struct lt_snapshot *snap, struct lt_record record, bool is_on)
{
	const struct lt_num now_ns = snap->clock.trace_ns;
	struct lt_record *added;

	if (!record.from_ns.known)
		return 0;
	if (is_on && now_ns.known && now_ns.val > record.to_ns.val)
		record.to_ns = now_ns;
	added = lt_vec_push(&snap->records);
	if (!added)
		return -ENOMEM;
	*added = record;
	return 0;
}

/* How long what has not ended is under way; what began after the clock was read has no age. */
static void set_ages(const struct lt_snapshot *snap, struct lt_attempts *attempts)
{
	lt_vec_each(attempt, attempts)
		if (attempt->is_under_way)
			attempt->age_ns = lt_num_sub(snap->clock.trace_ns, attempt->ts_ns);
}

/* Releases are recorded too, and nothing happened since the last event. */
static void reach_now(struct lt_snapshot *snap)
{
	snap->ledger.has_releases = true;
	snap->ledger.has_end = snap->clock.trace_ns.known;
	lt_ledger_reach(&snap->ledger, snap->clock.trace_ns);
}

/* Keep what is told of pages of areas, or of all where no area is located. */
static int join_tracks(struct lt_snapshot *snap, const struct lt_page_tracks *tracks)
{
	bool has_ranges = false;

	lt_vec_each(area, &snap->areas)
		has_ranges = has_ranges || area->ranges.nr;
	lt_vec_each(track, tracks) {
		struct lt_page_track *joined;

		if (has_ranges && lt_areas_find_pfn(&snap->areas, track->pfn) == LT_NO_AREA)
			continue;
		joined = lt_vec_push(&snap->tracks);
		if (!joined)
			return -ENOMEM;
		*joined = *track;
		if (track->ts_ns.known)
			joined->when = lt_clock_of_trace(&snap->clock, lt_when_at(track->ts_ns));
	}
	return 0;
}

static int read_trace(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct lt_attempts attempts = { 0 };
	struct lt_page_tracks tracks = { 0 };
	struct lt_record record = { 0 };
	struct lt_trace_input text;
	int err = open_text(snap, &text, diag), on = 0;

	if (err)
		return err;
	err = lt_trace_read(&text, snap->strings, snap->stacks, &attempts, &record, &tracks,
			    &snap->ledger, diag);
	close_text(&text);
	if (!err)
		err = join_tracks(snap, &tracks);
	lt_vec_free(&tracks);
	if (!err)
		on = is_recording(snap);
	if (on > 0)
		set_ages(snap, &attempts);
	if (on > 0)
		reach_now(snap);
	if (!err)
		err = on < 0 ? on : add_record(snap, record, on);
	if (!err && !attempts.nr) {
		lt_diag_set(diag, diag->nr_skipped ? "no cma event in it that could be read"
						   : "no cma event in it");
		/* Nobody asked the kernel to record any, unless the user says that he did. */
		return snap->options.trace || snap->tracks.nr || diag->nr_skipped ? 0 : -ENODATA;
	}
	if (!err)
		err = join(snap, &attempts);
	if (!err)
		err = lt_ledger_identify(&snap->ledger, &snap->areas, snap->strings);
	lt_attempts_free(&attempts);
	return err;
}

const struct lt_source lt_source_trace = {
	.name = "trace",
	.where = "/sys/kernel/tracing/trace",
	.proves = "every allocation attempt, every range tried, and the exact page that blocked",
	.options = { "FTRACE" },
	.mount = LT_MOUNT_TRACEFS,
	.also = "and before the failure: echo 1 | tee /sys/kernel/tracing/events/cma/enable "
		"/sys/kernel/tracing/events/page_isolation/enable",
	.stage = LT_STAGE_ATTEMPTS,
	.pace = LT_PACE_EVENT,
	.read = read_trace,
};
