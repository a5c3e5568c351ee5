// SPDX-License-Identifier: LGPL-2.1-or-later
/* Tells whether a system has no CMA area at all. */
#include "model/no_cma.h"

#include <string.h>

static bool has_cma_alloc(const struct lt_snapshot *snap)
{
	lt_vec_each(attempt, &snap->attempts)
		if (attempt->source == LT_ATTEMPT_LOG || attempt->source == LT_ATTEMPT_TRACE)
			return true;
	return false;
}

/*
 * Of a file that somebody copied by hand the end may be missing. Percpu stands some rows before those
 * of CMA, Hugepagesize behind them; kernels without hugetlbfs have nothing behind them.
 */
static struct lt_no_cma by_meminfo(const struct lt_snapshot *snap)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, "meminfo");
	const struct lt_memory *memory = &snap->memory;

	if (memory->cma_total_kib.known)
		return memory->cma_total_kib.val
			       ? (struct lt_no_cma){ .kind = LT_NO_CMA_UNKNOWN }
			       : (struct lt_no_cma){ LT_NO_CMA_RESERVED, "meminfo: CmaTotal: 0 kB",
						     true };
	if (!state || state->status != LT_STATUS_OK ||
	    (!memory->percpu_kib.known && !memory->huge_page_kib.known))
		return (struct lt_no_cma){ .kind = LT_NO_CMA_UNKNOWN };
	return (struct lt_no_cma){ LT_NO_CMA_BUILT, "meminfo has no CmaTotal line",
				   memory->huge_page_kib.known || !snap->options.place };
}

struct lt_no_cma lt_no_cma_of(const struct lt_snapshot *snap)
{
	const char *option = lt_kernel_option(&snap->kernel, "CMA");
	struct lt_no_cma why;

	if (snap->areas.nr || snap->refusals.nr || has_cma_alloc(snap))
		return (struct lt_no_cma){ .kind = LT_NO_CMA_UNKNOWN };
	if (option && !strcmp(option, "n"))
		return (struct lt_no_cma){ LT_NO_CMA_BUILT, "configuration: CONFIG_CMA is not set",
					   true };
	why = by_meminfo(snap);
	if (option && why.kind == LT_NO_CMA_BUILT)
		return (struct lt_no_cma){ .kind = LT_NO_CMA_UNKNOWN };
	return why;
}
