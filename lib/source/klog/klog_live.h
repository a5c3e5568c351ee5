/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_LIVE_H
#define LT_SOURCE_KLOG_KLOG_LIVE_H

#include "base/compiler.h"
#include "base/root.h"

/**
 * lt_klog_read_live() - the log of the running system, as syslog(2) writes it
 * @out:  the caller frees its data
 * @from: gets which of the two interfaces it is from: "syslog(2)" or "/dev/kmsg"; may be NULL
 *
 * Nobody who reads the log is disturbed, and nothing is waited for.
 *
 * Return: 0 or negative errno.
 */
int lt_klog_read_live(struct lt_buf *out, const char **from) __must_check __nonnull_at(1);

/**
 * lt_klog_read_kmsg() - the records that /dev/kmsg has, as syslog(2) writes them
 * @fd:	 opened with O_NONBLOCK: each read() gives a record, the end is -EAGAIN
 * @out: the caller frees its data
 *
 * Return: 0 or negative errno.
 */
int lt_klog_read_kmsg(int fd, struct lt_buf *out) __must_check __nonnull_all;

/* Whether @kmsg tells more than @syslog, both of the same log, the first read before the second. */
bool lt_klog_kmsg_is_more(const struct lt_buf *kmsg, const struct lt_buf *syslog) __nonnull_all;

#endif
