/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_MAPS_H
#define LT_SOURCE_PROCESS_MAPS_H

#include "base/compiler.h"
#include "base/text.h"

/* One line of /proc/PID/maps: addresses from @start up to, not including, @end. */
struct lt_vma {
	uint64_t start, end;
	uint64_t ino;	     /* of the file; 0 for anonymous memory */
	struct lt_span name; /* untrusted: a path, "[heap]"; empty for anonymous memory */
};

/**
 * lt_maps_parse_line() - parse one line
 * @line: as lt_text_line() gives it
 * @out:  its name points into @line
 *
 * Return: 0, or -EBADMSG with why in @diag.
 */
int lt_maps_parse_line(struct lt_text line, struct lt_vma *out, struct lt_diag *diag)
	__must_check __nonnull_at(2);

/* What memory a mapping is of, as its name tells. */
enum lt_vma_kind {
	LT_VMA_ANONYMOUS, /* heap, stack and [anon:NAME] too */
	LT_VMA_SHARED,	  /* shared anonymous memory, System V shared memory */
	LT_VMA_MEMFD,
	LT_VMA_HUGETLB, /* without a file system of its own */
	LT_VMA_DMA_BUF,
	LT_VMA_IO_URING,  /* its rings */
	LT_VMA_ANON_FILE, /* another file of the kernel's without a path: anon_inode:... */
	LT_VMA_DEVICE,
	LT_VMA_KERNEL, /* [vdso], [vvar], [vsyscall], ... */
	LT_VMA_FILE,
};

enum lt_vma_kind lt_vma_kind(const struct lt_vma *vma);

/* "anonymous", "shared", "memfd", "hugetlb", "dma-buf", "io_uring", ... */
const char *lt_vma_kind_name(enum lt_vma_kind kind);

#endif
