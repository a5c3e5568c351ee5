/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_DEVICE_DEVICE_H
#define LT_ACT_DEVICE_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/range.h"

/*
 * /dev/ltpin, the acting half of the helper module; uapi/ltpin_ioctl.h says
 * what each request does. Whatever was pinned or allocated through a
 * descriptor goes when that is closed. All return 0 or negative errno.
 */

/* Say why pages could not be pinned, or allocated: which limit was met, and how to raise it. */
void lt_device_explain(int err, bool is_pin, struct lt_diag *diag);

/* Returns a descriptor; -ENOENT the module is not loaded, -EACCES or -EPERM not for this user. */
int lt_device_open(void) __must_check;

/* @flags: LTPIN_PIN_*. @pfns: receives the PFN of each page, NULL if not wanted. */
int lt_device_pin(int fd, void *addr, uint32_t nr_pages, uint32_t flags, uint64_t *pfns,
		  uint32_t *id) __must_check;

/* @id may be LTPIN_ID_ALL. */
int lt_device_unpin(int fd, uint32_t id) __must_check;

/* @within: where the pages must lie, else -ENXIO; all zero for anywhere. */
int lt_device_alloc(int fd, uint32_t nr_pages, struct lt_range within, uint64_t *pfn, uint32_t *id)
	__must_check __nonnull_all;

/* @id may be LTPIN_ID_ALL. */
int lt_device_release(int fd, uint32_t id);

/* @what: LTPIN_IOC_BENCH_*, @arg: its argument. */
int lt_device_bench(int fd, unsigned long what, void *arg) __must_check;

#endif
