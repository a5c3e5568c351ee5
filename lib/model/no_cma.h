/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_MODEL_NO_CMA_H
#define LT_MODEL_NO_CMA_H

#include "base/compiler.h"
#include "model/snapshot.h"

enum lt_no_cma_kind {
	LT_NO_CMA_UNKNOWN,  /* there may be an area */
	LT_NO_CMA_BUILT,    /* the kernel is built without CMA */
	LT_NO_CMA_RESERVED, /* it supports CMA, and reserved nothing */
};

/**
 * struct lt_no_cma - why a system has no CMA area at all
 * @source:    that shows it, and how: "configuration: CONFIG_CMA is not set"; NULL if nothing does
 * @is_proven: false if the source may be cut off right before the row that it lacks, or made up
 */
struct lt_no_cma {
	enum lt_no_cma_kind kind;
	const char *source;
	bool is_proven;
};

/*
 * By the kernel configuration, by the types of /proc/pagetypeinfo, and by /proc/meminfo, which has the
 * rows CmaTotal and CmaFree with CONFIG_CMA alone, but may be made up in a container. A cma_alloc that
 * the kernel itself reported or counted, an area, or one that could not be reserved contradicts all;
 * and a configuration, a type or a counter that is there with CONFIG_CMA alone a meminfo without these
 * rows.
 */
struct lt_no_cma lt_no_cma_of(const struct lt_snapshot *snap) __nonnull_all;

#endif
