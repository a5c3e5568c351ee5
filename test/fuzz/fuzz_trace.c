// SPDX-License-Identifier: GPL-2.0-or-later
/* Feeds any bytes to the parser of trace. */
#include "fuzz.h"

#include <stdlib.h>

#include "model/area.h"
#include "source/trace/trace.h"

const char fuzz_seeds[] = "trace";

/* Ranges are in order and apart, and the requesters' counts are theirs. */
static void check_ledger(const struct lt_ledger *ledger)
{
	uint64_t end_pfn = 0, nr_pages = 0;

	lt_vec_each(allocation, &ledger->allocations) {
		if (allocation->pfns.start_pfn < end_pfn || !lt_range_nr_pages(allocation->pfns) ||
		    allocation->requester >= ledger->requesters.nr)
			abort();
		end_pfn = allocation->pfns.end_pfn;
		nr_pages += allocation->is_released ? 0 : lt_range_nr_pages(allocation->pfns);
	}
	lt_vec_each(requester, &ledger->requesters)
		nr_pages -= requester->nr_pages_held;
	if (nr_pages && !ledger->is_full)
		abort();
}

static void check(const struct lt_attempt *attempt)
{
	if ((attempt->failed && attempt->is_open) || attempt->area != LT_NO_AREA ||
	    attempt->count != 1 || !attempt->nr_pages.known ||
	    (attempt->is_open && attempt->counts.nr_isolate_failed.known))
		abort();
	lt_vec_each(tried, &attempt->tries)
		if (lt_range_nr_pages(tried->pfns) != attempt->nr_pages.val ||
		    (tried->ok && (attempt->failed || tried->blocker_pfn.known)))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_stacks *stacks = lt_stacks_new();
	struct lt_attempts attempts = { 0 };
	struct lt_page_tracks tracks = { 0 };
	struct lt_ledger ledger = { 0 };
	struct lt_areas areas = { 0 };
	struct lt_diag diag = { 0 };

	if (!lt_trace_parse((const char *)data, size, strings, stacks, &attempts, NULL, &tracks,
			    &ledger, &diag)) {
		lt_vec_each(attempt, &attempts)
			check(attempt);
		lt_attempts_locate(&attempts, &areas);
	}
	check_ledger(&ledger);
	lt_ledger_free(&ledger);
	if (tracks.nr > LT_PAGE_TRACKS_MAX)
		abort();
	lt_vec_free(&tracks);
	lt_attempts_free(&attempts);
	lt_stacks_free(stacks);
	lt_strings_free(strings);
	return 0;
}
