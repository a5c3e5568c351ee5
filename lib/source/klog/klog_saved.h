/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_SAVED_H
#define LT_SOURCE_KLOG_KLOG_SAVED_H

#include "base/compiler.h"
#include "source/klog/klog.h"

struct lt_snapshot;

/**
 * struct lt_klog_boot_facts - what is known of the boot that the system is in
 * @version:	  the line of /proc/version
 * @begin_s:	  when it began, in seconds since 1970, as the clock goes now
 * @now_s:	  now
 * @cma_total_kib: all CMA memory, if known
 */
struct lt_klog_boot_facts {
	const char *version;
	int64_t begin_s, now_s;
	struct lt_num cma_total_kib;
};

/*
 * Whether @klog, out of a file written last at @written_s, is of that boot: the same kernel to the
 * letter, and neither stamps nor the file older or newer than the boot.
 */
bool lt_klog_saved_is_ours(const struct lt_klog *klog, int64_t written_s,
			   const struct lt_klog_boot_facts *facts) __nonnull_all;

/**
 * lt_klog_read_saved() - the log of this boot that the distribution saved, or what a capture kept of it
 * @out:  freed with lt_klog_free(); NULL if there is none that says where an area is
 *
 * Only what it tells of the boot may be used: its failures may be those of the kernel's own log.
 *
 * Return: 0 or -ENOMEM.
 */
int lt_klog_read_saved(const struct lt_snapshot *snap, struct lt_klog **out)
	__must_check __nonnull_all;

#endif
