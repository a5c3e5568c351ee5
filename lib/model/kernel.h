/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_KERNEL_H
#define LT_MODEL_KERNEL_H

#include "base/num.h"
#include "base/vec.h"
#include "model/memory.h"
#include "model/zone.h"

/*
 * One kernel option that matters here: name without "CONFIG_", value as in the
 * file ("n" for "is not set").
 */
struct lt_option {
	const char *name;
	const char *value;
};

LT_VEC_OF(lt_options, struct lt_option);

/* Identity of the kernel that is diagnosed; NULL or unknown where no source tells. */
struct lt_kernel {
	const char *release; /* uname -r, or /proc/version of a captured tree */
	const char *arch;    /* uname -m; from the configuration for a captured tree */
	const char *cmdline;
	struct lt_num page_size;       /* bytes */
	struct lt_num pageblock_order; /* pagetypeinfo */
	struct lt_options options;
};

/* The value of option @name ("CMA"), or NULL if no configuration was read or it is not listed. */
const char *lt_kernel_option(const struct lt_kernel *kernel, const char *name);

/**
 * lt_kernel_infer_page_size() - the page size of a captured kernel
 * @kernel: its @page_size is set if it was not known and can be told
 * @memory: MemTotal and CmaTotal, in KiB whatever the page size
 * @zones:  the same in pages, summed over all zones
 *
 * MemTotal and the managed pages are one number in the kernel, read at two
 * moments: they may differ by what was freed or hotplugged in between, so the
 * nearest page size counts if it is within 2%. CmaTotal, where zoneinfo tells
 * the CMA pages too, must not contradict it.
 */
void lt_kernel_infer_page_size(struct lt_kernel *kernel, const struct lt_memory *memory,
			       const struct lt_zones *zones);

#endif
