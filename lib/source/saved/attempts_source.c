// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads attempts that were saved, or that a capture kept. */
#include "source/saved/attempts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

/*
 * What is of another boot is left out: its page frames, areas and processes are other ones now. It
 * may be reported on alone.
 */
static bool is_of_another_boot(const struct lt_snapshot *snap, const char *boot_id)
{
	return snap->boot_id && boot_id && strcmp(snap->boot_id, boot_id);
}

static void say_boot(const struct lt_snapshot *snap, const char *boot_id, size_t nr_attempts,
		     struct lt_diag *diag)
{
	if (is_of_another_boot(snap, boot_id))
		lt_diag_set(diag,
			    "left out: its %zu attempt%s of boot %s, the other evidence is of boot "
			    "%s; report on it alone",
			    nr_attempts, nr_attempts == 1 ? " is" : "s are", boot_id,
			    snap->boot_id);
	else if (snap->boot_id && !boot_id)
		lt_diag_note(diag, "it does not say of which boot it is");
}

/* Those of the boot that is evaluated join what other sources reported. */
static int join(struct lt_snapshot *snap, struct lt_attempts *attempts)
{
	const size_t first = snap->attempts.nr;

	lt_vec_each(attempt, attempts) {
		struct lt_attempt *joined = lt_vec_push(&snap->attempts);

		if (!joined)
			return -ENOMEM;
		*joined = *attempt;
		*attempt = (struct lt_attempt){ 0 };
	}
	return lt_records_add_saved(&snap->records, snap->attempts.v + first,
				    snap->attempts.nr - first);
}

static int read_attempts(struct lt_snapshot *snap, struct lt_diag *diag)
{
	const char *path = snap->options.attempts;
	struct lt_buf buf;
	uint64_t start_ns = lt_now_ns();
	struct lt_attempts attempts = { 0 };
	const char *boot_id = NULL;
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
	err = lt_attempts_parse(buf.data, buf.len, snap->strings, snap->stacks, &attempts, &boot_id,
				diag);
	free(buf.data);
	if (!err)
		say_boot(snap, boot_id, attempts.nr, diag);
	if (!err && !is_of_another_boot(snap, boot_id))
		err = join(snap, &attempts);
	lt_attempts_free(&attempts);
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
