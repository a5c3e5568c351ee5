// SPDX-License-Identifier: LGPL-2.1-or-later
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
