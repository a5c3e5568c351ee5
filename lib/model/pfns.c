// SPDX-License-Identifier: LGPL-2.1-or-later
/* Holds sets of PFNs. */
#include "model/pfns.h"

#include <errno.h>
#include <stdlib.h>

int lt_pfns_add(struct lt_pfns *pfns, uint64_t pfn)
{
	uint64_t *added = lt_vec_push(pfns);

	if (!added)
		return -ENOMEM;
	*added = pfn;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* Where a number stands. */
struct place {
	uint64_t pfn;
	size_t i;
};

static int by_pfn(const void *a, const void *b)
{
	const struct place *left = a, *right = b;

	if (left->pfn != right->pfn)
		return left->pfn < right->pfn ? -1 : 1;
	return (left->i > right->i) - (left->i < right->i);
}

static int by_index(const void *a, const void *b)
{
	const struct place *left = a, *right = b;

	return (left->i > right->i) - (left->i < right->i);
}

int lt_pfns_drop_repeats(struct lt_pfns *pfns, size_t first)
{
	size_t nr = pfns->nr > first ? pfns->nr - first : 0, nr_kept = 0;
	struct place *places;

	if (nr < 2)
		return 0;
	places = malloc(nr * sizeof(*places));
	if (!places)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		places[i] = (struct place){ pfns->v[first + i], i };
	qsort(places, nr, sizeof(*places), by_pfn);
	for (size_t i = 0; i < nr; i++)
		if (!nr_kept || places[nr_kept - 1].pfn != places[i].pfn)
			places[nr_kept++] = places[i];
	qsort(places, nr_kept, sizeof(*places), by_index);
	for (size_t i = 0; i < nr_kept; i++)
		pfns->v[first + i] = places[i].pfn;
	pfns->nr = first + nr_kept;
	free(places);
	return 0;
}

void lt_pfns_sort(struct lt_pfns *pfns)
{
	size_t nr = 0;

	if (pfns->nr)
		qsort(pfns->v, pfns->nr, sizeof(*pfns->v), compare);
	lt_vec_each(pfn, pfns)
		if (!nr || pfns->v[nr - 1] != *pfn)
			pfns->v[nr++] = *pfn;
	pfns->nr = nr;
}

const uint64_t *lt_pfns_from(const struct lt_pfns *pfns, uint64_t pfn)
{
	size_t low = 0, high = pfns->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (pfns->v[mid] < pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return low < pfns->nr ? &pfns->v[low] : NULL;
}

bool lt_pfns_has_any(const struct lt_pfns *pfns, struct lt_range range)
{
	const uint64_t *first = lt_pfns_from(pfns, range.start_pfn);

	return first && *first < range.end_pfn;
}
