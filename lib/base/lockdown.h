/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_LOCKDOWN_H
#define LT_BASE_LOCKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/root.h"

/* Of what the kernel refuses for that reason. */
#define LT_LOCKDOWN_REFUSES "kernel lockdown is at \"confidentiality\""

/**
 * lt_lockdown_read() - how far the kernel is locked down (kernel_lockdown(7))
 * @mode: "integrity" or "confidentiality"; untouched if it is not
 *
 * From "confidentiality" on it refuses to everybody its memory, traces and probes, with -EPERM;
 * from "integrity" on, modules that it cannot trust.
 *
 * Return: whether it is, as far as /sys/kernel/security says.
 */
bool lt_lockdown_read(const struct lt_root *root, char *mode, size_t size) __nonnull_all;

/* Whether it is at "confidentiality". */
bool lt_lockdown_is_confidential(const struct lt_root *root) __nonnull_all;

#endif
