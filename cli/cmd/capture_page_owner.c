// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies page_owner as a whole into a capture. */
#include "cmd/capture_page_owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "source/page_owner/page_owner_file.h"
#include "stop/stop.h"

static int copy_page_owner(int fd, FILE *out)
{
	unsigned int nr_lost = 0;
	char buf[65536];
	int err = 0;

	while (!err) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (stop_asked)
			err = -EINTR;
		else if (n > 0)
			err = fwrite(buf, 1, (size_t)n, out) == (size_t)n ? 0 : -EIO;
		else if (!n)
			break;
		else if (errno != EINTR && (errno != ENOMEM || nr_lost++ > 1000))
			err = -errno; /* ENOMEM: a record longer than a page; the next may do */
	}
	return err;
}

/* All of it: what the snapshot read for itself was not kept. */
void capture_page_owner(const struct lt_root *root)
{
	const struct lt_meta_file *told = lt_root_meta_file(root, LT_PAGE_OWNER_PATH);
	enum lt_extent extent = lt_root_is_live(root) ? LT_EXTENT_ALL
				: told		      ? told->extent
						      : LT_EXTENT_UNKNOWN;
	int fd = lt_root_openat(root, LT_PAGE_OWNER_PATH, O_RDONLY);
	FILE *out = fd < 0 ? NULL : lt_root_keep_begin(root, LT_PAGE_OWNER_PATH);

	if (out)
		lt_root_keep_end(root, copy_page_owner(fd, out), extent);
	if (fd >= 0)
		close(fd);
}
