// SPDX-License-Identifier: GPL-2.0-or-later
/* The ranges that a request could get, counted by what became of them. */
#include "judge.h"

#include <errno.h>

#include "analyse/window_count.h"
#include "base/array_size.h"

#define BASE 0x10000

/* An attempt whose search is on record; ranges begin @starts pages into the area. */
static struct lt_attempt *add_search(struct lt_snapshot *snap, uint64_t nr_pages, int err,
				     const uint64_t *starts, size_t nr)
{
	struct lt_attempt *attempt = add_failure(snap, nr_pages, err);

	attempt->source = LT_ATTEMPT_TRACE;
	attempt->area_name = "reserved";
	attempt->align = lt_num(8);
	attempt->failed = err;
	attempt->has_all_tries = true;
	for (size_t i = 0; i < nr; i++) {
		struct lt_try *tried = lt_vec_push(&attempt->tries);

		tried->pfns = (struct lt_range){ BASE + starts[i], BASE + starts[i] + nr_pages };
		tried->ok = !err && i + 1 == nr;
	}
	return attempt;
}

static struct lt_window_count counted(const struct lt_snapshot *snap)
{
	struct lt_window_count count;

	lt_window_count_make(snap, &snap->attempts.v[0], &count);
	return count;
}

static struct lt_snapshot *placed_world(void)
{
	struct lt_snapshot *snap = world();

	snap->areas.v[0].order_per_bit = lt_num(0);
	return snap;
}

static bool is(struct lt_num num, int val)
{
	return num.known == (val >= 0) && (val < 0 || num.val == (uint64_t)val);
}

/* The area has 16384 pages: 8192 aligned to 256 can be had at 33 places, 16384 at one. */
static void each_range_is_counted_once(void **state)
{
	static const struct {
		uint64_t nr_pages;
		int err;
		uint64_t starts[4];
		size_t nr;
		int given_out, passed, blocked, not_tried;
	} rows[] = {
		{ 8192, EBUSY, { 0, 256, 8192 }, 3, 30, 0, 3, 0 },
		{ 8192, 0, { 0, 512 }, 2, 1, 1, 1, 30 },
		{ 8192, 0, { 8192 }, 1, 32, 1, 0, 0 },
		{ 8192, ENOMEM, { 0, 256 }, 2, 0, 0, 1, 31 }, /* the last one lacked memory */
		{ 8192, EINTR, { 0 }, 1, 0, 0, 0, 32 },
		{ 8192, ENOMEM, { 0 }, 0, 33, 0, 0, 0 },
		{ 8192, EBUSY, { 0, 256, 300 }, 3, -1, 0, 3, -1 }, /* no place to be aligned to */
		{ 8192, EBUSY, { 256, 0 }, 2, -1, 0, 2, -1 },	   /* backwards */
		{ 8192, EBUSY, { 256, 256 }, 2, -1, 0, 2, -1 },
		{ 8192, EBUSY, { 16384 }, 1, -1, 0, 1, -1 }, /* outside */
		{ 16384, EBUSY, { 0 }, 1, 0, 0, 1, 0 },
		{ 16640, EBUSY, { 0 }, 0, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lt_snapshot *snap = placed_world();
		struct lt_window_count count;

		add_search(snap, rows[i].nr_pages, rows[i].err, rows[i].starts, rows[i].nr);
		count = counted(snap);
		if (!is(count.given_out, rows[i].given_out) || !is(count.passed, rows[i].passed) ||
		    !is(count.blocked, rows[i].blocked) || !is(count.not_tried, rows[i].not_tried))
			fail_msg("row %zu: %llu %llu %llu %llu", i,
				 (unsigned long long)count.given_out.val,
				 (unsigned long long)count.passed.val,
				 (unsigned long long)count.blocked.val,
				 (unsigned long long)count.not_tried.val);
		done(snap, NULL);
	}
}

static void without_alignment_each_bit_is_a_place(void **state)
{
	static const uint64_t starts[] = { 4 };
	struct lt_snapshot *snap = placed_world();
	struct lt_attempt *attempt = add_search(snap, 16384 - 7, EBUSY, starts, 1);

	(void)state;
	attempt->align = lt_num(0);
	assert_true(is(counted(snap).given_out, 7));
	snap->areas.v[0].order_per_bit = lt_num(2);
	assert_true(is(counted(snap).given_out, 1)); /* it takes 16380 pages, at 0 or 4 */
	done(snap, NULL);
}

static void ranges_of_an_area_follow_each_other(void **state)
{
	static const uint64_t starts[] = { 0, 0x8000 };
	struct lt_snapshot *snap = placed_world();

	(void)state;
	((struct lt_area_range *)lt_vec_push(&snap->areas.v[0].ranges))->pfns =
		(struct lt_range){ BASE + 0x8000, BASE + 0xa000 };
	add_search(snap, 8192, EBUSY, starts, 2);
	assert_true(is(counted(snap).given_out, 32));
	snap->attempts.v[0].tries.v[1].pfns.start_pfn += 256; /* then it ends outside */
	snap->attempts.v[0].tries.v[1].pfns.end_pfn += 256;
	assert_true(is(counted(snap).given_out, -1));
	done(snap, NULL);
}

/* Nothing is concluded from what may be missing. */
static void what_is_not_known_is_not_counted(void **state)
{
	static const uint64_t starts[] = { 0 };
	struct lt_snapshot *snap = placed_world();
	struct lt_attempt *attempt = add_search(snap, 8192, EBUSY, starts, 1);
	struct lt_window_count count;

	(void)state;
	attempt->has_all_tries = false;
	count = counted(snap);
	assert_false(count.blocked.known || count.passed.known || count.given_out.known);
	attempt->has_all_tries = true;
	attempt->area_name = NULL; /* 5.10 is silent of a range that could not be isolated */
	assert_true(is(counted(snap).blocked, 1) && is(counted(snap).given_out, -1));
	attempt->area_name = "reserved";
	attempt->align.known = false;
	assert_true(is(counted(snap).blocked, 1) && is(counted(snap).given_out, -1));
	attempt->align = lt_num(8);
	attempt->area = LT_NO_AREA;
	assert_true(is(counted(snap).blocked, 1) && is(counted(snap).not_tried, -1));
	lt_window_count_make(NULL, attempt, &count);
	assert_true(is(count.blocked, 1) && is(count.given_out, -1));
	attempt->is_open = true;
	assert_true(is(counted(snap).blocked, -1));
	done(snap, NULL);
}

/* Without a range, -ENOMEM says that all were given out only where it does not mean memory. */
static void newer_kernels_mean_memory(void **state)
{
	struct lt_snapshot *snap = placed_world();

	(void)state;
	add_search(snap, 8192, ENOMEM, NULL, 0);
	assert_true(is(counted(snap).given_out, 33));
	snap->areas.v[0].has_ranges_dir = true;
	assert_true(is(counted(snap).given_out, -1));
	done(snap, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_range_is_counted_once),
		cmocka_unit_test(without_alignment_each_bit_is_a_place),
		cmocka_unit_test(ranges_of_an_area_follow_each_other),
		cmocka_unit_test(what_is_not_known_is_not_counted),
		cmocka_unit_test(newer_kernels_mean_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
