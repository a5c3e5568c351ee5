// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which processes may pin memory: those that the kernel accounts pinned memory to
 * (VmPin, process_status.c), and those that have an io_uring with registered buffers
 * open (io_uring.c). Hints: neither says which pages are pinned, and what does not
 * account is missing.
 *
 * The links in /proc/PID/fd tell which descriptors are worth reading:
 * "anon_inode:[io_uring]".
 *
 * A capture keeps what was found: the array "hints" (answer.h) of kind, pid, comm,
 * nr_pages and nr_buffers.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/now.h"
#include "source/answer.h"
#include "source/process/io_uring.h"
#include "source/process/process_status.h"
#include "source/process/process_table.h"
#include "source/source.h"

#define SOURCE "process-pins"

struct search {
	struct lt_snapshot *snap;
	struct lt_pin_hints hints;
	uint64_t page_size, deadline_ns;
	unsigned int nr_searched, nr_denied, nr_left_out;
	bool is_late;
	/* the process being looked at */
	int pid, dir; /* dir: its fd directory */
	const char *comm;
	struct lt_pin_hint rings;
};

static int add_hint(struct search *search, const struct lt_pin_hint *hint)
{
	struct lt_pin_hint *added;
	int err = 0;

	if (search->hints.nr >= LT_PIN_HINTS_MAX) {
		search->nr_left_out++;
		return 0;
	}
	if (!search->comm)
		err = lt_process_comm(search->snap->root, search->pid, search->snap->strings,
				      &search->comm);
	if (err)
		return err;
	added = lt_vec_push(&search->hints);
	if (!added)
		return -ENOMEM;
	*added = *hint;
	added->pid = search->pid;
	added->comm = search->comm;
	return 0;
}

static int search_status(struct search *search)
{
	struct lt_process_status status;
	struct lt_pin_hint hint = { .kind = LT_HINT_VM_PIN };
	int err = lt_process_status_read(search->snap->root, (uint64_t)search->pid, &status);

	if (err || !status.pinned_kib.known || !status.pinned_kib.val)
		return err;
	hint.nr_pages = lt_num(status.pinned_kib.val * 1024 / search->page_size);
	return add_hint(search, &hint);
}

static bool is_ring(const struct search *search, const char *fd)
{
	char link[64];
	ssize_t len = readlinkat(search->dir, fd, link, sizeof(link) - 1);

	link[len > 0 ? len : 0] = '\0';
	return !strcmp(link, "anon_inode:[io_uring]");
}

static int search_fd(const char *fd, void *arg)
{
	struct search *search = arg;
	struct lt_pin_hint *rings = &search->rings;
	struct lt_io_uring ring;
	struct lt_buf buf;
	char path[64];
	int err, ret;

	if (strlen(fd) > 10 || !is_ring(search, fd))
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%.10s", search->pid, fd);
	err = lt_root_read(search->snap->root, path, &buf);
	if (err)
		return err == -ENOMEM ? err : 0; /* closed meanwhile */
	ret = lt_io_uring_parse(buf.data, buf.len, search->page_size, &ring);
	free(buf.data);
	if (ret != 1 || !ring.nr_buffers)
		return 0;
	rings->nr_pages = rings->nr_buffers.known ? lt_num_add(rings->nr_pages, ring.nr_pages)
						  : ring.nr_pages;
	rings->nr_buffers = lt_num(rings->nr_buffers.val + ring.nr_buffers);
	return 0;
}

static int search_rings(struct search *search)
{
	char path[64];
	int err;

	search->rings = (struct lt_pin_hint){ .kind = LT_HINT_IO_URING };
	snprintf(path, sizeof(path), "/proc/%d/fd", search->pid);
	search->dir = lt_root_openat(search->snap->root, path, O_RDONLY | O_DIRECTORY);
	if (search->dir < 0)
		return search->dir;
	err = lt_root_list(search->snap->root, path, search_fd, search);
	close(search->dir);
	return err || !search->rings.nr_buffers.known ? err : add_hint(search, &search->rings);
}

static int search_process(int pid, void *arg)
{
	struct search *search = arg;
	int err;

	if (lt_now_ns() > search->deadline_ns) {
		search->is_late = true;
		return 0;
	}
	search->pid = pid;
	search->comm = NULL;
	err = search_status(search);
	if (!err)
		err = search_rings(search);
	search->nr_searched += !err;
	search->nr_denied += err == -EACCES || err == -EPERM;
	return err == -ENOMEM ? err : 0; /* it may have exited */
}

/* For a capture. */
static void keep(const struct search *search, int err, const struct lt_diag *diag)
{
	struct lt_json *json = lt_answer_begin(search->snap->root, SOURCE);

	if (!json)
		return;
	lt_json_array(json, "hints");
	lt_vec_each(hint, &search->hints) {
		lt_json_object(json, NULL);
		lt_json_string(json, "kind", lt_pin_hint_kind_name(hint->kind));
		lt_json_u64(json, "pid", (uint64_t)hint->pid);
		lt_json_string(json, "comm", hint->comm);
		lt_json_num(json, "nr_pages", hint->nr_pages);
		lt_json_num(json, "nr_buffers", hint->nr_buffers);
		lt_json_close(json);
	}
	lt_json_close(json);
	lt_answer_end(search->snap->root, json, err, diag);
}

static int replay(const char *key, const struct lt_json_value *record, void *arg)
{
	enum lt_pin_hint_kind kind = lt_pin_hint_kind_find(lt_json_get_string(record, "kind"));
	struct lt_num pid = lt_json_get_num(record, "pid");
	const char *comm = lt_json_get_string(record, "comm");
	struct search *search = arg;
	struct lt_pin_hint hint = {
		.kind = kind,
		.nr_pages = lt_json_get_num(record, "nr_pages"),
		.nr_buffers = lt_json_get_num(record, "nr_buffers"),
	};

	if (strcmp(key, "hints"))
		return 0;
	if (kind == LT_NR_PIN_HINTS || !pid.known || pid.val > INT_MAX || !comm)
		return -EBADMSG;
	search->pid = (int)pid.val;
	search->comm = lt_strings_restore(search->snap->strings, comm);
	return search->comm ? add_hint(search, &hint) : -ENOMEM;
}

static void explain(const struct search *search, struct lt_diag *diag)
{
	if (search->is_late)
		lt_diag_set(diag, "time was up before every process was looked at");
	if (search->nr_denied) {
		lt_diag_set(diag, "%u process%s could not be looked into", search->nr_denied,
			    search->nr_denied == 1 ? "" : "es");
		lt_diag_mark_unread(diag);
	}
	if (search->nr_left_out)
		lt_diag_set(diag, "%u more hints were left out", search->nr_left_out);
}

static int search_processes(struct search *search, struct lt_diag *diag)
{
	const struct lt_snapshot_options *options = &search->snap->options;
	unsigned int ms = options->search_ms ? options->search_ms : LT_SEARCH_MS;
	int err;

	if (!search->snap->pins.nr) {
		lt_diag_set(diag, "not searched: no page blocks");
		return -ENODATA;
	}
	search->page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	search->deadline_ns = lt_now_ns() + (uint64_t)ms * 1000000;
	err = lt_process_table_each(search->snap->root, search_process, search);
	if (!err && !search->nr_searched)
		err = search->nr_denied ? -EACCES : -ENOENT;
	explain(search, diag);
	return err;
}

static int read_process_pins(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct search search = { .snap = snap };
	struct lt_answer_sink sink = {
		.strings = snap->strings,
		.each = replay,
		.arg = &search,
		.none = "a captured tree has no processes to look at",
	};
	int err;

	if (lt_root_is_live(snap->root)) {
		err = search_processes(&search, diag);
		if (err != -ENOMEM)
			keep(&search, err, diag);
	} else {
		err = lt_answer_read(snap->root, SOURCE, &sink, diag);
		if (err == -ENOENT)
			err = -ENODATA; /* hints prove nothing: their lack is no gap */
	}
	if (!err) {
		lt_pin_hints_sort(&search.hints);
		snap->pin_hints = search.hints;
		return 0;
	}
	lt_vec_free(&search.hints);
	return err;
}

const struct lt_source lt_source_process_pins = {
	.name = SOURCE,
	.where = "/proc/PID/status, /proc/PID/fdinfo",
	.proves = "which processes may pin memory: hints, no proof",
	.access = "run as root (CAP_SYS_PTRACE)",
	.stage = LT_STAGE_PROCESSES,
	.pace = LT_PACE_NEVER,
	.read = read_process_pins,
};
