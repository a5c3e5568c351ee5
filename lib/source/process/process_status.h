/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_PROCESS_STATUS_H
#define LT_SOURCE_PROCESS_PROCESS_STATUS_H

#include "base/compiler.h"
#include "base/num.h"
#include "base/root.h"

/**
 * struct lt_process_status - what /proc/PID/status tells
 * @pid:	the process, also where a thread was asked for
 * @pinned_kib: memory that the kernel accounts to it as pinned; unknown of one without memory
 */
struct lt_process_status {
	struct lt_num pid, pinned_kib;
};

/**
 * lt_process_status_parse() - parse the text of the file
 *
 * Return: 0, or -EBADMSG if it does not name the process.
 */
int lt_process_status_parse(const char *buf, size_t len, struct lt_process_status *out,
			    struct lt_diag *diag) __must_check __nonnull_at(3);

/* Read that of a process or a thread: 0, -ENOENT or -ESRCH if it is gone, another errno. */
int lt_process_status_read(const struct lt_root *root, uint64_t tid, struct lt_process_status *out)
	__must_check __nonnull_all;

#endif
