// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Primer "cma-debugfs": the files alloc and free of CMA debugfs
 * (CONFIG_CMA_DEBUGFS). What is allocated there belongs to nobody: it stays
 * until it is freed through the same directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/device/live.h"
#include "act/prime/prime.h"
#include "base/root.h"
#include "base/text.h"

#define CMA_DEBUGFS "/sys/kernel/debug/cma"

struct search {
	const struct lt_root *root;
	const struct lt_areas *areas;
	struct lt_prime *prime;
};

static int write_number(int dir, const char *name, uint32_t number)
{
	int fd = openat(dir, name, O_WRONLY | O_CLOEXEC), err = 0;
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", number);

	if (fd < 0)
		return -errno;
	if (write(fd, text, (size_t)len) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* First PFN of the area whose directory this is; UINT64_MAX if it does not tell. */
static uint64_t read_base(int dir)
{
	int fd = openat(dir, "base_pfn", O_RDONLY | O_CLOEXEC);
	uint64_t base = UINT64_MAX;
	struct lt_text text;
	struct lt_buf buf;

	if (fd < 0)
		return base;
	if (!lt_fd_read(fd, &buf)) {
		lt_text_init(&text, buf.data, buf.len);
		lt_text_u64(&text, &base);
		free(buf.data);
	}
	close(fd);
	return base;
}

static int try_area(const char *name, void *arg)
{
	struct search *search = arg;
	char path[512];
	int dir;

	if (snprintf(path, sizeof(path), CMA_DEBUGFS "/%s", name) >= (int)sizeof(path))
		return 0;
	dir = lt_root_openat(search->root, path, O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		return 0;
	if (lt_areas_find_pfn(search->areas, read_base(dir)) != LT_NO_AREA &&
	    !faccessat(dir, "alloc", W_OK, 0)) {
		search->prime->fd = dir;
		return 1;
	}
	close(dir);
	return 0;
}

static int open_cma_debugfs(struct lt_prime *prime, const struct lt_areas *areas,
			    struct lt_diag *diag)
{
	struct search search = { .areas = areas, .prime = prime };
	struct lt_root *root;
	int ret = lt_root_open(NULL, &root);

	if (ret)
		return ret;
	search.root = root;
	ret = lt_root_list(root, CMA_DEBUGFS, try_area, &search);
	lt_root_close(root);
	if (ret == 1)
		return 0;
	if (!ret)
		ret = -ENOENT;
	lt_live_explain_debugfs(CMA_DEBUGFS, ret, "CONFIG_CMA_DEBUGFS", diag);
	return ret;
}

/*
 * One by one: newer kernels free larger chunks past the list. @held is raised
 * before and lowered after, so that it is never less than what is allocated.
 */
static int run_cma_debugfs(struct lt_prime *prime, uint32_t nr_pages)
{
	uint32_t got = 0;
	int err = 0;

	while (got < nr_pages && !err) {
		atomic_fetch_add(prime->held, 1);
		err = write_number(prime->fd, "alloc", 1);
		if (err)
			atomic_fetch_sub(prime->held, 1);
		else
			got++;
	}
	if (got && !write_number(prime->fd, "free", got))
		atomic_fetch_sub(prime->held, got);
	return got ? 0 : err;
}

static int alloc_cma_debugfs(struct lt_prime *prime, uint32_t nr_pages)
{
	int err;

	atomic_fetch_add(prime->held, nr_pages);
	err = write_number(prime->fd, "alloc", nr_pages);
	if (err || !write_number(prime->fd, "free", nr_pages))
		atomic_fetch_sub(prime->held, nr_pages);
	return err;
}

static void undo_cma_debugfs(struct lt_prime *prime)
{
	uint32_t held = atomic_exchange(prime->held, 0);

	if (held)
		write_number(prime->fd, "free", held);
}

const struct lt_primer lt_primer_cma_debugfs = {
	.name = "cma-debugfs",
	.what = "the files alloc and free of CMA debugfs",
	.open = open_cma_debugfs,
	.run = run_cma_debugfs,
	.alloc = alloc_cma_debugfs,
	.undo = undo_cma_debugfs,
};
