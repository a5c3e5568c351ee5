// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading the CMA ranges out of the kernel's page_owner file.
 *
 * Each read() gives the record of one block and moves the position past its
 * first page. Position 0 is the first page of memory; others are absolute PFNs
 * (6.1 and later) or count from min_low_pfn (5.10, where lseek() fails but
 * pread() works; proven by test/lab/test_devices on arm64, where memory begins
 * at page 0x40000). Which of the two is found out from the position after the
 * first record. A buffer of a page or more makes no difference: the kernel
 * builds the record in one page.
 *
 * Up to about 5.18 every read() drains the per-CPU lists, a piece of work on
 * each CPU that holds pages: slow, and a list that was primed is empty after.
 */
#include "source/page_owner/page_owner_file.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/text.h"

#define BUF_SIZE ((size_t)64 * 1024)

/* Stands between the parser and the caller to see how far reading got. */
struct range_reading {
	const struct lt_page_owner_sink *sink;
	uint64_t next_pfn; /* past the last record's first page */
	bool has_input;
	unsigned int nr_lost;
};

static int note_progress(const struct lt_owner *owner, void *arg)
{
	struct range_reading *reading = arg;

	if (owner->pfn >= reading->next_pfn)
		reading->next_pfn = owner->pfn + 1;
	return reading->sink->each(owner, reading->sink->arg);
}

static int read_range(const struct lt_page_owner_file *file, struct lt_range pfns,
		      struct lt_page_owner *parser, struct range_reading *reading, char *buf)
{
	uint64_t pfn = pfns.start_pfn;
	int err = 0;

	if (pfn < reading->next_pfn)
		pfn = reading->next_pfn;
	if (pfn < file->bias)
		pfn = file->bias;
	while (pfn < pfns.end_pfn && !err) {
		ssize_t n = file->read_at(file->arg, buf, BUF_SIZE, pfn - file->bias);

		if (!n)
			break;
		reading->has_input |= n > 0;
		if (n > 0)
			err = lt_page_owner_feed(parser, buf, (size_t)n);
		else if (n == -ENOMEM)
			reading->nr_lost++;
		else
			err = (int)n;
		/* What was not understood has no PFN: try the next page. */
		pfn = reading->next_pfn > pfn ? reading->next_pfn : pfn + 1;
	}
	return err;
}

int lt_page_owner_read_ranges(const struct lt_page_owner_file *file, const struct lt_ranges *ranges,
			      const struct lt_page_owner_sink *sink, struct lt_diag *diag)
{
	struct range_reading reading = { .sink = sink };
	struct lt_page_owner_sink through = *sink;
	struct lt_page_owner *parser;
	char *buf = malloc(BUF_SIZE);
	int err;

	through.each = note_progress;
	through.arg = &reading;
	parser = lt_page_owner_new(&through);
	err = parser && buf ? 0 : -ENOMEM;
	for (size_t i = 0; i < ranges->nr && !err; i++)
		err = read_range(file, ranges->v[i], parser, &reading, buf);
	if (!err && reading.has_input)
		err = lt_page_owner_end(parser, diag);
	if (!err && reading.nr_lost) {
		diag->nr_skipped += reading.nr_lost;
		lt_diag_set(diag, "records that do not fit into a page were not printed");
	}
	lt_page_owner_free(parser);
	free(buf);
	return err;
}

/* The kernel's file, and where a capture wants its copy. */
struct kernels_file {
	int fd;
	FILE *copy;
};

static ssize_t read_fd_at(void *arg, char *buf, size_t size, uint64_t pos)
{
	const struct kernels_file *from = arg;
	ssize_t n;

	do {
		n = pread(from->fd, buf, size, (off_t)pos);
	} while (n < 0 && errno == EINTR);
	if (n > 0 && from->copy && fwrite(buf, 1, (size_t)n, from->copy) != (size_t)n)
		return -EIO;
	return n < 0 ? -errno : n;
}

/* "pos:" of /proc/self/fdinfo: lseek() cannot tell it on 5.10. */
static int read_position(const struct lt_root *root, int fd, uint64_t *out)
{
	struct lt_text text;
	struct lt_buf buf;
	char path[64];
	bool found;
	int err;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	err = lt_root_read(root, path, &buf);
	if (err)
		return err;
	lt_text_init(&text, buf.data, buf.len);
	found = lt_text_find(&text, "pos:");
	lt_text_blanks(&text);
	found = found && lt_text_u64(&text, out);
	free(buf.data);
	return found ? 0 : -EBADMSG;
}

static int keep_pfn(const struct lt_owner *owner, void *arg)
{
	*(uint64_t *)arg = owner->pfn;
	return 0;
}

/* Read the first record of memory, and see where that got us. */
static int find_bias(const struct lt_root *root, int fd, const struct lt_page_owner_sink *sink,
		     uint64_t *out, struct lt_diag *diag)
{
	uint64_t pfn = 0, pos = 0;
	struct lt_page_owner *parser = lt_page_owner_new(&(struct lt_page_owner_sink){
		.strings = sink->strings, .stacks = sink->stacks, .each = keep_pfn, .arg = &pfn });
	char *buf = malloc(BUF_SIZE);
	int err = parser && buf ? 0 : -ENOMEM;

	if (!err) {
		ssize_t n = read(fd, buf, BUF_SIZE);

		if (n < 0)
			err = errno == ENOMEM ? -EMSGSIZE : -errno;
		else
			err = lt_page_owner_feed(parser, buf, (size_t)n);
	}
	if (!err)
		err = lt_page_owner_end(parser, diag);
	lt_page_owner_free(parser);
	free(buf);
	if (!err)
		err = read_position(root, fd, &pos);
	if (!err && pos > pfn + 1) {
		lt_diag_set(diag, "position %" PRIu64 " after page 0x%" PRIx64, pos, pfn);
		err = -EBADMSG;
	}
	if (!err)
		*out = pfn + 1 - pos;
	return err;
}

static int by_start(const void *a, const void *b)
{
	const struct lt_range *left = a, *right = b;

	return (left->start_pfn > right->start_pfn) - (left->start_pfn < right->start_pfn);
}

static int collect_ranges(const struct lt_areas *areas, struct lt_ranges *out)
{
	lt_vec_each(area, areas) {
		lt_vec_each(range, &area->ranges) {
			struct lt_range *slot = lt_vec_push(out);

			if (!slot)
				return -ENOMEM;
			*slot = range->pfns;
		}
	}
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_start);
	return 0;
}

int lt_page_owner_read_pages(const struct lt_root *root, int fd, const struct lt_ranges *ranges,
			     const struct lt_page_owner_sink *sink, struct lt_diag *diag)
{
	struct kernels_file from = { .fd = fd,
				     .copy = lt_root_keep_begin(root, LT_PAGE_OWNER_PATH) };
	struct lt_page_owner_file file = { .read_at = read_fd_at, .arg = &from };
	int err = find_bias(root, fd, sink, &file.bias, diag);

	if (!err)
		err = lt_page_owner_read_ranges(&file, ranges, sink, diag);
	if (from.copy)
		lt_root_keep_end(root, err, LT_EXTENT_AREAS);
	return err;
}

int lt_page_owner_read_areas(const struct lt_root *root, int fd, const struct lt_areas *areas,
			     const struct lt_page_owner_sink *sink, struct lt_diag *diag)
{
	struct lt_ranges ranges = { 0 };
	int err = collect_ranges(areas, &ranges);

	if (!err)
		err = lt_page_owner_read_pages(root, fd, &ranges, sink, diag);
	lt_vec_free(&ranges);
	return err;
}

bool lt_page_owner_is_kernels(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == DEBUGFS_MAGIC;
}
