// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which processes may pin or hold memory, looked for by each kind of hold (hold.h) in one search
 * through all processes and their descriptors. Hints: none of them says which pages are held, and
 * what does not account is missing.
 *
 * A capture keeps what was found: the array "hints" (answer.h) of kind, pid, comm,
 * nr_pages, nr_buffers, inode, nr_bytes, peer_pid, peer_comm, device and driver.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array_size.h"
#include "base/now.h"
#include "source/answer.h"
#include "source/process/hold.h"
#include "source/process/process_table.h"
#include "source/source.h"

#define SOURCE "process-pins"

/* What links of descriptors say that are of interest; longer ones are of files. */
#define LINK_MAX_LEN 64

/* What may hold pages. */
static const struct lt_hold_kind *const kinds[] = {
	&lt_hold_vm_pin, &lt_hold_io_uring, &lt_hold_pipe, &lt_hold_socket, &lt_hold_device,
};

struct search {
	struct lt_hold_search hold;
	uint64_t deadline_ns;
	unsigned int nr_searched, nr_denied;
	bool is_late;
};

int lt_hold_add(struct lt_hold_search *search, const struct lt_pin_hint *hint)
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

static int look_at_descriptor(const char *fd, void *arg)
{
	struct lt_hold_search *hold = arg;
	char link[LINK_MAX_LEN];
	ssize_t len;

	if (strlen(fd) > 10)
		return 0;
	len = readlinkat(hold->dir, fd, link, sizeof(link) - 1);
	link[len > 0 && len < (ssize_t)sizeof(link) - 1 ? len : 0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		int err = kinds[i]->descriptor ? kinds[i]->descriptor(hold, fd, link) : 0;

		if (err)
			return err;
	}
	return 0;
}

static int look_at_descriptors(struct lt_hold_search *hold)
{
	char path[64];
	int err;

	snprintf(path, sizeof(path), "/proc/%d/fd", hold->pid);
	hold->dir = lt_root_openat(hold->snap->root, path, O_RDONLY | O_DIRECTORY);
	if (hold->dir < 0)
		return hold->dir;
	err = lt_root_list(hold->snap->root, path, look_at_descriptor, hold);
	close(hold->dir);
	return err;
}

bool lt_hold_is_mapped(const struct lt_snapshot *snap, int pid, bool or_pinned)
{
	lt_vec_each(pin, &snap->pins) {
		if (pin->kind == LT_PIN_UNMOVABLE || pin->has_pinner)
			continue;
		if ((or_pinned || pin->kind != LT_PIN_PINNED) && lt_pin_is_mapped_by(pin, pid))
			return true;
	}
	return false;
}

static int look_at_process(struct lt_hold_search *hold)
{
	int err = 0;

	hold->comm = NULL;
	hold->maps_page = lt_hold_is_mapped(hold->snap, hold->pid, true);
	hold->maps_held = lt_hold_is_mapped(hold->snap, hold->pid, false);
	for (size_t i = 0; !err && i < ARRAY_SIZE(kinds); i++)
		err = kinds[i]->process ? kinds[i]->process(hold) : 0;
	if (!err)
		err = look_at_descriptors(hold);
	for (size_t i = 0; !err && i < ARRAY_SIZE(kinds); i++)
		err = kinds[i]->leave ? kinds[i]->leave(hold) : 0;
	return err;
}

static int search_process(int pid, void *arg)
{
	struct search *search = arg;
	int err;

	if (lt_now_ns() > search->deadline_ns) {
		search->is_late = true;
		return 0;
	}
	search->hold.pid = pid;
	err = look_at_process(&search->hold);
	search->nr_searched += !err;
	search->nr_denied += err == -EACCES || err == -EPERM;
	return err == -ENOMEM ? err : 0; /* it may have exited */
}

/* For a capture. */
static void keep(const struct lt_hold_search *search, int err, const struct lt_diag *diag)
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
		lt_json_string(json, "device", hint->device);
		lt_json_string(json, "driver", hint->driver);
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
	struct lt_hold_search *search = arg;
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
	if ((kind == LT_HINT_PIPE || kind == LT_HINT_SOCKET) &&
	    !(hint.inode.known && hint.nr_bytes.known))
		return -EBADMSG;
	if (kind == LT_HINT_DEVICE && !lt_json_get_string(record, "device"))
		return -EBADMSG;
	search->pid = (int)pid.val;
	search->comm = lt_strings_restore(search->snap->strings, comm);
	if (!search->comm ||
	    lt_strings_restore_to(search->snap->strings, lt_json_get_string(record, "peer_comm"),
				  &hint.peer_comm) ||
	    lt_strings_restore_to(search->snap->strings, lt_json_get_string(record, "device"),
				  &hint.device) ||
	    lt_strings_restore_to(search->snap->strings, lt_json_get_string(record, "driver"),
				  &hint.driver))
		return -ENOMEM;
	return lt_hold_add(search, &hint);
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
	if (search->hold.nr_left_out)
		lt_diag_set(diag, "%u more hints were left out", search->hold.nr_left_out);
}

static int search_processes(struct search *search, struct lt_diag *diag)
{
	struct lt_hold_search *hold = &search->hold;
	const struct lt_snapshot_options *options = &hold->snap->options;
	unsigned int ms = options->search_ms ? options->search_ms : LT_SEARCH_MS;
	int err;

	if (!hold->snap->pins.nr) {
		lt_diag_set(diag, "not searched: no page blocks");
		return -ENODATA;
	}
	hold->page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	search->deadline_ns = lt_now_ns() + (uint64_t)ms * 1000000;
	err = lt_process_table_each(hold->snap->root, search_process, search);
	for (size_t i = 0; !err && i < ARRAY_SIZE(kinds); i++)
		err = kinds[i]->finish ? kinds[i]->finish(hold) : 0;
	lt_vec_free(&hold->ends);
	if (!err && !search->nr_searched)
		err = search->nr_denied ? -EACCES : -ENOENT;
	explain(search, diag);
	return err;
}

static int read_process_pins(struct lt_snapshot *snap, struct lt_diag *diag)
{
	struct search search = { .hold.snap = snap };
	struct lt_answer_sink sink = {
		.strings = snap->strings,
		.each = replay,
		.arg = &search.hold,
		.none = "a captured tree has no processes to look at",
	};
	int err;

	if (lt_root_is_live(snap->root)) {
		err = search_processes(&search, diag);
		if (err != -ENOMEM)
			keep(&search.hold, err, diag);
	} else {
		err = lt_answer_read(snap->root, SOURCE, &sink, diag);
		if (err == -ENOENT)
			err = -ENODATA; /* hints prove nothing: their lack is no gap */
	}
	if (!err) {
		lt_pin_hints_sort(&search.hold.hints);
		snap->pin_hints = search.hold.hints;
		return 0;
	}
	lt_vec_free(&search.hold.hints);
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
