// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads a saved self-test, or measurements of `ltpin bench`. */
#include "source/saved/selftest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "source/saved/bench.h"
#include "source/source.h"

#define KEPT "/ltpin/selftest.json" /* of a tree that files were given for */

/* A file that the user named has to be there: not a source that this kernel lacks. */
static int no_file(struct lt_diag *diag)
{
	lt_diag_set(diag, "no such file");
	return -EINVAL;
}

/* Measurements instead of a verdict. Returns whether it is that, or -ENOMEM. */
static int parse_bench(struct lt_snapshot *snap, const struct lt_buf *buf)
{
	struct lt_bench bench, *added;
	struct lt_diag diag = { 0 };
	int err = lt_bench_parse(buf->data, buf->len, snap->strings, &bench, &diag);

	if (err)
		return err == -ENOMEM ? err : 0;
	added = lt_vec_push(&snap->benches);
	if (!added) {
		lt_bench_fini(&bench);
		return -ENOMEM;
	}
	*added = bench;
	return 1;
}

static int read_selftest(struct lt_snapshot *snap, struct lt_diag *diag)
{
	const char *named = snap->options.selftest;
	struct lt_selftest selftest, *added;
	struct lt_buf buf;
	int err;

	if (!named && lt_root_is_live(snap->root))
		return -ENODATA;
	lt_diag_path(diag, named ? named : KEPT);
	err = named ? lt_file_read(named, &buf) : lt_root_read(snap->root, KEPT, &buf);
	if (err == -ENOENT)
		return named ? no_file(diag) : -ENODATA;
	if (err)
		return err;
	err = parse_bench(snap, &buf);
	if (err) {
		free(buf.data);
		return err < 0 ? err : 0;
	}
	err = lt_selftest_parse(buf.data, buf.len, snap->strings, &selftest, diag);
	free(buf.data);
	if (err)
		return err;
	/* What a kernel does is no matter of one boot; that it is the same kernel is its own check. */
	if (snap->boot_id && selftest.boot_id && strcmp(snap->boot_id, selftest.boot_id))
		lt_diag_note(diag, "made in another boot: %s", selftest.boot_id);
	added = lt_vec_push(&snap->selftests);
	if (!added) {
		lt_selftest_fini(&selftest);
		return -ENOMEM;
	}
	*added = selftest;
	return 0;
}

const struct lt_source lt_source_selftest = {
	.name = "selftest",
	.where = "file of --selftest",
	.proves = "whether this kernel lets long-term pins stay in CMA",
	.also = "ltpin selftest -f json -o FILE, then ltpin report --selftest FILE",
	.stage = LT_STAGE_ATTEMPTS,
	.pace = LT_PACE_NEVER,
	.read = read_selftest,
};
