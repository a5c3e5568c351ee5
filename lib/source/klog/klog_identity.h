/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_KLOG_KLOG_IDENTITY_H
#define LT_SOURCE_KLOG_KLOG_IDENTITY_H

#include "base/compiler.h"
#include "base/text.h"
#include "source/klog/klog.h"
#include "source/klog/klog_line.h"

struct lt_snapshot;

/* Take the machine's model from a message of the kernel's. 0 or -ENOMEM. */
int lt_klog_identity_message(struct lt_klog *klog, struct lt_text text, struct lt_strings *strings)
	__must_check __nonnull_all;

/* Take the id of the boot that begins from journalctl's mark. 0 or -ENOMEM. */
int lt_klog_identity_mark(struct lt_klog *klog, struct lt_text mark, struct lt_strings *strings)
	__must_check __nonnull_all;

/**
 * lt_klog_identity_check() - whether the log is of the boot that the other files are of
 * @page_size: as the log proves it
 * @diag:      told of what they contradict each other in
 */
void lt_klog_identity_check(const struct lt_snapshot *snap, const struct lt_klog *klog,
			    struct lt_num page_size, struct lt_diag *diag) __nonnull_at(1, 2);

/* Let the log say of which machine and boot all is, where no file does. 0 or -ENOMEM. */
int lt_klog_identity_adopt(struct lt_snapshot *snap, const struct lt_klog *klog)
	__must_check __nonnull_all;

/* Whether @id, if it is one, is of another boot than the one that @klog is known to be of. */
bool lt_klog_identity_is_other(const struct lt_klog *klog, struct lt_span id);

/* Keep @id, which a record has, if it is one. 0 or -ENOMEM. */
int lt_klog_identity_boot(struct lt_klog *klog, struct lt_span id, struct lt_strings *strings)
	__must_check;

/**
 * lt_klog_identity_host() - take the name of the host that a line is of
 * @klog: of the boot that the line is of, without its stamp as yet
 *
 * While it starts a system gets its name, and may get another one from the network: later than
 * that, and where a name comes back or the clock goes back, it is another system's.
 *
 * Return: 0 or -ENOMEM.
 */
int lt_klog_identity_host(struct lt_klog *klog, const struct lt_klog_line *line,
			  struct lt_strings *strings) __must_check __nonnull_all;

/* -EBADMSG, and @diag says so, if @klog has lines of two hosts: they are no record of one kernel. */
int lt_klog_identity_check_host(const struct lt_klog *klog, struct lt_diag *diag) __must_check;

#endif
