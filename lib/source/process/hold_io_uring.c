// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds processes that have an io_uring with registered buffers open. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/process/hold.h"
#include "source/process/io_uring.h"

static int begin(struct lt_hold_search *search)
{
	search->rings = (struct lt_pin_hint){ .kind = LT_HINT_IO_URING };
	return 0;
}

static int look_at_descriptor(struct lt_hold_search *search, const char *fd, const char *link)
{
	struct lt_pin_hint *rings = &search->rings;
	struct lt_io_uring ring;
	struct lt_buf buf;
	char path[64];
	int err, ret;

	if (strcmp(link, "anon_inode:[io_uring]"))
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

static int leave(struct lt_hold_search *search)
{
	return search->rings.nr_buffers.known ? lt_hold_add(search, &search->rings) : 0;
}

const struct lt_hold_kind lt_hold_io_uring = {
	.process = begin,
	.descriptor = look_at_descriptor,
	.leave = leave,
};
