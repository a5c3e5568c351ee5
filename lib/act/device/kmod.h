/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_DEVICE_KMOD_H
#define LT_ACT_DEVICE_KMOD_H

#include "act/device/module_refusal.h"
#include "base/compiler.h"
#include "base/diag.h"

/* Loading and unloading the helper module, by way of libkmod; nothing else includes it. */

enum lt_kmod_state {
	LT_KMOD_ABSENT,
	LT_KMOD_COMING, /* being loaded */
	LT_KMOD_LIVE,
	LT_KMOD_GOING, /* being unloaded */
	LT_KMOD_BUILTIN,
};

/* "not loaded", "loading", "loaded", "unloading", "built in" */
const char *lt_kmod_state_name(enum lt_kmod_state state);

int lt_kmod_state(enum lt_kmod_state *out, struct lt_diag *diag) __must_check __nonnull_at(1);

/**
 * lt_kmod_load() - load the helper module
 * @path:    the file; NULL looks it up in the module tree of the running kernel
 * @refusal: on failure says why, and what to do
 *
 * Loading what is loaded succeeds.
 *
 * Return: 0 or negative errno.
 */
int lt_kmod_load(const char *path, struct lt_module_refusal *refusal) __must_check;

/* -EBUSY while somebody has /dev/ltpin open; -ENOENT if it is not loaded. */
int lt_kmod_unload(struct lt_diag *diag) __must_check;

#endif
