// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/analyse/search.c. */
#include "test.h"

#include <time.h>

#include "analyse/search.h"
#include "uapi/ltpin_netlink.h"

/*
 * An area written as text, a character a page: '.' free, 'm' moved, 'r' reclaimed,
 * '#' allocated, 'P' pinned, 'H' held, 'U' unmovable, '?' unknown; "[--" a large
 * folio that moves, its tail pages '-'.
 */
static uint8_t page_of(char c)
{
	static const char letters[] = "?.rm#PHU";
	const char *at = strchr(letters, c);

	if (c == '[')
		return LT_FATE_MOVED;
	if (c == '-')
		return LT_FATE_MOVED | LT_SEARCH_TAIL;
	assert_non_null(at);
	return (uint8_t)(at - letters);
}

static void add_range(struct lt_search *search, uint64_t base, const char *text)
{
	struct lt_search_range *range = lt_vec_push(&search->ranges);

	assert_non_null(range);
	range->pfns = (struct lt_range){ base, base + strlen(text) };
	range->pages = malloc(strlen(text) + 1);
	assert_non_null(range->pages);
	for (size_t i = 0; text[i]; i++)
		range->pages[i] = page_of(text[i]);
}

static struct lt_search search_of(uint64_t base, const char *text, uint64_t nr_pages,
				  unsigned int align)
{
	struct lt_search search = {
		.nr_pages = nr_pages,
		.align = align,
		.block_order = 3,
		.memory = { lt_num(1000), lt_num(2000) },
	};

	add_range(&search, base, text);
	return search;
}

static void search_fini(struct lt_search *search)
{
	lt_vec_each(range, &search->ranges)
		free(range->pages);
	lt_vec_free(&search->ranges);
}

/* Run and free @search; the windows are freed too. */
static struct lt_search_result run(struct lt_search *search)
{
	struct lt_search_result result;

	assert_int_equal(lt_search_run(search, &result), 0);
	lt_vec_free(&result.windows);
	search_fini(search);
	return result;
}

static void assert_end(struct lt_search_result result, uint64_t nr_windows,
		       enum lt_window_verdict verdict, uint64_t pfn)
{
	assert_int_equal(result.nr_windows, nr_windows);
	assert_int_equal(result.last.verdict, verdict);
	assert_int_equal(result.last.pfns.start_pfn, pfn);
}

static void the_first_clear_run_that_fits_is_taken(void **state)
{
	struct lt_search search = search_of(0x100, "#..#.mm.r.##", 5, 0);
	struct lt_search_result result = run(&search);

	(void)state;
	assert_end(result, 1, LT_WINDOW_FITS, 0x104);
	assert_int_equal(result.last.nr[LT_FATE_MOVED], 2);
	assert_int_equal(result.last.nr[LT_FATE_RECLAIMED], 1);
	assert_int_equal(result.last.nr[LT_FATE_FREE], 2);
}

static void after_busy_the_next_alignment_is_tried(void **state)
{
	/* windows at 0, 4 and 8 see the pin at 9; the one at 12 does not */
	struct lt_search search = search_of(0x100, ".........P..............", 10, 2);
	struct lt_search_result result = run(&search);

	(void)state;
	assert_end(result, 4, LT_WINDOW_FITS, 0x10c);

	search = search_of(0x100, "....P...", 2, 0);
	result = run(&search);
	assert_end(result, 1, LT_WINDOW_FITS, 0x100);
}

static void windows_are_aligned_by_pfn_not_by_bit(void **state)
{
	struct lt_search search = search_of(0x102, "................", 4, 3);

	(void)state;
	assert_end(run(&search), 1, LT_WINDOW_FITS, 0x108);
}

static void an_order_per_bit_makes_windows_whole_bits(void **state)
{
	/* bits of four pages: 3 pages take the bit from 0x104 on */
	struct lt_search search = search_of(0x100, "####........", 3, 0);

	(void)state;
	search.order_per_bit = 2;
	assert_end(run(&search), 1, LT_WINDOW_FITS, 0x104);
	/* 5 pages need two bits, of which the last is not whole */
	search = search_of(0x100, "####......", 5, 1);
	search.order_per_bit = 2;
	assert_int_equal(run(&search).nr_windows, 0);
}

static void a_pin_beside_the_window_does_not_matter(void **state)
{
	struct lt_search search = search_of(0x100, "....PPPP", 4, 2);

	(void)state;
	assert_end(run(&search), 1, LT_WINDOW_FITS, 0x100);
}

static void all_windows_may_be_busy(void **state)
{
	struct lt_search search = search_of(0x100, "...H...U", 4, 0);
	struct lt_search_result result = run(&search);

	(void)state;
	assert_end(result, 5, LT_WINDOW_BUSY, 0x104);
	assert_num(result.last.blocker, 0x107);
}

static void no_window_at_all(void **state)
{
	struct lt_search search = search_of(0x100, "..#..#..", 3, 0);

	(void)state;
	assert_int_equal(run(&search).nr_windows, 0);
	search = search_of(0x100, "........", 9, 0);
	assert_int_equal(run(&search).nr_windows, 0);
}

static void a_window_cannot_begin_inside_a_folio(void **state)
{
	struct lt_search search = search_of(0x100, "P[-------------.", 4, 2);
	struct lt_search_result result = run(&search);

	(void)state;
	assert_end(result, 4, LT_WINDOW_BUSY, 0x10c);
	assert_true(result.last.is_tail);
	assert_num(result.last.blocker, 0x10c);
	/* it may end inside one */
	search = search_of(0x100, "[------.", 4, 2);
	assert_end(run(&search), 1, LT_WINDOW_FITS, 0x100);
}

static void ranges_are_searched_in_their_order(void **state)
{
	struct lt_search search = search_of(0x200, "..P.", 4, 0);

	(void)state;
	add_range(&search, 0x100, "........");
	assert_end(run(&search), 2, LT_WINDOW_FITS, 0x100);
}

static void without_memory_the_search_ends(void **state)
{
	struct lt_search search = search_of(0x100, "mmmmmmmm........", 8, 3);

	(void)state;
	search.memory = (struct lt_search_memory){ lt_num(7), lt_num(7) };
	assert_end(run(&search), 1, LT_WINDOW_NO_MEMORY, 0x100);
	/* even if a page would not have moved: -ENOMEM comes first */
	search = search_of(0x100, "mmmmmmmP........", 8, 3);
	search.memory = (struct lt_search_memory){ lt_num(6), lt_num(6) };
	assert_end(run(&search), 1, LT_WINDOW_NO_MEMORY, 0x100);
}

static void free_pages_in_isolated_blocks_take_nothing(void **state)
{
	struct lt_search search = search_of(0x100, "mm....mm", 4, 0);

	(void)state;
	search.memory = (struct lt_search_memory){ lt_num(5), lt_num(5) };
	assert_end(run(&search), 1, LT_WINDOW_NO_MEMORY, 0x100);
	search = search_of(0x100, "mm....mm", 4, 0);
	search.memory = (struct lt_search_memory){ lt_num(6), lt_num(6) };
	assert_end(run(&search), 1, LT_WINDOW_FITS, 0x100);
}

static void between_least_and_most_memory_nothing_is_certain(void **state)
{
	struct lt_search search = search_of(0x100, "mmmm", 4, 0);
	struct lt_search_result result;

	(void)state;
	search.memory = (struct lt_search_memory){ lt_num(3), lt_num(4) };
	assert_end(run(&search), 1, LT_WINDOW_UNSURE, 0x100);
	/* a busy window may then be the end, and what comes later is not certain */
	search = search_of(0x100, "mmmP....", 4, 2);
	search.memory = (struct lt_search_memory){ lt_num(0), lt_num(100) };
	result = run(&search);
	assert_end(result, 2, LT_WINDOW_FITS, 0x104);
	assert_true(result.may_lack_memory);
	search = search_of(0x100, "mmmm", 4, 0);
	search.memory = (struct lt_search_memory){ 0 };
	assert_end(run(&search), 1, LT_WINDOW_UNSURE, 0x100);
}

static void an_unknown_page_is_no_success(void **state)
{
	struct lt_search search = search_of(0x100, "..?.....", 4, 2);

	(void)state;
	assert_end(run(&search), 1, LT_WINDOW_UNSURE, 0x100);
	/* a pin in the same window decides all the same */
	search = search_of(0x100, "..?P....", 4, 2);
	assert_end(run(&search), 2, LT_WINDOW_FITS, 0x104);
}

/* --- against the kernel's own words --- */

/* bitmap_find_next_zero_area_off() of lib/bitmap.c, bit by bit */
static uint64_t find_zero_area(const char *map, uint64_t size, uint64_t start, uint64_t nr,
			       uint64_t mask, uint64_t offset)
{
	uint64_t index, end, i;

again:
	for (index = start; index < size && map[index]; index++)
		;
	index = ((index + offset + mask) & ~mask) - offset;
	end = index + nr;
	if (end > size)
		return end;
	for (i = index; i < end && !map[i]; i++)
		;
	if (i < end) {
		start = i + 1;
		goto again;
	}
	return index;
}

/* cma_alloc(), where a window with a page that stays is -EBUSY. -1: it fails. */
static int64_t reference(const struct lt_search *search)
{
	const struct lt_search_range *range = search->ranges.v;
	const unsigned int order = search->order_per_bit;
	const uint64_t nr_pages = lt_range_nr_pages(range->pfns), base = range->pfns.start_pfn;
	const uint64_t maxno = nr_pages >> order;
	const uint64_t count = (search->nr_pages + (1ULL << order) - 1) >> order;
	const uint64_t mask = search->align <= order ? 0 : (1ULL << (search->align - order)) - 1;
	const uint64_t offset = (base & ((1ULL << search->align) - 1)) >> order;
	char *map = calloc(maxno + 1, 1);
	uint64_t start = 0, bit, pfn;
	int64_t found = -1;

	for (uint64_t i = 0; i < maxno << order; i++)
		if (lt_search_fate(range->pages[i]) == LT_FATE_ALLOCATED)
			map[i >> order] = 1;
	while (found < 0) {
		bool is_busy;

		bit = find_zero_area(map, maxno, start, count, mask, offset);
		if (bit >= maxno)
			break;
		pfn = bit << order;
		is_busy = range->pages[pfn] & LT_SEARCH_TAIL;
		for (uint64_t i = pfn; i < pfn + search->nr_pages; i++)
			is_busy |= lt_fate_is_blocking(lt_search_fate(range->pages[i]));
		if (!is_busy)
			found = (int64_t)(base + pfn);
		start = bit + mask + 1;
	}
	free(map);
	return found;
}

static void random_areas_end_as_the_kernel_would(void **state)
{
	static const char letters[] = ".....................mmmmmmmr#PHU";
	unsigned int nr_ok = 0, nr_failed = 0;

	(void)state;
	srand(7);
	for (int i = 0; i < 4000; i++) {
		unsigned int order = (unsigned int)rand() % 3,
			     size = 40 + (unsigned int)rand() % 200;
		uint64_t base = 0x1000 + ((uint64_t)(rand() % 64) << order);
		char text[256] = "";
		struct lt_search search;
		struct lt_search_result result;
		int64_t want;

		for (unsigned int at = 0; at < size; at++)
			text[at] = rand() % 8 ? '.' : letters[rand() % (int)(sizeof(letters) - 1)];
		for (unsigned int at = 0; at < size; at++) /* whole bits */
			if (text[at >> order << order] == '#')
				text[at] = '#';
			else if (text[at] == '#')
				text[at] = '.';
		if (rand() % 3 == 0)
			memcpy(text + rand() % 20, "[-------", 8);
		search = search_of(base, text, 1 + (unsigned int)rand() % 130,
				   (unsigned int)rand() % 6);
		search.order_per_bit = order;
		for (unsigned int at = 0; at < size; at++) /* the folio may have cut a bit */
			if (lt_search_fate(search.ranges.v->pages[at]) == LT_FATE_ALLOCATED &&
			    lt_search_fate(search.ranges.v->pages[at >> order << order]) !=
				    LT_FATE_ALLOCATED)
				search.ranges.v->pages[at] = LT_FATE_FREE;
		want = reference(&search);
		result = run(&search);
		nr_ok += want >= 0;
		nr_failed += want < 0;
		if (want < 0)
			assert_true(!result.nr_windows || result.last.verdict == LT_WINDOW_BUSY);
		else
			assert_end(result, result.nr_windows, LT_WINDOW_FITS, (uint64_t)want);
	}
	print_message("%u succeed, %u fail\n", nr_ok, nr_failed);
	assert_true(nr_ok > 1000 && nr_failed > 1000);
}

/* --- how long it takes --- */

/* The worst that there is: every window of half the area, page by page, fails at its last pin. */
static double seconds_for(uint64_t nr_pages)
{
	char *text = malloc(nr_pages + 1);
	double best = 1e9;

	assert_non_null(text);
	memset(text, 'm', nr_pages);
	text[nr_pages] = '\0';
	for (size_t i = 100; i < nr_pages; i += nr_pages / 4)
		text[i] = 'P';
	for (int i = 0; i < 5; i++) {
		struct lt_search search = search_of(0x100000, text, nr_pages / 2, 0);
		struct lt_search_result result;
		struct timespec from, to;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		search.memory.sure = lt_num(nr_pages * 4);
		assert_int_equal(lt_search_run(&search, &result), 0);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		assert_int_equal(result.nr_windows, nr_pages / 2 + 1);
		lt_vec_free(&result.windows);
		search_fini(&search);
		if ((double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9 <
		    best)
			best = (double)(to.tv_sec - from.tv_sec) +
			       (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	}
	free(text);
	return best;
}

static void the_time_is_linear_in_the_pages(void **state)
{
	(void)state;
	assert_linear_in_pages(seconds_for);
}

/* --- fates --- */

static enum lt_fate fate(uint64_t flags, uint32_t nr_pages, int32_t refcount, int32_t mapcount,
			 enum lt_search_kernel kernel)
{
	struct lt_folio folio = { .pfn = 0x1000,
				  .nr_pages = nr_pages,
				  .refcount = refcount,
				  .mapcount = mapcount,
				  .pins = refcount / LT_PIN_BIAS,
				  .flags = flags };

	if (nr_pages > 2) {
		folio.pins = 0;
		folio.flags |= LTPIN_PAGE_PINS_EXACT | LTPIN_PAGE_COMPOUND;
	}
	return lt_fate_of(&folio, kernel);
}

#define ANON (LTPIN_PAGE_ANON | LTPIN_PAGE_LRU | LTPIN_PAGE_SWAPBACKED | LTPIN_PAGE_ACTIVE)
#define CACHE (LTPIN_PAGE_FILE | LTPIN_PAGE_LRU | LTPIN_PAGE_REFERENCED)

static void pages_of_processes_move_unless_somebody_has_them(void **state)
{
	(void)state;
	assert_int_equal(fate(ANON, 1, 1, 1, LT_SEARCH_6_1), LT_FATE_MOVED);
	assert_int_equal(fate(ANON, 1, 2, 1, LT_SEARCH_6_1), LT_FATE_HELD);
	assert_int_equal(fate(ANON, 1, 1025, 1, LT_SEARCH_6_1), LT_FATE_PINNED);
	assert_int_equal(fate(ANON | LTPIN_PAGE_SWAPCACHE, 1, 2, 1, LT_SEARCH_6_1), LT_FATE_MOVED);
	assert_int_equal(fate(ANON | LTPIN_PAGE_SWAPCACHE, 1, 3, 1, LT_SEARCH_6_1), LT_FATE_HELD);
	assert_int_equal(fate(CACHE | LTPIN_PAGE_DIRTY, 1, 1, 0, LT_SEARCH_6_1), LT_FATE_MOVED);
	assert_int_equal(fate(CACHE, 1, 1, 0, LT_SEARCH_6_1), LT_FATE_RECLAIMED);
	assert_int_equal(fate(CACHE, 1, 2, 0, LT_SEARCH_6_1), LT_FATE_HELD);
}

/* The buffer of a superblock, which a mounted file system holds, shows in no count. */
static void pages_with_buffers_are_not_known(void **state)
{
	const uint64_t buffers = CACHE | LTPIN_PAGE_PRIVATE;

	(void)state;
	assert_int_equal(fate(buffers, 1, 2, 0, LT_SEARCH_6_1), LT_FATE_UNKNOWN);
	assert_int_equal(fate(buffers, 1, 2, 0, LT_SEARCH_5_10), LT_FATE_UNKNOWN);
	assert_int_equal(fate(buffers | LTPIN_PAGE_DIRTY, 1, 2, 0, LT_SEARCH_6_1), LT_FATE_UNKNOWN);
	assert_int_equal(fate(buffers, 1, 3, 0, LT_SEARCH_6_1), LT_FATE_HELD);
}

static void references_that_may_pass_are_not_certain(void **state)
{
	const uint64_t fresh = ANON & ~LTPIN_PAGE_LRU;

	(void)state;
	/* in a batch by its flags; the second one is somebody's */
	assert_int_equal(fate(fresh, 1, 2, 1, LT_SEARCH_6_1), LT_FATE_MOVED);
	assert_int_equal(fate(fresh, 1, 3, 1, LT_SEARCH_6_1), LT_FATE_HELD);
	/* mlock()'s batch, or a holder */
	assert_int_equal(fate(ANON | LTPIN_PAGE_MLOCKED, 1, 2, 1, LT_SEARCH_6_1), LT_FATE_UNKNOWN);
	assert_int_equal(fate(ANON | LTPIN_PAGE_MLOCKED, 1, 1, 1, LT_SEARCH_6_1), LT_FATE_MOVED);
	assert_int_equal(fate(ANON | LTPIN_PAGE_UNSTABLE, 1, 1, 1, LT_SEARCH_6_1), LT_FATE_UNKNOWN);
}

static void what_nobody_maps_stays(void **state)
{
	(void)state;
	assert_int_equal(fate(LTPIN_PAGE_BUDDY, 8, 0, 0, LT_SEARCH_6_1), LT_FATE_FREE);
	assert_int_equal(fate(0, 1, 0, 0, LT_SEARCH_6_1), LT_FATE_FREE);
	assert_int_equal(fate(0, 1, 1, 0, LT_SEARCH_6_1), LT_FATE_UNMOVABLE);
	assert_int_equal(fate(LTPIN_PAGE_SLAB, 1, 0, 0, LT_SEARCH_7_2), LT_FATE_UNMOVABLE);
	assert_int_equal(fate(LTPIN_PAGE_PGTABLE, 1, 1, 0, LT_SEARCH_6_1), LT_FATE_UNMOVABLE);
	assert_int_equal(fate(LTPIN_PAGE_MOVABLE_OPS, 1, 1, 0, LT_SEARCH_6_1), LT_FATE_MOVED);
}

static void huge_pages_depend_on_the_kernel(void **state)
{
	(void)state;
	assert_int_equal(fate(ANON, 512, 1, 1, LT_SEARCH_5_10), LT_FATE_MOVED);
	assert_int_equal(fate(ANON, 512, 512, 512, LT_SEARCH_5_10), LT_FATE_UNKNOWN);
	assert_int_equal(fate(ANON, 512, 512, 512, LT_SEARCH_6_1), LT_FATE_MOVED);
	assert_int_equal(fate(LTPIN_PAGE_HUGETLB, 512, 1, 1, LT_SEARCH_5_10), LT_FATE_UNMOVABLE);
	assert_int_equal(fate(LTPIN_PAGE_HUGETLB, 512, 1, 1, LT_SEARCH_6_1), LT_FATE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_clear_run_that_fits_is_taken),
		cmocka_unit_test(after_busy_the_next_alignment_is_tried),
		cmocka_unit_test(windows_are_aligned_by_pfn_not_by_bit),
		cmocka_unit_test(an_order_per_bit_makes_windows_whole_bits),
		cmocka_unit_test(a_pin_beside_the_window_does_not_matter),
		cmocka_unit_test(all_windows_may_be_busy),
		cmocka_unit_test(no_window_at_all),
		cmocka_unit_test(a_window_cannot_begin_inside_a_folio),
		cmocka_unit_test(ranges_are_searched_in_their_order),
		cmocka_unit_test(without_memory_the_search_ends),
		cmocka_unit_test(free_pages_in_isolated_blocks_take_nothing),
		cmocka_unit_test(between_least_and_most_memory_nothing_is_certain),
		cmocka_unit_test(an_unknown_page_is_no_success),
		cmocka_unit_test(random_areas_end_as_the_kernel_would),
		cmocka_unit_test(the_time_is_linear_in_the_pages),
		cmocka_unit_test(pages_of_processes_move_unless_somebody_has_them),
		cmocka_unit_test(pages_with_buffers_are_not_known),
		cmocka_unit_test(references_that_may_pass_are_not_certain),
		cmocka_unit_test(what_nobody_maps_stays),
		cmocka_unit_test(huge_pages_depend_on_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
