// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds pipes with data in them that a process writes to which maps a page that is held. */
#include <errno.h>

#include "source/process/hold.h"
#include "source/process/process_table.h"

static int look_at_descriptor(struct lt_hold_search *search, const char *fd, const char *link)
{
	return lt_pipe_ends_add(&search->ends, search->dir, search->pid, fd, link);
}

static bool has_hint(const struct lt_hold_search *search, const struct lt_pipe_end *end)
{
	lt_vec_each(hint, &search->hints)
		if (hint->kind == LT_HINT_PIPE && hint->pid == end->pid &&
		    hint->inode.val == end->inode)
			return true;
	return false;
}

/* A pipe without a reader cannot be asked for what is in it, and an empty one holds nothing. */
static int add_pipe(struct lt_hold_search *search, const struct lt_pipe_end *end)
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
	return lt_hold_add(search, &hint);
}

static int finish(struct lt_hold_search *search)
{
	int err = 0;

	lt_vec_each(end, &search->ends) {
		if (!end->is_write || has_hint(search, end) ||
		    !lt_hold_is_mapped(search->snap, end->pid, false))
			continue;
		err = add_pipe(search, end);
		if (err == -ENOMEM)
			return err;
	}
	return 0; /* who ended meanwhile is of no interest */
}

const struct lt_hold_kind lt_hold_pipe = {
	.descriptor = look_at_descriptor,
	.finish = finish,
};
