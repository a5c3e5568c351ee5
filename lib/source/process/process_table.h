/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_PROCESS_TABLE_H
#define LT_SOURCE_PROCESS_PROCESS_TABLE_H

#include "base/compiler.h"
#include "base/root.h"
#include "base/strings.h"

/**
 * lt_process_table_each() - call @each for every process
 * @root: the running system, or a captured tree
 * @each: returns 0 to go on, anything else to stop with that value. The
 *	  process may be gone by then.
 *
 * Return: 0, what @each stopped with, or negative errno.
 */
int lt_process_table_each(const struct lt_root *root, int (*each)(int pid, void *arg), void *arg)
	__must_check __nonnull_at(1);

/* The same for the threads of a process, its main thread included. */
int lt_process_threads_each(const struct lt_root *root, int pid, int (*each)(int tid, void *arg),
			    void *arg) __must_check __nonnull_at(1);

/* Whether processes may exist that this one cannot see: it is in a PID namespace of its own. */
bool lt_process_table_is_limited(const struct lt_root *root);

/**
 * lt_process_comm() - the name of a process
 * @out: interned in @strings
 *
 * Return: 0; -ENOENT or -ESRCH if the process is gone; another negative errno.
 */
int lt_process_comm(const struct lt_root *root, int pid, struct lt_strings *strings,
		    const char **out) __must_check __nonnull_at(1, 3);

#endif
