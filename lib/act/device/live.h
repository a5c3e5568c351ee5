/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_DEVICE_LIVE_H
#define LT_ACT_DEVICE_LIVE_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/diag.h"

/* Files of the running system that are opened to act, not to be read into a snapshot. */

/* Open @path; a descriptor or negative errno. */
int lt_live_open(const char *path, int flags) __must_check;

/* Whether the file is there and says something else than 0. */
bool lt_live_is_set(const char *path);

/**
 * lt_live_open_debugfs() - open a file of debugfs for reading and writing
 * @name:   below /sys/kernel/debug
 * @config: the option that gives a kernel this file
 * @diag:   says which of root, mount and option is missing
 *
 * Return: a descriptor or negative errno.
 */
int lt_live_open_debugfs(const char *name, const char *config, struct lt_diag *diag) __must_check;

/* Say why @path, in debugfs, could not be opened: which of root, mount and option is missing. */
void lt_live_explain_debugfs(const char *path, int err, const char *config, struct lt_diag *diag);

#endif
