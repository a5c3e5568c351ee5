// SPDX-License-Identifier: GPL-2.0-or-later
/* What samples of a blocking page prove: held, passing, or nothing. */
#include "test.h"

#include "model/blocker.h"
#include "uapi/ltpin_netlink.h"

#define LRU_ANON (LTPIN_PAGE_ANON | LTPIN_PAGE_LRU | LTPIN_PAGE_REFERENCED | LTPIN_PAGE_SWAPBACKED)

static const struct lt_folio pinned = { 100, 1, 1025, 1, 1, LRU_ANON };
static const struct lt_folio referenced = { 100, 1, 2, 1, 0, LRU_ANON };
static const struct lt_folio mapped = { 100, 1, 1, 1, 0, LRU_ANON };
static const struct lt_folio in_batch = { 100, 1, 2, 1, 0, LTPIN_PAGE_ANON | LTPIN_PAGE_SWAPBACKED };
static const struct lt_folio is_free = { 64, 64, 0, 0, 0, LTPIN_PAGE_BUDDY };
static const struct lt_folio on_pcplist = { 100, 1, 0, 0, 0, 0 };
static const struct lt_folio unstable = { 100, 1, 1, 1, 0, LRU_ANON | LTPIN_PAGE_UNSTABLE };
static const struct lt_folio written = {
	100, 1, 2, 0, 0, LTPIN_PAGE_FILE | LTPIN_PAGE_LRU | LTPIN_PAGE_WRITEBACK,
};
static const struct lt_folio clean_file = { 100, 1, 1, 0, 0, LTPIN_PAGE_FILE | LTPIN_PAGE_LRU };
static const struct lt_folio superblock = {
	100, 1, 2, 0, 0, LTPIN_PAGE_FILE | LTPIN_PAGE_LRU | LTPIN_PAGE_PRIVATE,
};
static const struct lt_folio swapcache = { 100, 1, 2, 1, 0, LRU_ANON | LTPIN_PAGE_SWAPCACHE };
static const struct lt_folio of_driver = { 100, 1, 1, 0, 0, 0 };
static const struct lt_folio slab = { 100, 1, 1, 0, 0, LTPIN_PAGE_SLAB };

/* What the samples, with NULL at the end, prove; an instant one stands before them. */
static enum lt_blocker_fate judge(const struct lt_folio *instant,
				  const struct lt_folio *const *folios)
{
	struct lt_blockers blockers = { 0 };
	struct lt_blocker *blocker = lt_vec_push(&blockers);
	enum lt_blocker_fate fate;

	assert_non_null(blocker);
	for (uint64_t ns = 0; *folios; folios++, ns += 20000000) {
		struct lt_blocker_sample sample = { .after_ns = lt_num(ns), .folio = **folios };

		assert_int_equal(lt_blocker_add_sample(blocker, &sample), 0);
	}
	if (instant)
		assert_int_equal(lt_blocker_set_instant(blocker, instant), 0);
	lt_blocker_evaluate(blocker);
	fate = blocker->fate;
	lt_blockers_free(&blockers);
	return fate;
}

#define JUDGE(instant, ...) judge(instant, (const struct lt_folio *const[]){ __VA_ARGS__, NULL })

static void test_held(void **state)
{
	(void)state;
	assert_int_equal(JUDGE(NULL, &pinned, &pinned), LT_BLOCKER_HELD);
	assert_int_equal(JUDGE(NULL, &referenced, &referenced, &referenced), LT_BLOCKER_HELD);
	assert_int_equal(JUDGE(NULL, &slab, &slab), LT_BLOCKER_HELD);
	assert_int_equal(JUDGE(&pinned, &pinned), LT_BLOCKER_HELD);
	assert_int_equal(JUDGE(NULL, &unstable, &pinned), LT_BLOCKER_HELD);
}

/* Once is not enough to tell a holder from one that passes. */
static void test_one_look(void **state)
{
	(void)state;
	assert_int_equal(JUDGE(NULL, &pinned), LT_BLOCKER_UNKNOWN);
	assert_int_equal(JUDGE(NULL, &referenced), LT_BLOCKER_UNKNOWN);
	assert_int_equal(judge(&pinned, (const struct lt_folio *const[]){ NULL }),
			 LT_BLOCKER_UNKNOWN);
}

static void test_passed(void **state)
{
	(void)state;
	assert_int_equal(JUDGE(NULL, &referenced, &mapped), LT_BLOCKER_PASSED);
	assert_int_equal(JUDGE(NULL, &pinned, &pinned, &is_free), LT_BLOCKER_PASSED);
	assert_int_equal(JUDGE(NULL, &on_pcplist), LT_BLOCKER_PASSED);
	assert_int_equal(JUDGE(&referenced, &mapped), LT_BLOCKER_PASSED);
	assert_int_equal(JUDGE(NULL, &written, &written, &clean_file), LT_BLOCKER_PASSED);
	assert_int_equal(JUDGE(NULL, &in_batch), LT_BLOCKER_PASSED);
}

/* A page that was free in between belongs to another afterwards. */
static void test_passed_in_between(void **state)
{
	(void)state;
	assert_int_equal(JUDGE(NULL, &pinned, &is_free, &of_driver), LT_BLOCKER_PASSED);
	assert_int_equal(JUDGE(NULL, &pinned, &is_free, &pinned), LT_BLOCKER_PASSED);
}

/* Whatever the counts say in the instant, the page was in the way. */
static void test_clear_instant(void **state)
{
	(void)state;
	assert_int_equal(JUDGE(&mapped, &pinned), LT_BLOCKER_HELD);
	assert_int_equal(judge(&mapped, (const struct lt_folio *const[]){ NULL }),
			 LT_BLOCKER_UNKNOWN);
}

static void test_not_known(void **state)
{
	(void)state;
	assert_int_equal(JUDGE(NULL, &written, &written), LT_BLOCKER_UNKNOWN);
	assert_int_equal(JUDGE(NULL, &swapcache, &swapcache), LT_BLOCKER_UNKNOWN);
	assert_int_equal(JUDGE(NULL, &superblock, &superblock), LT_BLOCKER_UNKNOWN);
	assert_int_equal(JUDGE(NULL, &unstable, &unstable), LT_BLOCKER_UNKNOWN);
	assert_int_equal(JUDGE(NULL, &of_driver, &of_driver), LT_BLOCKER_UNKNOWN);
}

/* The first sample in time tells the counts, whenever it arrives. */
static void test_page_is_of_first_sample(void **state)
{
	struct lt_blocker_sample later = { .after_ns = lt_num(3000000), .folio = mapped };
	struct lt_blocker blocker = { .pfn = 100 };

	(void)state;
	assert_int_equal(lt_blocker_add_sample(&blocker, &later), 0);
	assert_int_equal(blocker.page.kind, LT_PIN_UNKNOWN);
	assert_int_equal(lt_blocker_set_instant(&blocker, &pinned), 0);
	assert_true(blocker.samples.v[0].is_instant);
	assert_int_equal(blocker.page.kind, LT_PIN_PINNED);
	assert_int_equal(blocker.page.pins.val, 1);
	assert_int_equal(lt_blocker_set_instant(&blocker, &referenced), 0);
	assert_int_equal(blocker.page.kind, LT_PIN_EXTRA_REF);
	assert_int_equal(blocker.samples.nr, 2);
	assert_false(blocker.samples.v[1].is_instant);
	lt_vec_free(&blocker.samples);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_one_look),
		cmocka_unit_test(test_passed),
		cmocka_unit_test(test_passed_in_between),
		cmocka_unit_test(test_clear_instant),
		cmocka_unit_test(test_not_known),
		cmocka_unit_test(test_page_is_of_first_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
