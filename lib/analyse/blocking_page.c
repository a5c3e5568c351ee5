// SPDX-License-Identifier: LGPL-2.1-or-later
/* Causes by page: for who lists pages, and asks what they made fail. */
#include "analyse/blocking_page.h"

#include <errno.h>
#include <stdlib.h>

static uint64_t time_of(const struct lt_snapshot *snap, const struct lt_blocking_page *page)
{
	struct lt_num ns = lt_attempt_last_ns(&snap->attempts.v[page->attempt]);

	return ns.known ? ns.val : 0;
}

static bool is_later(const struct lt_snapshot *snap, const struct lt_blocking_page *page,
		     const struct lt_blocking_page *than)
{
	uint64_t a = time_of(snap, page), b = time_of(snap, than);

	return a != b ? a > b : page->attempt > than->attempt;
}

static int by_pfn(const void *a, const void *b)
{
	const struct lt_blocking_page *left = a, *right = b;

	if (left->pfn != right->pfn)
		return left->pfn < right->pfn ? -1 : 1;
	return (left->attempt > right->attempt) - (left->attempt < right->attempt);
}

static void keep_last(const struct lt_snapshot *snap, struct lt_blocking_pages *pages)
{
	size_t nr = 0;

	lt_vec_each(page, pages) {
		struct lt_blocking_page *last = nr ? &pages->v[nr - 1] : NULL;

		if (!last || last->pfn != page->pfn)
			pages->v[nr++] = *page;
		else if (is_later(snap, page, last))
			*last = *page;
	}
	pages->nr = nr;
}

int lt_blocking_pages_make(const struct lt_snapshot *snap, const struct lt_causes *causes,
			   struct lt_blocking_pages *out)
{
	struct lt_blocking_pages made = { 0 };

	for (size_t i = 0; i < causes->nr; i++) {
		if (!lt_cause_has_failed(snap, &snap->attempts.v[i]))
			continue;
		lt_vec_each(said, &causes->v[i].pages) {
			struct lt_blocking_page *page = lt_vec_push(&made);

			if (!page) {
				lt_vec_free(&made);
				return -ENOMEM;
			}
			*page = (struct lt_blocking_page){ said->pfn, i, said };
		}
	}
	if (made.nr)
		qsort(made.v, made.nr, sizeof(*made.v), by_pfn);
	keep_last(snap, &made);
	*out = made;
	return 0;
}

/* The index of the first one that is not below @pfn. */
static size_t first_from(const struct lt_blocking_pages *pages, uint64_t pfn)
{
	size_t low = 0, high = pages->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (pages->v[mid].pfn < pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct lt_cause_page *lt_blocking_pages_find(const struct lt_blocking_pages *pages,
						   const struct lt_snapshot *snap,
						   const struct lt_pin *pin)
{
	const struct lt_blocking_page *last = NULL;
	size_t i = first_from(pages, pin->pfn);

	for (; i < pages->nr && pages->v[i].pfn - pin->pfn < pin->nr_pages; i++)
		if (!last || is_later(snap, &pages->v[i], last))
			last = &pages->v[i];
	return last ? last->said : NULL;
}
