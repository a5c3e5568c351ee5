// SPDX-License-Identifier: LGPL-2.1-or-later
/* Tells searches of one attempt apart, by the ranges that they try. */
#include "source/trace/trace_searches.h"

#include <stdlib.h>

struct lt_trace_search **lt_trace_search_find(struct lt_trace_searches *searches, uint64_t pid)
{
	struct lt_trace_search **at = &searches->buckets[pid % LT_TRACE_SEARCHES_MAX];

	while (*at && (*at)->pid != pid)
		at = &(*at)->next;
	return at;
}

struct lt_trace_search **lt_trace_search_oldest(struct lt_trace_searches *searches)
{
	struct lt_trace_search **oldest = NULL;

	for (size_t i = 0; i < LT_TRACE_SEARCHES_MAX; i++)
		for (struct lt_trace_search **at = &searches->buckets[i]; *at; at = &(*at)->next)
			if (!oldest || (*at)->serial < (*oldest)->serial)
				oldest = at;
	return oldest;
}

struct lt_trace_search *lt_trace_search_add(struct lt_trace_searches *searches,
					    struct lt_trace_search **at, uint64_t pid)
{
	struct lt_trace_search *search = calloc(1, sizeof(*search));

	if (!search)
		return NULL;
	search->pid = pid;
	search->serial = ++searches->serial;
	search->is_torn = searches->has_lost;
	searches->nr++;
	*at = search;
	return search;
}

void lt_trace_search_drop(struct lt_trace_searches *searches, struct lt_trace_search **at)
{
	struct lt_trace_search *search = *at;

	*at = search->next;
	lt_attempt_fini(&search->attempt);
	free(search);
	searches->nr--;
}

void lt_trace_searches_fini(struct lt_trace_searches *searches)
{
	for (size_t i = 0; i < LT_TRACE_SEARCHES_MAX; i++)
		while (searches->buckets[i])
			lt_trace_search_drop(searches, &searches->buckets[i]);
}

void lt_trace_searches_damage(struct lt_trace_searches *searches)
{
	if (!searches->serial)
		searches->is_torn = true;
	searches->has_lost = true;
	for (size_t i = 0; i < LT_TRACE_SEARCHES_MAX; i++)
		for (struct lt_trace_search *search = searches->buckets[i]; search;
		     search = search->next)
			search->is_torn = true;
}

void lt_trace_searches_tear(struct lt_trace_searches *searches)
{
	lt_trace_searches_damage(searches);
	for (size_t i = 0; i < LT_TRACE_SEARCHES_MAX; i++)
		for (struct lt_trace_search *search = searches->buckets[i]; search;
		     search = search->next)
			search->is_cut = true;
}
