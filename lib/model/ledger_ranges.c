// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeps the ranges of the ledger apart and in order. */
#include "model/ledger_ranges.h"

#include <errno.h>
#include <string.h>

struct lt_allocation *lt_ledger_from(const struct lt_allocations *allocations, uint64_t pfn)
{
	size_t low = 0, high = allocations->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (allocations->v[middle].pfns.end_pfn <= pfn)
			low = middle + 1;
		else
			high = middle;
	}
	return allocations->v + low;
}

struct lt_range lt_ledger_common(struct lt_range a, struct lt_range b)
{
	return (struct lt_range){
		a.start_pfn > b.start_pfn ? a.start_pfn : b.start_pfn,
		a.end_pfn < b.end_pfn ? a.end_pfn : b.end_pfn,
	};
}

int lt_ledger_insert(struct lt_allocations *allocations, const struct lt_allocation *allocation)
{
	const struct lt_allocation copy = *allocation;
	size_t at;

	if (!lt_vec_push(allocations))
		return -ENOMEM;
	allocations->nr--;
	at = (size_t)(lt_ledger_from(allocations, copy.pfns.start_pfn) - allocations->v);
	memmove(allocations->v + at + 1, allocations->v + at,
		(allocations->nr - at) * sizeof(*allocations->v));
	allocations->v[at] = copy;
	allocations->nr++;
	return 0;
}

/* What @pfns leave of one that they are in the middle of. */
static int split(struct lt_allocations *allocations, size_t at, struct lt_range pfns)
{
	struct lt_allocation tail = allocations->v[at];

	tail.pfns.start_pfn = pfns.end_pfn;
	tail.is_rest = true;
	allocations->v[at].pfns.end_pfn = pfns.start_pfn;
	allocations->v[at].is_rest = true;
	return lt_ledger_insert(allocations, &tail);
}

int lt_ledger_cut(struct lt_allocations *allocations, struct lt_range pfns)
{
	size_t first = (size_t)(lt_ledger_from(allocations, pfns.start_pfn) - allocations->v);
	size_t kept = first, at = first;

	if (first < allocations->nr && allocations->v[first].pfns.start_pfn < pfns.start_pfn &&
	    allocations->v[first].pfns.end_pfn > pfns.end_pfn)
		return split(allocations, first, pfns);
	for (; at < allocations->nr && allocations->v[at].pfns.start_pfn < pfns.end_pfn; at++) {
		struct lt_allocation rest = allocations->v[at];

		if (rest.pfns.start_pfn < pfns.start_pfn)
			rest.pfns.end_pfn = pfns.start_pfn;
		else if (rest.pfns.end_pfn > pfns.end_pfn)
			rest.pfns.start_pfn = pfns.end_pfn;
		else
			continue;
		rest.is_rest = true;
		allocations->v[kept++] = rest;
	}
	if (kept < at)
		memmove(allocations->v + kept, allocations->v + at,
			(allocations->nr - at) * sizeof(*allocations->v));
	allocations->nr -= at - kept;
	return 0;
}

void lt_ledger_drop_released(struct lt_allocations *allocations)
{
	size_t nr = 0;

	lt_vec_each(allocation, allocations)
		if (!allocation->is_released)
			allocations->v[nr++] = *allocation;
	allocations->nr = nr;
}
