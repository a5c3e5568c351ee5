/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_PAGE_FILE_H
#define LT_MODEL_PAGE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/num.h"

/**
 * struct lt_page_file - the file, or the block device, that a page of the page cache is of
 * @fs_type:	     "ext2"; NULL for a block device
 * @device:	     what the kernel calls the device, or a file system that is on none; NULL if not known
 * @path:	     from the root of its file system; NULL if not known
 * @mounted:	     type of the file system that is mounted from the block device; NULL if none
 *		     is, or it is not known
 * @dev:	     major << 20 | minor: of the block device, else of the file system
 * @inode:	     number of the inode
 * @index:	     where in the file the folio begins, in pages
 * @is_block_device: a page of the device itself: data of a file system that is no file's
 * @is_deleted:	     no directory has it: it was deleted, or never had a name
 * @nr_buffers:	     buffer heads of the folio
 * @nr_held:	     those that somebody has a reference on
 * @nr_private:	     those of them with the first bit that file systems have for themselves
 *
 * That a page is of a file does not say who holds it. Who has a reference on a buffer holds it.
 */
struct lt_page_file {
	const char *fs_type, *device, *path, *mounted;
	uint32_t dev;
	bool is_block_device, is_deleted;
	uint64_t inode;
	struct lt_num index;
	struct lt_num nr_buffers, nr_held, nr_private;
};

#define LT_MINOR_BITS 20

static inline unsigned int lt_page_file_major(const struct lt_page_file *file)
{
	return file->dev >> LT_MINOR_BITS;
}

static inline unsigned int lt_page_file_minor(const struct lt_page_file *file)
{
	return file->dev & ((1u << LT_MINOR_BITS) - 1);
}

/* Each file once, as long as the pool lives. */
struct lt_page_files;

struct lt_page_files *lt_page_files_new(void);
void lt_page_files_free(struct lt_page_files *pool);

/* A copy of @file, whose strings are interned. NULL when out of memory. */
const struct lt_page_file *lt_page_files_add(struct lt_page_files *pool,
					     const struct lt_page_file *file);

/*
 * Buffers that a journal holds; not known unless the mounted file system is one whose journal is
 * jbd2: others use the bit for other things.
 */
struct lt_num lt_page_file_nr_journal(const struct lt_page_file *file);

#endif
