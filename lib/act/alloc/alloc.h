/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_ALLOC_ALLOC_H
#define LT_ACT_ALLOC_ALLOC_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/strings.h"
#include "model/area.h"
#include "model/attempt.h"

/*
 * Real contiguous allocations through the helper module, each recorded as an
 * attempt: how it ended, which ranges the kernel tried, what blocked them, and
 * which pages of the area were pinned all the while.
 */
struct lt_alloc;

/**
 * lt_alloc_open() - get ready to allocate
 * @areas:   known areas; outlive @out
 * @area:    the one to allocate from; LT_NO_AREA for the one that DMA
 *	     allocations are served from
 * @strings: for what the attempts name
 *
 * A module that could not look up the areas is served from the default one
 * only. Which one that is, a small allocation finds out.
 *
 * Return: 0 or negative errno with the reason in @diag: -ENOENT the module is
 * not loaded, or there is no area; -EINVAL @area cannot be chosen;
 * -EOPNOTSUPP DMA allocations do not come from CMA here.
 */
int lt_alloc_open(const struct lt_areas *areas, size_t area, struct lt_strings *strings,
		  struct lt_alloc **out, struct lt_diag *diag) __must_check __nonnull_at(3, 4);

/* Why attempts name no ranges and blockers; NULL if they do. */
const char *lt_alloc_no_trace(const struct lt_alloc *alloc);

/**
 * lt_alloc_attempt() - try to allocate
 * @nr_pages: at least 1
 * @out:      what happened; freed with lt_attempt_fini()
 *
 * What was allocated is held until lt_alloc_release_all() or lt_alloc_close().
 *
 * Return: 0, also for an allocation that failed; negative errno if there was
 * none.
 */
int lt_alloc_attempt(struct lt_alloc *alloc, uint32_t nr_pages, struct lt_attempt *out,
		     struct lt_diag *diag) __must_check __nonnull_at(1, 3);

void lt_alloc_release_all(struct lt_alloc *alloc);
void lt_alloc_close(struct lt_alloc *alloc);

#endif
