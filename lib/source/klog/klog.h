/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_H
#define LT_SOURCE_KLOG_KLOG_H

#include <stddef.h>

#include "base/root.h"
#include "base/strings.h"
#include "model/attempt.h"
#include "source/klog/klog_bitmap.h"

/* Memory that was reserved for an area at boot. */
struct lt_klog_reserved {
	struct lt_num base; /* physical address; unknown for an area of several ranges */
	uint64_t size_mib;  /* rounded down by the kernel */
	const char *name;   /* of the area; NULL if not told */
};

LT_VEC_OF(lt_klog_reserveds, struct lt_klog_reserved);

/**
 * struct lt_klog - what the log of the last boot in the text tells of CMA
 * @reserved:	      at boot
 * @attempts:	      failed ones; open ones that stand for "PFNs busy" lines without a known end
 * @bitmaps:	      of the area of each attempt; not complete where none was printed
 * @nr_dropped:	      attempts before those, which are not kept: there are too many
 * @first_ns:	      the first stamp of that boot in the text
 * @last_ns:	      and the last
 * @begins_at_boot:   the text has the begin of that boot
 * @nr_suppressed:    lines on the above that the kernel's rate limit kept back
 * @nr_failures_suppressed: those of them that told of a failure
 * @page_size:	      in bytes
 * @memory_kib:	      all memory there is, from the "Memory:" line
 * @cma_reserved_kib: all CMA memory, from the same line
 * @nr_pages_cma:     the same in pages, from the last memory info
 */
struct lt_klog {
	struct lt_klog_reserveds reserved;
	struct lt_attempts attempts;
	struct lt_klog_bitmaps bitmaps;
	struct lt_num first_ns, last_ns;
	bool begins_at_boot;
	uint64_t nr_dropped, nr_suppressed, nr_failures_suppressed;
	struct lt_num page_size, memory_kib, cma_reserved_kib, nr_pages_cma;
};

/**
 * lt_klog_parse() - pick what concerns CMA out of a kernel log
 * @strings: interns names
 * @out:     freed with lt_klog_fini(); untouched on failure
 *
 * Return: 0; -ENOMEM; -EBADMSG for what is no text.
 */
int lt_klog_parse(const char *buf, size_t len, struct lt_strings *strings, struct lt_klog *out,
		  struct lt_diag *diag);

void lt_klog_fini(struct lt_klog *klog);

/* The log of the running system; the caller frees @out->data. 0 or negative errno. */
int lt_klog_read_live(struct lt_buf *out);

/* The same, and free it; NULL is all right. */
void lt_klog_free(struct lt_klog *klog);

#endif
