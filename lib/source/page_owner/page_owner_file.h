/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PAGE_OWNER_PAGE_OWNER_FILE_H
#define LT_SOURCE_PAGE_OWNER_PAGE_OWNER_FILE_H

#include <sys/types.h>

#include "base/compiler.h"
#include "base/range.h"
#include "base/root.h"
#include "model/area.h"
#include "source/page_owner/page_owner.h"

/**
 * struct lt_page_owner_file - the kernel's page_owner file, which seeks by PFN
 * @read_at: as pread(2), but negative errno: the record of the first page at or
 *	     past position @pos; 0 at the end of memory; -ENOMEM if it is longer
 *	     than the kernel's own buffer, which no @size helps against
 * @arg:     passed to @read_at
 * @bias:    PFN that position 0 stands for
 */
struct lt_page_owner_file {
	ssize_t (*read_at)(void *arg, char *buf, size_t size, uint64_t pos);
	void *arg;
	uint64_t bias;
};

/**
 * lt_page_owner_read_ranges() - read the records of some ranges, and hardly more
 * @file:    where from
 * @ranges:  in PFN order
 * @sink:    gets the records in PFN order, once each; those next to the ranges
 *	     may come too
 * @diag:    receives what was not understood, or could not be read
 *
 * Return: 0, also when nothing is allocated there; -EBADMSG when nothing was
 * understood; what the sink stopped with; -ENOMEM or another negative errno.
 */
int lt_page_owner_read_ranges(const struct lt_page_owner_file *file, const struct lt_ranges *ranges,
			      const struct lt_page_owner_sink *sink, struct lt_diag *diag)
	__must_check __nonnull_all;

/**
 * lt_page_owner_read_pages() - lt_page_owner_read_ranges() from the kernel's own file
 * @root: the running system
 * @fd:   page_owner, just opened; lt_page_owner_is_kernels()
 */
int lt_page_owner_read_pages(const struct lt_root *root, int fd, const struct lt_ranges *ranges,
			     const struct lt_page_owner_sink *sink, struct lt_diag *diag)
	__must_check __nonnull_all;

/* Whether @fd is the kernel's file itself, and not a copy of its text. */
bool lt_page_owner_is_kernels(int fd);

/* The same for the pages of CMA areas. */
int lt_page_owner_read_areas(const struct lt_root *root, int fd, const struct lt_areas *areas,
			     const struct lt_page_owner_sink *sink, struct lt_diag *diag)
	__must_check __nonnull_all;

#define LT_PAGE_OWNER_PATH "/sys/kernel/debug/page_owner"

#endif
