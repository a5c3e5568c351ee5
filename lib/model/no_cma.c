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

/* Its counts of pageblocks name every type that the kernel was built with. */
static bool is_whole(const struct lt_zone *zone)
{
	lt_vec_each(type, &zone->types)
		if (!type->nr_pageblocks.known)
			return false;
	return zone->types.nr;
}

enum types { TYPES_UNKNOWN, TYPES_WITHOUT_CMA, TYPES_WITH_CMA };

/* Whether CMA is among the migratetypes (pagetypeinfo). */
static enum types types_of(const struct lt_snapshot *snap)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, "pagetypeinfo");
	bool is_read = state && state->status == LT_STATUS_OK, has_any = false;

	lt_vec_each(zone, &snap->zones) {
		lt_vec_each(type, &zone->types)
			if (!strcmp(type->name, "CMA"))
				return TYPES_WITH_CMA;
		has_any = has_any || zone->types.nr;
		is_read = is_read && (!zone->types.nr || is_whole(zone));
	}
	return is_read && has_any ? TYPES_WITHOUT_CMA : TYPES_UNKNOWN;
}

/*
 * Whether a counter is there that the kernel has with CONFIG_CMA alone. nr_free_cma of vmstat and "cma" of
 * zoneinfo are there without it too, and 0.
 */
static bool has_counters(const struct lt_snapshot *snap)
{
	return snap->memory.cma_alloc_success.known || snap->memory.cma_alloc_fail.known;
}

/* Pages of areas, or calls that asked for some. */
static bool has_use(const struct lt_snapshot *snap)
{
	if (snap->memory.cma_alloc_success.val || snap->memory.cma_alloc_fail.val ||
	    snap->memory.nr_free_cma.val)
		return true;
	lt_vec_each(zone, &snap->zones)
		if (zone->nr_cma.val)
			return true;
	return false;
}

/*
 * Of a file that somebody copied by hand the end may be missing. Percpu stands some rows before those
 * of CMA, Hugepagesize behind them; kernels without hugetlbfs have nothing behind them. In a container
 * the file may be made up (lxcfs), and rows left out: only the kernel's own tables prove that it has
 * none.
 */
static struct lt_no_cma by_meminfo(const struct lt_snapshot *snap)
{
	const struct lt_source_state *state = lt_snapshot_source(snap, "meminfo");
	const struct lt_memory *memory = &snap->memory;
	const enum types types = types_of(snap);

	if (memory->cma_total_kib.known)
		return memory->cma_total_kib.val
			       ? (struct lt_no_cma){ .kind = LT_NO_CMA_UNKNOWN }
			       : (struct lt_no_cma){ LT_NO_CMA_RESERVED,
						     memory->cma_total_is_logged
							     ? "log: 0 pages cma reserved"
							     : "meminfo: CmaTotal: 0 kB",
						     true };
	if (types == TYPES_WITHOUT_CMA)
		return (struct lt_no_cma){ LT_NO_CMA_BUILT, "pagetypeinfo has no type CMA", true };
	if (!state || state->status != LT_STATUS_OK ||
	    (!memory->percpu_kib.known && !memory->huge_page_kib.known))
		return (struct lt_no_cma){ .kind = LT_NO_CMA_UNKNOWN };
	return (struct lt_no_cma){ LT_NO_CMA_BUILT, "meminfo has no CmaTotal line", false };
}

struct lt_no_cma lt_no_cma_of(const struct lt_snapshot *snap)
{
	const char *option = lt_kernel_option(&snap->kernel, "CMA");
	const bool is_built = has_counters(snap) || types_of(snap) == TYPES_WITH_CMA;
	struct lt_no_cma why;

	if (snap->areas.nr || snap->refusals.nr || has_cma_alloc(snap) || has_use(snap))
		return (struct lt_no_cma){ .kind = LT_NO_CMA_UNKNOWN };
	if (option && !strcmp(option, "n") && !is_built)
		return (struct lt_no_cma){ LT_NO_CMA_BUILT, "configuration: CONFIG_CMA is not set",
					   true };
	why = by_meminfo(snap);
	if ((option || is_built) && why.kind == LT_NO_CMA_BUILT)
		return (struct lt_no_cma){ .kind = LT_NO_CMA_UNKNOWN };
	return why;
}
