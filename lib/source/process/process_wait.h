/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_PROCESS_PROCESS_WAIT_H
#define LT_SOURCE_PROCESS_PROCESS_WAIT_H

#include "base/compiler.h"
#include "base/root.h"
#include "base/strings.h"

/* The state of a task, of the text of its "stat" file: 'R', 'S', 'D', ...; 0 if there is none. */
char lt_process_state_parse(const char *buf, size_t len);

/**
 * lt_process_wait() - where a process waits that no signal reaches
 * @out: the function of the kernel in which one of its threads sleeps without being interruptible
 *	 (state D), "?" where the kernel does not tell it; interned in @strings. NULL if none does
 *
 * Such a thread waits for a device, mostly: it does not end when it is killed.
 *
 * Return: 0, or -ENOMEM; @out is NULL if the process could not be looked at.
 */
int lt_process_wait(const struct lt_root *root, int pid, struct lt_strings *strings,
		    const char **out) __must_check __nonnull_all;

#endif
