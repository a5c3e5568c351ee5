/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_ALLOCATORS_H
#define LT_SOURCE_PROCESS_ALLOCATORS_H

#include "base/compiler.h"
#include "model/snapshot.h"

/**
 * lt_allocators_time() - when the processes began that allocated the pages in the way
 *
 * A number of a process is given out again when it has ended. That of a page's record is the
 * process that has it now only if that one began before the page was allocated; only then its
 * start is filled in.
 *
 * Return: 0 or -ENOMEM.
 */
int lt_allocators_time(struct lt_snapshot *snap) __must_check __nonnull_all;

#endif
