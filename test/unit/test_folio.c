// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/model/folio.c. */
#include "test.h"

#include "model/folio.h"
#include "uapi/ltpin_netlink.h"

#define ANON (LTPIN_PAGE_ANON | LTPIN_PAGE_SWAPBACKED | LTPIN_PAGE_UPTODATE)
#define ANON_LRU (ANON | LTPIN_PAGE_LRU)
#define USED_ANON (ANON_LRU | LTPIN_PAGE_REFERENCED)
#define FILE_LRU (LTPIN_PAGE_FILE | LTPIN_PAGE_UPTODATE | LTPIN_PAGE_LRU)
#define USED_FILE (FILE_LRU | LTPIN_PAGE_ACTIVE)
#define THP (USED_ANON | LTPIN_PAGE_COMPOUND | LTPIN_PAGE_PINS_EXACT)

struct state {
	const char *what;
	uint32_t nr_pages;
	int32_t refcount, mapcount, pins;
	uint64_t flags;
	int32_t want_pins, want_extra;
};

static const struct state states[] = {
	/* Nothing unusual. */
	{ "anonymous page", 1, 1, 1, 0, USED_ANON, 0, 0 },
	{ "shared by three after fork", 1, 3, 3, 0, USED_ANON, 0, 0 },
	{ "page cache", 1, 1, 0, 0, USED_FILE, 0, 0 },
	{ "page cache, mapped twice", 1, 3, 2, 0, USED_FILE, 0, 0 },
	{ "with buffer heads", 1, 2, 0, 0, USED_FILE | LTPIN_PAGE_PRIVATE, 0, 0 },
	{ "in the swap cache", 1, 2, 1, 0, USED_ANON | LTPIN_PAGE_SWAPCACHE, 0, 0 },
	{ "huge page", 512, 1, 1, 0, THP, 0, 0 },
	{ "huge page mapped in small ones", 512, 512, 512, 0, THP, 0, 0 },
	{ "large folio of the page cache", 16, 16, 0, 0,
	  USED_FILE | LTPIN_PAGE_COMPOUND | LTPIN_PAGE_PINS_EXACT, 0, 0 },
	{ "on a per-CPU list", 1, 0, 0, 0, 0, 0, 0 },

	/* Pins. */
	{ "one pin", 1, 1025, 1, 1, USED_ANON, 1, 0 },
	{ "three pins", 1, 3 * 1024 + 1, 1, 3, USED_ANON, 3, 0 },
	{ "pinned and unmapped since", 1, 1024, 0, 1, USED_ANON, 1, 0 },
	{ "pinned, and held too", 1, 1026, 1, 1, USED_ANON, 1, 1 },
	{ "huge page, two pins", 512, 3, 1, 2, THP, 2, 0 },
	{ "huge page, two pins, and held", 512, 4, 1, 2, THP, 2, 1 },
	{ "pair of 5.10, one pin, not counted", 2, 1025, 1, 1, USED_ANON | LTPIN_PAGE_COMPOUND, 1,
	  0 },
	{ "library page that 1500 processes map", 1, 1501, 1500, 1, USED_FILE, 0, 0 },
	{ "the same, and pinned", 1, 1501 + 1024, 1500, 2, USED_FILE, 1, 0 },

	/* References of somebody else. */
	{ "spliced into a pipe", 1, 2, 1, 0, USED_ANON, 0, 1 },
	{ "held twice", 1, 3, 1, 0, ANON_LRU | LTPIN_PAGE_ACTIVE, 0, 2 },
	{ "page cache, held", 1, 2, 0, 0, USED_FILE, 0, 1 },

	/* What passes by itself is none. */
	{ "faulted in a moment ago", 1, 2, 1, 0, ANON, 0, 0 },
	{ "isolated for migration", 1, 2, 1, 0, ANON | LTPIN_PAGE_REFERENCED, 0, 0 },
	{ "isolated, and held", 1, 3, 1, 0, ANON | LTPIN_PAGE_REFERENCED, 0, 1 },
	{ "waits to be activated (up to 6.10)", 1, 2, 1, 0, ANON_LRU, 0, 0 },
	{ "waits for mlock", 1, 2, 1, 0, USED_ANON | LTPIN_PAGE_MLOCKED, 0, 0 },
	{ "new and mlocked, in both batches", 1, 3, 1, 0, ANON | LTPIN_PAGE_MLOCKED, 0, 0 },
	{ "locked: being worked on", 1, 4, 1, 0, USED_ANON | LTPIN_PAGE_LOCKED, 0, 0 },
	{ "being written back", 1, 3, 0, 0, USED_FILE | LTPIN_PAGE_WRITEBACK, 0, 0 },
	{ "changed while it was read", 1, 2051, 1, 2, USED_ANON | LTPIN_PAGE_UNSTABLE, 0, 0 },

	/* Nothing is known of who holds these. */
	{ "a driver's page", 1, 7, 0, 0, 0, 0, 0 },
	{ "slab", 8, 1, 0, 0, LTPIN_PAGE_SLAB | LTPIN_PAGE_COMPOUND, 0, 0 },
	{ "balloon page, isolated", 1, 2, 0, 0, LTPIN_PAGE_MOVABLE_OPS, 0, 0 },
	{ "negative count", 1, -5, 0, 0, USED_ANON, 0, 0 },
};

static struct lt_folio folio_of(const struct state *state)
{
	return (struct lt_folio){
		.pfn = 512,
		.nr_pages = state->nr_pages,
		.refcount = state->refcount,
		.mapcount = state->mapcount,
		.pins = state->pins,
		.flags = state->flags,
	};
}

static void references_are_told_apart(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		struct lt_folio folio = folio_of(&states[i]);
		int32_t pins = lt_folio_pins(&folio), extra = lt_folio_extra_refs(&folio);

		if (pins != states[i].want_pins || extra != states[i].want_extra)
			fail_msg("%s: %d pins, %d extra; want %d, %d", states[i].what, pins, extra,
				 states[i].want_pins, states[i].want_extra);
	}
}

static void a_new_page_is_in_a_batch(void **unused)
{
	struct lt_folio folio = { .nr_pages = 1, .refcount = 2, .mapcount = 1, .flags = ANON };

	(void)unused;
	assert_true(lt_folio_is_in_lru_batch(&folio));
	folio.flags = ANON_LRU;
	assert_false(lt_folio_is_in_lru_batch(&folio));
	folio.flags = LTPIN_PAGE_SLAB;
	assert_false(lt_folio_is_in_lru_batch(&folio));
}

static void the_kernels_own_data_is_unmovable(void **unused)
{
	struct lt_folio folio = { .nr_pages = 1, .refcount = 1, .flags = LTPIN_PAGE_PGTABLE };

	(void)unused;
	assert_true(lt_folio_is_unmovable(&folio));
	folio.flags = LTPIN_PAGE_SLAB;
	assert_true(lt_folio_is_unmovable(&folio));
	folio.flags |= LTPIN_PAGE_UNSTABLE;
	assert_false(lt_folio_is_unmovable(&folio));
	folio.flags = ANON_LRU;
	assert_false(lt_folio_is_unmovable(&folio));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_told_apart),
		cmocka_unit_test(a_new_page_is_in_a_batch),
		cmocka_unit_test(the_kernels_own_data_is_unmovable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
