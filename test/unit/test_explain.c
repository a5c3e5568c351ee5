// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/analyse/explain.c. */
#include "test.h"

#include <errno.h>
#include <time.h>

#include "analyse/explain.h"
#include "uapi/ltpin_netlink.h"

#define BASE 0x10000
#define NR_PAGES 4096

/* A snapshot of one area in which all is free, until pages are put there. */
static struct lt_snapshot *area_new(uint64_t nr_pages)
{
	struct lt_snapshot *snap = calloc(1, sizeof(*snap));
	struct lt_area_range *range;
	struct lt_area *area;
	struct lt_source_state *source;
	struct lt_zone *zone;

	assert_non_null(snap);
	snap->strings = lt_strings_new();
	snap->kernel.page_size = lt_num(4096);
	snap->kernel.pageblock_order = lt_num(9);
	snap->memory.cma_alloc_success = lt_num(0);
	area = lt_vec_push(&snap->areas);
	area->name = "camera";
	area->source = "cma-debugfs";
	area->nr_pages = lt_num(nr_pages);
	area->order_per_bit = lt_num(0);
	range = lt_vec_push(&area->ranges);
	range->pfns = (struct lt_range){ BASE, BASE + nr_pages };
	range->bitmap.words = calloc(nr_pages / 32, 4);
	range->bitmap.nr_bits = nr_pages;
	source = lt_vec_push(&snap->sources);
	source->name = "module";
	source->has_page_states = true;
	source->status = LT_STATUS_OK;
	zone = lt_vec_push(&snap->zones);
	zone->name = "DMA32";
	zone->start_pfn = lt_num(0);
	zone->nr_spanned = lt_num(BASE * 100);
	zone->nr_free = lt_num(1000000);
	zone->watermark.low = lt_num(1000);
	zone->nr_protected = lt_num(0);
	return snap;
}

static void area_free(struct lt_snapshot *snap)
{
	lt_areas_free(&snap->areas);
	lt_zones_free(&snap->zones);
	lt_pins_free(&snap->pins);
	lt_vec_free(&snap->folios);
	lt_vec_free(&snap->sources);
	lt_strings_free(snap->strings);
	free(snap);
}

static void put_folio(struct lt_snapshot *snap, struct lt_folio folio)
{
	struct lt_folio *slot = lt_vec_push(&snap->folios);

	assert_non_null(slot);
	*slot = folio;
}

/* Free pages up to, not including, @end. */
static void put_free(struct lt_snapshot *snap, uint64_t end)
{
	const struct lt_folios *folios = &snap->folios;
	uint64_t pfn = folios->nr
			       ? folios->v[folios->nr - 1].pfn + folios->v[folios->nr - 1].nr_pages
			       : BASE;

	if (pfn < end)
		put_folio(snap, (struct lt_folio){ .pfn = pfn,
						   .nr_pages = (uint32_t)(end - pfn),
						   .flags = LTPIN_PAGE_BUDDY });
}

/* A page that process @pid maps and somebody pins; 0: that nobody maps. */
static void put_pin(struct lt_snapshot *snap, uint64_t pfn, int pid, const char *comm)
{
	struct lt_pin *pin;

	put_free(snap, pfn);
	put_folio(snap, (struct lt_folio){ .pfn = pfn,
					   .nr_pages = 1,
					   .refcount = 1025,
					   .mapcount = 1,
					   .pins = 1,
					   .flags = LTPIN_PAGE_ANON | LTPIN_PAGE_LRU |
						    LTPIN_PAGE_SWAPBACKED | LTPIN_PAGE_ACTIVE });
	pin = lt_vec_push(&snap->pins);
	pin->pfn = pfn;
	pin->nr_pages = 1;
	pin->kind = LT_PIN_PINNED;
	if (pid) {
		struct lt_mapper *mapper = lt_vec_push(&pin->mapped_by);

		mapper->pid = pid;
		mapper->comm = comm;
	}
}

static struct lt_explain *explain(struct lt_snapshot *snap, uint64_t nr_pages, struct lt_num align)
{
	struct lt_explain_request request = { .nr_pages = nr_pages, .align = align };
	const struct lt_range *range = &snap->areas.v[0].ranges.v[0].pfns;
	struct lt_explain *out;

	if (lt_snapshot_has_page_states(snap))
		put_free(snap, range->end_pfn);
	assert_int_equal(lt_explain_make(snap, &request, &out), 0);
	return out;
}

static const struct lt_num as_dma = { 0 };

static void the_one_whose_release_gains_most_comes_first(void **state)
{
	struct lt_snapshot *snap = area_new(NR_PAGES);
	const char *camera = "camera-hal", *modem = "modem";
	struct lt_explain *out;

	(void)state;
	put_pin(snap, BASE + 100, 812, camera);
	put_pin(snap, BASE + 2048, 44, modem);
	put_pin(snap, BASE + 2049, 44, modem);
	put_pin(snap, BASE + 4000, 812, camera);
	out = explain(snap, 3072, as_dma);
	assert_int_equal(out->prediction, LT_PREDICT_FAILURE);
	assert_int_equal(out->reason, LT_REASON_BLOCKED);
	assert_num(out->err, EBUSY);
	assert_int_equal(out->search.align, 8);
	assert_int_equal(out->result.nr_windows, 5);
	/* 256..2047, and 2304..3999 */
	assert_num(out->largest, 2048 - 256);
	assert_int_equal(out->owners.nr, 2);
	assert_string_equal(out->owners.v[0].comm, modem);
	assert_int_equal(out->owners.v[0].nr_pages, 2);
	assert_int_equal(out->owners.v[0].largest, 4000 - 256);
	assert_true(out->owners.v[0].would_succeed);
	assert_false(out->owners.v[1].would_succeed);
	assert_int_equal(out->owners.v[1].largest, 2048);
	assert_string_equal(
		out->headline,
		"cma_alloc of 3072 pages (12 MiB) in \"camera\", aligned to 256 pages (1 "
		"MiB), would fail with -EBUSY: each of the 5 windows for it has a page "
		"that stays; releasing the 2 pages mapped by modem[44] raises the "
		"largest allocation from 1792 pages (7 MiB) to 3744 pages (14.6 MiB), "
		"and this one would succeed.");
	lt_explain_free(out);
	/* which does not depend on what was asked for */
	out = explain(snap, 16, as_dma);
	assert_int_equal(out->search.align, 4);
	assert_num(out->largest, 2048 - 256);
	lt_explain_free(out);
	area_free(snap);
}

/* Windows of 1024 pages, 256 apart: the first has the pin at 100, four have that at 2048. */
static void the_room_is_what_has_no_page_that_stays(void **state)
{
	struct lt_snapshot *snap = area_new(NR_PAGES);
	struct lt_pfns blocking = { 0 };
	struct lt_explain *out;
	struct lt_room room;

	(void)state;
	put_pin(snap, BASE + 100, 812, "camera-hal");
	put_pin(snap, BASE + 2048, 44, "modem");
	out = explain(snap, 1024, as_dma);
	room = lt_explain_room(out);
	assert_num(room.nr_windows, 13);
	assert_num(room.nr_free, 8);
	assert_num(room.nr_blocking, 2);
	assert_string_equal(room.prediction, "success");
	assert_int_equal(lt_explain_blocking(out, &blocking), 0);
	assert_int_equal(blocking.nr, 2);
	assert_int_equal(blocking.v[0], BASE + 100);
	assert_int_equal(blocking.v[1], BASE + 2048);
	lt_vec_free(&blocking);
	lt_explain_free(out);
	out = explain(snap, NR_PAGES + 1, as_dma);
	assert_num(lt_explain_room(out).nr_windows, 0);
	lt_explain_free(out);
	area_free(snap);
	snap = area_new(NR_PAGES);
	lt_vec_free(&snap->sources);
	out = explain(snap, 1024, as_dma);
	assert_num(lt_explain_room(out).nr_windows, 13);
	assert_unknown(lt_explain_room(out).nr_free);
	assert_unknown(lt_explain_room(out).nr_blocking);
	lt_explain_free(out);
	area_free(snap);
}

static void the_cheapest_window_has_fewest_owners_then_pages(void **state)
{
	struct lt_snapshot *snap = area_new(2048);
	struct lt_explain *out;

	(void)state;
	put_pin(snap, BASE + 10, 1, "a");
	put_pin(snap, BASE + 20, 2, "b");
	put_pin(snap, BASE + 1100, 3, "c");
	put_pin(snap, BASE + 1101, 3, "c");
	out = explain(snap, 1024, lt_num(10));
	assert_int_equal(out->result.nr_windows, 2);
	assert_true(out->cheapest.is_known);
	assert_int_equal(out->cheapest.pfns.start_pfn, BASE + 1024);
	assert_int_equal(out->cheapest.nr_owners, 1);
	assert_int_equal(out->cheapest.nr_folios, 2);
	lt_explain_free(out);
	area_free(snap);
}

static void the_area_would_have_to_be_so_large(void **state)
{
	struct lt_snapshot *snap = area_new(2048);
	struct lt_explain *out;

	(void)state;
	put_pin(snap, BASE + 1030, 1, "a");
	out = explain(snap, 1024, lt_num(10));
	/* the windows at 0 and 1024: only the second has the pin */
	assert_int_equal(out->prediction, LT_PREDICT_SUCCESS);
	assert_num(out->pfn, BASE);
	assert_unknown(out->enough_pages);
	lt_explain_free(out);
	out = explain(snap, 2048, as_dma);
	assert_int_equal(out->prediction, LT_PREDICT_FAILURE);
	/* 1280 is the first start behind the pin */
	assert_num(out->enough_pages, 1280 + 2048 + 256);
	lt_explain_free(out);
	area_free(snap);
}

static void given_out_pages_are_no_window(void **state)
{
	struct lt_snapshot *snap = area_new(2048);
	uint32_t *words = snap->areas.v[0].ranges.v[0].bitmap.words;
	struct lt_explain *out;

	(void)state;
	words[1024 / 32] = 1;
	out = explain(snap, 1500, as_dma);
	assert_int_equal(out->reason, LT_REASON_NO_FREE_RUN);
	assert_num(out->err, ENOMEM);
	assert_int_equal(out->result.nr_windows, 0);
	assert_false(out->cheapest.is_known);
	lt_explain_free(out);
	/* 7.2 calls that -EBUSY, and nothing tells it from 6.1 without debugfs */
	snap->areas.v[0].has_ranges_dir = true;
	out = explain(snap, 1500, as_dma);
	assert_num(out->err, EBUSY);
	lt_explain_free(out);
	snap->areas.v[0].has_ranges_dir = false;
	snap->areas.v[0].source = "klog";
	out = explain(snap, 1500, as_dma);
	assert_int_equal(out->prediction, LT_PREDICT_FAILURE);
	assert_unknown(out->err);
	lt_explain_free(out);
	out = explain(snap, 4000, as_dma);
	assert_int_equal(out->reason, LT_REASON_TOO_LARGE);
	lt_explain_free(out);
	area_free(snap);
}

static void without_page_states_no_success_is_predicted(void **state)
{
	struct lt_snapshot *snap = area_new(NR_PAGES);
	struct lt_explain *out;

	(void)state;
	snap->sources.v[0].status = LT_STATUS_ABSENT;
	out = explain(snap, 16, as_dma);
	assert_int_equal(out->prediction, LT_PREDICT_UNKNOWN);
	assert_int_equal(out->reason, LT_REASON_NO_PAGE_STATES);
	assert_unknown(out->pfn);
	assert_unknown(out->largest);
	assert_int_equal(out->search.align, 4);
	lt_explain_free(out);
	/* the bitmap alone proves a failure */
	memset(snap->areas.v[0].ranges.v[0].bitmap.words, 0xff, NR_PAGES / 8);
	out = explain(snap, 16, as_dma);
	assert_int_equal(out->prediction, LT_PREDICT_FAILURE);
	lt_explain_free(out);
	area_free(snap);
}

static struct lt_zone *put_zone(struct lt_snapshot *snap, unsigned int node, const char *name)
{
	struct lt_zone *zone = lt_vec_push(&snap->zones);

	assert_non_null(zone);
	zone->node = node;
	zone->name = name;
	zone->nr_free = lt_num(2000);
	zone->nr_managed = lt_num(10000);
	zone->nr_protected = lt_num(0);
	zone->watermark.min = lt_num(160);
	zone->watermark.low = lt_num(200);
	return zone;
}

/* What the area's zone and "Normal" give at once; zones of another node and higher ones not. */
static void what_is_kept_back_is_not_memory_to_move_to(void **state)
{
	struct lt_snapshot *snap = area_new(NR_PAGES);
	struct lt_zone *zone = &snap->zones.v[0];
	struct lt_migratetype *type;
	struct lt_explain *out;

	(void)state;
	zone->nr_free = lt_num(5000);
	zone->watermark.min = lt_num(800);
	zone->nr_protected = lt_num(300);
	type = lt_vec_push(&zone->types);
	type->name = "HighAtomic";
	type->nr_pageblocks = lt_num(1);
	put_zone(snap, 0, "Normal");
	put_zone(snap, 0, "Movable");
	put_zone(snap, 1, "Normal");
	out = explain(snap, 16, as_dma);
	/* nobody told of "Normal" how much of it is HighAtomic: 1% at most */
	assert_num(out->search.memory.sure, 5000 - 1000 - 300 - 512 + 2000 - 200 - 100);
	assert_unknown(out->search.memory.most);
	lt_explain_free(out);

	snap->memory.active_file_kib = lt_num(40);
	snap->memory.inactive_file_kib = lt_num(0);
	snap->memory.slab_reclaimable_kib = lt_num(0);
	snap->memory.swap_free_kib = lt_num(400);
	snap->zones.v[0].nr_protected.known = false;
	out = explain(snap, 16, as_dma);
	assert_num(out->search.memory.sure, 2000 - 200 - 100);
	assert_num(out->search.memory.most, 5000 - 400 + 3 * (2000 - 80) + 110);
	lt_explain_free(out);
	area_free(snap);
}

static void nonsense_is_refused(void **state)
{
	struct lt_snapshot *snap = area_new(NR_PAGES);
	struct lt_explain_request request = { .nr_pages = 0 };
	struct lt_explain *out;

	(void)state;
	assert_int_equal(lt_explain_make(snap, &request, &out), -EINVAL);
	request = (struct lt_explain_request){ .nr_pages = 1, .align = lt_num(63) };
	assert_int_equal(lt_explain_make(snap, &request, &out), -EINVAL);
	request = (struct lt_explain_request){ .nr_pages = 1, .area = 1 };
	assert_int_equal(lt_explain_make(snap, &request, &out), -EINVAL);
	request = (struct lt_explain_request){ .nr_pages = 1 };
	snap->areas.v[0].ranges.v[0].pfns.end_pfn = UINT64_MAX;
	assert_int_equal(lt_explain_make(snap, &request, &out), -EINVAL);
	area_free(snap);
}

/* Every 64th page pinned, each by one of 100 processes; the request fails everywhere. */
static double seconds_for(uint64_t nr_pages)
{
	struct lt_snapshot *snap = area_new(nr_pages);
	struct timespec from, to;
	double best = 1e9;

	for (uint64_t pfn = BASE + 63; pfn < BASE + nr_pages; pfn += 64)
		put_pin(snap, pfn, (int)(pfn / 64 % 100) + 1, "many");
	for (int i = 0; i < 3; i++) {
		struct lt_explain *out;
		double seconds;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		out = explain(snap, 4096, lt_num(0));
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		assert_int_equal(out->reason, LT_REASON_BLOCKED);
		assert_int_equal(out->owners.nr, 100);
		lt_explain_free(out);
		seconds = (double)(to.tv_sec - from.tv_sec) +
			  (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		if (seconds < best)
			best = seconds;
	}
	area_free(snap);
	return best;
}

static void the_time_is_linear_in_the_pages(void **state)
{
	(void)state;
	assert_linear_in_pages(seconds_for);
}

static bool has_basis(const struct lt_explain *out, const char *words)
{
	lt_vec_each(sentence, &out->basis)
		if (strstr(*sentence, words))
			return true;
	return false;
}

/* Driver pages and the kernel's own look alike where no bitmap tells them apart. */
static void without_a_bitmap_there_are_two_errors(void **state)
{
	struct lt_snapshot *snap = area_new(NR_PAGES);
	struct lt_area_range *range = &snap->areas.v[0].ranges.v[0];
	struct lt_explain *out;

	(void)state;
	put_folio(snap, (struct lt_folio){ .pfn = BASE, .nr_pages = 64, .refcount = 1 });
	out = explain(snap, NR_PAGES, as_dma);
	assert_int_equal(out->err.val, EBUSY);
	lt_explain_free(out);
	free(range->bitmap.words);
	range->bitmap.words = NULL;
	out = explain(snap, NR_PAGES, as_dma);
	assert_int_equal(out->prediction, LT_PREDICT_FAILURE);
	assert_false(out->err.known);
	assert_non_null(strstr(out->headline, "would fail with -ENOMEM if devices have the pages "
					      "that stay, else with -EBUSY"));
	lt_explain_free(out);
	/* A pinned page alone is no device's: that window is tried. */
	snap->folios.nr = 0;
	put_pin(snap, BASE + 100, 812, "camera-hal");
	out = explain(snap, NR_PAGES, as_dma);
	assert_int_equal(out->err.val, EBUSY);
	lt_explain_free(out);
	area_free(snap);
}

/* What counts do not tell is said only where there is such a page. */
static void buffers_are_said_to_be_unknown(void **state)
{
	struct lt_snapshot *snap = area_new(NR_PAGES);
	struct lt_explain *out = explain(snap, NR_PAGES, as_dma);

	(void)state;
	assert_false(has_basis(out, "Not known: whether"));
	lt_explain_free(out);
	snap->folios.nr = 0;
	put_folio(snap, (struct lt_folio){ .pfn = BASE,
					   .nr_pages = 1,
					   .refcount = 2,
					   .flags = LTPIN_PAGE_FILE | LTPIN_PAGE_PRIVATE |
						    LTPIN_PAGE_LRU });
	out = explain(snap, NR_PAGES, as_dma);
	assert_int_equal(out->prediction, LT_PREDICT_UNKNOWN);
	assert_true(has_basis(out, "Not known: whether 1 page (4 KiB) of files have no held "
				   "buffers (buffer heads)"));
	assert_false(has_basis(out, "hugetlb"));
	lt_explain_free(out);
	area_free(snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_one_whose_release_gains_most_comes_first),
		cmocka_unit_test(the_room_is_what_has_no_page_that_stays),
		cmocka_unit_test(the_cheapest_window_has_fewest_owners_then_pages),
		cmocka_unit_test(the_area_would_have_to_be_so_large),
		cmocka_unit_test(given_out_pages_are_no_window),
		cmocka_unit_test(without_page_states_no_success_is_predicted),
		cmocka_unit_test(what_is_kept_back_is_not_memory_to_move_to),
		cmocka_unit_test(without_a_bitmap_there_are_two_errors),
		cmocka_unit_test(buffers_are_said_to_be_unknown),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(the_time_is_linear_in_the_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
