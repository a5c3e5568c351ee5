/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_PROCESS_START_H
#define LT_SOURCE_PROCESS_PROCESS_START_H

#include <time.h>

#include "base/compiler.h"
#include "base/root.h"
#include "model/when.h"

/**
 * struct lt_process_clocks - what start times are converted with
 * @log_ns:	   the clock of the kernel log at a moment
 * @before_ns:	   CLOCK_BOOTTIME before it
 * @after_ns:	   and after it
 * @suspended_ns:  time that the system was suspended for since boot, at most
 * @resolution_ns: steps of CLOCK_BOOTTIME
 * @tick_ns:	   steps that /proc/PID/stat counts in
 */
struct lt_process_clocks {
	uint64_t log_ns, before_ns, after_ns, suspended_ns, resolution_ns, tick_ns;
};

/**
 * lt_process_clocks_compare() - read all of them but the steps
 * @read_ns: reads a clock of user space
 * @read_log_ns: as lt_log_clock_ns()
 *
 * Between two readings time goes by, so @suspended_ns is too large, never too small.
 *
 * Return: 0, or what @read_log_ns returned.
 */
int lt_process_clocks_compare(uint64_t (*read_ns)(clockid_t clock),
			      int (*read_log_ns)(uint64_t *out), struct lt_process_clocks *out)
	__must_check __nonnull_at(3);

/**
 * lt_process_start_when() - when a process began
 * @ticks: "starttime" of /proc/PID/stat: since boot, suspend included, rounded down
 */
struct lt_when lt_process_start_when(uint64_t ticks, const struct lt_process_clocks *clocks);

/* That a process began no earlier than a time by CLOCK_MONOTONIC, if that is known. */
struct lt_when lt_process_start_since(struct lt_num monotonic_ns);

/**
 * lt_process_start() - when a process of the running system began
 *
 * Return: 0; -ENOENT or -ESRCH if the process is gone; -EBADMSG if its stat line is not
 * understood; -EOPNOTSUPP if the clock of the kernel log cannot be read; another negative errno.
 */
int lt_process_start(const struct lt_root *root, int pid, struct lt_when *out)
	__must_check __nonnull_all;

#endif
