/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KCORE_KCORE_FILE_H
#define LT_SOURCE_KCORE_KCORE_FILE_H

#include "base/compiler.h"
#include "base/vec.h"
#include "source/kcore/vmcoreinfo.h"

/* Kernel addresses from @vaddr on, at @offset of the file. */
struct lt_kcore_segment {
	uint64_t vaddr, nr_bytes, offset;
};

LT_VEC_OF(lt_kcore_segments, struct lt_kcore_segment);

/* The kernel's memory as a file. */
struct lt_kcore_file {
	int fd;
	struct lt_kcore_segments segments;
	struct lt_vmcoreinfo info;
};

/**
 * lt_kcore_file_open() - read what the file tells of itself
 * @fd:   of /proc/kcore; stays the caller's
 * @out:  freed with lt_kcore_file_close()
 * @diag: says why not
 *
 * Return: 0; -ENOENT for a kernel of which this cannot work, and never could;
 * -EBADMSG; or why reading failed.
 */
int lt_kcore_file_open(int fd, struct lt_kcore_file *out, struct lt_diag *diag)
	__must_check __nonnull_at(2);
void lt_kcore_file_close(struct lt_kcore_file *file);

/**
 * lt_kcore_file_read_pages() - read the struct pages of neighbours
 * @buf: receives file->info.page_bytes for each of @nr_pages
 *
 * Return: 0; -EFAULT for an address that the file has not, or memory that has none; or negative
 * errno.
 */
int lt_kcore_file_read_pages(const struct lt_kcore_file *file, uint64_t pfn, size_t nr_pages,
			     void *buf) __must_check __nonnull_at(1);

/* Read all of @buf from @offset of @fd: 0; -ENODATA if the file ends before; or negative errno. */
int lt_kcore_pread(int fd, uint64_t offset, void *buf, size_t len) __must_check;

#endif
