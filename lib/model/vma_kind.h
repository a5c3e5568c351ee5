/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_VMA_KIND_H
#define LT_MODEL_VMA_KIND_H

/* What memory a mapping of a process is of. */
enum lt_vma_kind {
	LT_VMA_UNKNOWN,
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

/* "anonymous", "shared", "memfd", "hugetlb", "dma-buf", "io_uring", ...; NULL for LT_VMA_UNKNOWN. */
const char *lt_vma_kind_name(enum lt_vma_kind kind);

/* The kind of that name; LT_VMA_UNKNOWN for NULL and for what is none. */
enum lt_vma_kind lt_vma_kind_parse(const char *name);

#endif
