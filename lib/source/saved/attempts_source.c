// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads attempts that were saved, or that a capture kept. */
#include "source/saved/attempts.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/now.h"
#include "source/source.h"

#define KEPT "/ltpin/attempts.json"

/* A file that the user named has to be there: not a source that this kernel lacks. */
static int no_file(struct lt_diag *diag)
{
	lt_diag_set(diag, "no such file");
	return -EINVAL;
}

static int read_attempts(struct lt_snapshot *snap, struct lt_diag *diag)
{
	const char *path = snap->options.attempts;
	struct lt_buf buf;
	uint64_t start_ns = lt_now_ns();
	size_t first = snap->attempts.nr;
	int err;

	if (!path && lt_root_is_live(snap->root))
		return -ENODATA;
	lt_diag_path(diag, path ? path : KEPT);
	err = path ? lt_file_read(path, &buf) : lt_root_read(snap->root, KEPT, &buf);
	if (err == -ENOENT)
		return path ? no_file(diag) : -ENODATA;
	if (err)
		return err;
	if (path)
		lt_root_keep(snap->root, KEPT, 0, &buf, start_ns);
	err = lt_attempts_parse(buf.data, buf.len, snap->strings, &snap->attempts, diag);
	free(buf.data);
	if (!err)
		err = lt_records_add_saved(&snap->records, snap->attempts.v + first,
					   snap->attempts.nr - first);
	if (!err)
		lt_attempts_locate(&snap->attempts, &snap->areas);
	return err;
}

const struct lt_source lt_source_attempts = {
	.name = "attempts",
	.where = "file of --attempts",
	.proves = "allocations that ltpin made or saw, and which pages were pinned meanwhile",
	.also = "ltpin alloc -f json -o FILE, then ltpin report --attempts FILE",
	.stage = LT_STAGE_ATTEMPTS,
	.pace = LT_PACE_NEVER,
	.read = read_attempts,
};
