// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reads page_owner: of the kernel's own file what is about CMA areas, of a copy
 * all of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/now.h"
#include "source/page_owner/page_owner_file.h"
#include "source/page_owner/page_owner_join.h"
#include "source/source.h"

static struct lt_page_owner_sink sink_of(struct lt_page_owner_join *join)
{
	return (struct lt_page_owner_sink){ .strings = join->snap->strings,
					    .stacks = join->snap->stacks,
					    .each = lt_page_owner_join_add,
					    .arg = join };
}

static int read_streaming(int fd, struct lt_page_owner_join *join, struct lt_diag *diag)
{
	const struct lt_page_owner_sink sink = sink_of(join);
	struct lt_page_owner *parser = lt_page_owner_new(&sink);
	int err = parser ? lt_page_owner_read(parser, fd, diag) : -ENOMEM;

	lt_page_owner_free(parser);
	return err;
}

static int read_kernels(const struct lt_snapshot *snap, int fd, struct lt_page_owner_join *join,
			struct lt_diag *diag)
{
	const struct lt_page_owner_sink sink = sink_of(join);

	if (snap->options.within)
		return lt_page_owner_read_pages(snap->root, fd, snap->options.within, &sink, diag);
	return lt_page_owner_read_areas(snap->root, fd, &snap->areas, &sink, diag);
}

static int read_page_owner(struct lt_snapshot *snap, struct lt_diag *diag)
{
	int fd = lt_root_openat(snap->root, LT_PAGE_OWNER_PATH, O_RDONLY);
	struct lt_page_owner_join join;
	const struct lt_meta_file *told = lt_root_meta_file(snap->root, LT_PAGE_OWNER_PATH);
	enum lt_page_owner_extent extent =
		told && told->extent ? LT_PAGE_OWNER_WHOLE : LT_PAGE_OWNER_TEXT;
	bool has_ranges = false;
	int err;

	if (fd < 0 && fd != -ENODATA)
		return fd;
	lt_diag_path(diag, LT_PAGE_OWNER_PATH);
	lt_vec_each(area, &snap->areas)
		has_ranges |= area->ranges.nr > 0;
	if (fd < 0 || !has_ranges) {
		if (fd >= 0)
			close(fd);
		lt_root_keep(snap->root, LT_PAGE_OWNER_PATH, -ENODATA, NULL, lt_now_ns());
		lt_diag_set(diag, "not read: no CMA area to look for is known");
		return -ENODATA;
	}
	err = lt_page_owner_join_init(&join, snap);
	if (!err && lt_page_owner_is_kernels(fd)) {
		extent = snap->options.within ? LT_PAGE_OWNER_PAGES : LT_PAGE_OWNER_WHOLE;
		err = read_kernels(snap, fd, &join, diag);
	} else if (!err) {
		err = read_streaming(fd, &join, diag);
	}
	close(fd);
	if (!err)
		err = lt_page_owner_join_commit(&join,
						diag->nr_skipped ? LT_PAGE_OWNER_DAMAGED : extent);
	lt_page_owner_join_fini(&join);
	return err;
}

const struct lt_source lt_source_page_owner = {
	.name = "page-owner",
	.where = LT_PAGE_OWNER_PATH,
	.proves = "who allocated the pages of CMA areas, and which allocations there cannot move",
	.options = { "PAGE_OWNER" },
	.param = "page_owner=on",
	.mount = LT_MOUNT_DEBUGFS,
	.stage = LT_STAGE_OWNERS,
	.pace = LT_PACE_SLOW,
	.read = read_page_owner,
};
