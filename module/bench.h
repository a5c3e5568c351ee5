/* SPDX-License-Identifier: GPL-2.0-only */
/* What the measurements share: the request for one page that they are about. */
#ifndef LTPIN_MODULE_BENCH_H
#define LTPIN_MODULE_BENCH_H

#include <linux/gfp.h>
#include <linux/sched/mm.h>

#include "compat.h"
#include "ltpin.h"

/* As long-term pins ask for a page to move to, but failure is an answer. */
static inline gfp_t lt_bench_gfp(u32 flags)
{
	return (flags & LTPIN_BENCH_UNMOVABLE ? GFP_HIGHUSER : GFP_HIGHUSER_MOVABLE) |
	       __GFP_NORETRY | __GFP_NOWARN;
}

static inline unsigned int lt_bench_enter(u32 flags)
{
	return flags & LTPIN_BENCH_SCOPE ? lt_pin_scope_save() : 0;
}

static inline void lt_bench_leave(u32 flags, unsigned int saved)
{
	if (flags & LTPIN_BENCH_SCOPE)
		lt_pin_scope_restore(saved);
}

#endif /* LTPIN_MODULE_BENCH_H */
