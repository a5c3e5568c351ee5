// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which processes may pin memory: those that the kernel accounts pinned memory to
 * (VmPin, process_status.c), and those that have an io_uring with registered buffers
 * open (io_uring.c). And which process that maps a page with references that nothing
 * explains writes to a pipe with data in it (pipe_ends.c). Hints: none of them says which
 * pages are held, and what does not account is missing.
 *
 * The links in /proc/PID/fd tell which descriptors are worth reading:
 * "anon_inode:[io_uring]", "pipe:[INODE]".
 *
 * A capture keeps what was found: the array "hints" (answer.h) of kind, pid, comm,
 * nr_pages, nr_buffers, inode, nr_bytes, peer_pid and peer_comm.
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
#include "source/process/pipe_ends.h"
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
	struct lt_pipe_ends ends; /* of all processes */
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

static int search_ring(struct search *search, const char *fd)
{
	struct lt_pin_hint *rings = &search->rings;
	struct lt_io_uring ring;
	struct lt_buf buf;
	char path[64];
	int err, ret;

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

static int search_fd(const char *fd, void *arg)
{
	struct search *search = arg;
	char link[64];
	ssize_t len;

	if (strlen(fd) > 10)
		return 0;
	len = readlinkat(search->dir, fd, link, sizeof(link) - 1);
	link[len > 0 ? len : 0] = '\0';
	if (!strcmp(link, "anon_inode:[io_uring]"))
		return search_ring(search, fd);
	return lt_pipe_ends_add(&search->ends, search->dir, search->pid, fd, link);
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

/* Pins are no references of a pipe; what else it is may be unknown. */
static bool maps_page(const struct lt_snapshot *snap, int pid)
{
	lt_vec_each(pin, &snap->pins) {
		if (pin->kind != LT_PIN_EXTRA_REF && pin->kind != LT_PIN_UNKNOWN)
			continue;
		lt_vec_each(mapper, &pin->mapped_by)
			if (mapper->pid == pid)
				return true;
	}
	return false;
}

static bool has_hint(const struct search *search, const struct lt_pipe_end *end)
{
	lt_vec_each(hint, &search->hints)
		if (hint->kind == LT_HINT_PIPE && hint->pid == end->pid &&
		    hint->inode.val == end->inode)
			return true;
	return false;
}

/* A pipe without a reader cannot be asked for what is in it, and an empty one holds nothing. */
static int add_pipe(struct search *search, const struct lt_pipe_end *end)
{
	const struct lt_snapshot *snap = search->snap;
	const struct lt_pipe_end *reader = lt_pipe_ends_reader(&search->ends, end->inode, end->pid);
	struct lt_pin_hint hint = { .kind = LT_HINT_PIPE, .inode = lt_num(end->inode) };
	int err;

	if (!reader)
		return 0;
	hint.nr_bytes = lt_pipe_end_unread(snap->root, reader);
	if (!hint.nr_bytes.known || !hint.nr_bytes.val)
		return 0;
	hint.peer_pid = lt_num((uint64_t)reader->pid);
	err = lt_process_comm(snap->root, reader->pid, snap->strings, &hint.peer_comm);
	if (err)
		return err == -ENOMEM ? err : 0;
	search->pid = end->pid;
	search->comm = NULL;
	return add_hint(search, &hint);
}

static int search_pipes(struct search *search)
{
	int err = 0;

	lt_vec_each(end, &search->ends) {
		if (!end->is_write || has_hint(search, end) || !maps_page(search->snap, end->pid))
			continue;
		err = add_pipe(search, end);
		if (err == -ENOMEM)
			return err;
	}
	return 0; /* who ended meanwhile is of no interest */
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
		lt_json_num(json, "inode", hint->inode);
		lt_json_num(json, "nr_bytes", hint->nr_bytes);
		lt_json_num(json, "peer_pid", hint->peer_pid);
		lt_json_string(json, "peer_comm", hint->peer_comm);
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
		.inode = lt_json_get_num(record, "inode"),
		.nr_bytes = lt_json_get_num(record, "nr_bytes"),
		.peer_pid = lt_json_get_num(record, "peer_pid"),
	};

	if (strcmp(key, "hints"))
		return 0;
	if (kind == LT_NR_PIN_HINTS || !pid.known || pid.val > INT_MAX || !comm)
		return -EBADMSG;
	if (kind == LT_HINT_PIPE && !(hint.inode.known && hint.nr_bytes.known))
		return -EBADMSG;
	search->pid = (int)pid.val;
	search->comm = lt_strings_restore(search->snap->strings, comm);
	if (!search->comm ||
	    lt_strings_restore_to(search->snap->strings, lt_json_get_string(record, "peer_comm"),
				  &hint.peer_comm))
		return -ENOMEM;
	return add_hint(search, &hint);
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
	if (!err)
		err = search_pipes(search);
	lt_vec_free(&search->ends);
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
	.where = "/proc/PID/status, /proc/PID/fd, /proc/PID/fdinfo",
	.proves = "which processes may pin or hold memory: hints, no proof",
	.access = "run as root (CAP_SYS_PTRACE)",
	.stage = LT_STAGE_PROCESSES,
	.pace = LT_PACE_NEVER,
	.read = read_process_pins,
};
